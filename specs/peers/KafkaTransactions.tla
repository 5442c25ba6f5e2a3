-------------------------- MODULE KafkaTransactions --------------------------
(***************************************************************************)
(* Consume-transform-produce with Kafka transactions: a process, its       *)
(* transaction coordinator, and the one partition that it writes to. The   *)
(* module says the same as the actions of kcheck's package model that      *)
(* begin with Process, Output, Transaction and Coordinator, where          *)
(* transactional.id is stable, offsets go with the transaction and the     *)
(* group's metadata with them, the loop rewinds after an abort, and the    *)
(* output partition is a single broker that does not fail.                 *)
(*                                                                         *)
(* It was written from their documentation, not from their code, so that   *)
(* equal numbers of distinct states mean something. Faults are counted in  *)
(* a variable, as kcheck counts a state once for each multiset of faults.  *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
    Version,       \* transaction.version that client and brokers agree on
    Verify,        \* transaction.partition.verification.enable
    Strict,        \* a marker needs a newer epoch than what it ends (KIP-1228)
    Messages,      \* records of the input topic
    MaxDelay, MaxException, MaxCrash, MaxRebalance, MaxTimeout

VARIABLES
    log,           \* the output partition: records [kind, msg, n]
    txn,           \* the transactional.id at the coordinator
    proc,          \* the owner of the input partition, and one that lost it
    committed,     \* the group's committed offset
    next,          \* the next number; a number stands for an attempt
    epochs,        \* before version 2: the numbers that begin an epoch
    void,          \* attempts that were aborted and have left something
    lateOutput,    \* produce requests that are late: two places
    lateEnd,       \* EndTxn requests that are late: two places
    lateMarker,    \* a WriteTxnMarkers request that is late: one place
    lateOffsets,   \* a TxnOffsetCommit request that is late: one place
    used           \* how often each fault has occurred

Late == <<lateOutput, lateEnd, lateMarker, lateOffsets>>

vars == <<log, txn, proc, committed, next, epochs, void, lateOutput, lateEnd,
          lateMarker, lateOffsets, used>>

Unfetched == 7     \* a position that is yet to be fetched

Slots == {"owner", "old"}
Gone == [stage |-> "gone", pos |-> 0, from |-> 0, size |-> 0, sent |-> 0,
         offsets |-> FALSE, n |-> 0]
Emptied(p) == [Gone EXCEPT !.stage = p.stage, !.pos = p.pos, !.n = p.n]

Transaction(state, output, offsets, pending, at) ==
    [state |-> state, output |-> output, offsets |-> offsets,
     pending |-> pending, at |-> at]

Preparing(t) == t.state \in {"PrepareCommit", "PrepareAbort"}

\* Offsets that wait for a transaction, although none that is open has sent them.
Waiting(t) == IF t.offsets THEN 0 ELSE t.pending

\* A late marker, and late offsets, can make a difference.
MarkersCount == MaxDelay > 0 /\ ~(Version >= 2 /\ Strict)
OffsetsCount == MaxDelay > 0 /\ Version < 2

Init ==
    /\ log = <<>>
    /\ txn = Transaction("Empty", FALSE, FALSE, 0, 0)
    /\ proc = [s \in Slots |-> IF s = "owner" THEN [Gone EXCEPT !.stage = "idle"]
                                             ELSE Gone]
    /\ committed = 0
    /\ next = 1
    /\ epochs = {}
    /\ void = {}
    /\ lateOutput = <<(<<>>), (<<>>)>>
    /\ lateEnd = <<(<<>>), (<<>>)>>
    /\ lateMarker = <<>>
    /\ lateOffsets = <<>>
    /\ used = [delay |-> 0, exception |-> 0, crash |-> 0, rebalance |-> 0,
               timeout |-> 0]

----------------------------------------------------------------------------
(* Numbers and epochs *)

Epoch(n) == IF Version >= 2 THEN n ELSE Cardinality({k \in epochs : k <= n})

Current(p) == Epoch(p.n) = Epoch(txn.at)

\* Whoever takes the next number says whether it begins an epoch.
Take(beginsEpoch) ==
    /\ next' = next + 1
    /\ epochs' = IF beginsEpoch /\ Version < 2 THEN epochs \union {next} ELSE epochs

Keep == UNCHANGED <<next, epochs>>

\* Something of an attempt is left that could be seen.
Left(n) ==
    \/ \E i \in 1..Len(log) : log[i].kind = "data" /\ log[i].n = n
    \/ \E i \in 1..2 : lateOutput[i] # <<>> /\ lateOutput[i][1].n = n

Voided(ns) == void \union {n \in ns : Left(n)}

HasWork(p) == p.stage \in {"working", "committing", "aborting", "resetting"}

\* The attempts that nobody will commit when process p is no more.
Abandoned(p) == IF p.stage \in {"working", "aborting", "resetting"} THEN {p.n} ELSE {}

----------------------------------------------------------------------------
(* The partition's producer state, derived from its log *)

Last == log[Len(log)]
LastEpoch == IF log = <<>> THEN -1 ELSE Epoch(Last.n)
Open == log # <<>> /\ Last.kind = "data"
Has(msg, n) == \E i \in 1..Len(log) : log[i].kind = "data" /\ log[i].msg = msg /\ log[i].n = n

Admission(n) ==
    IF Epoch(n) < LastEpoch THEN "fenced"
    ELSE IF Open /\ LastEpoch = Epoch(n) THEN "admitted"
    ELSE IF Version < 2 /\ ~Verify THEN "admitted"
    ELSE IF Epoch(n) # Epoch(txn.at) THEN "fenced"
    ELSE IF Preparing(txn) THEN "waits"
    ELSE IF Version < 2 /\ ~(txn.state = "Ongoing" /\ txn.output) THEN "refused"
    ELSE "admitted"

InSequence(p) ==
    \/ p.sent = 0
    \/ Has(p.from + p.sent - 1, p.n)
    \/ (Version < 2 /\ LastEpoch < 0)

Sending(p) == p.stage = "working" /\ p.sent < p.size

\* An output reaches the log; with version 2 its partition joins the transaction.
AppendOutput(msg, n) ==
    /\ log' = IF Has(msg, n) THEN log ELSE Append(log, [kind |-> "data", msg |-> msg, n |-> n])
    /\ txn' = IF Version < 2 \/ Open THEN txn
              ELSE IF txn.state = "Ongoing" THEN [txn EXCEPT !.output = TRUE]
              ELSE Transaction("Ongoing", TRUE, FALSE, 0, txn.at)

----------------------------------------------------------------------------
(* The process *)

\* With its epoch a predecessor has lost everything, where somebody looks at it.
FencesOld == proc["old"].stage # "gone" /\ (Version >= 2 \/ Verify)
OldAfterFence == IF FencesOld THEN Gone ELSE proc["old"]
OldAbandoned == IF FencesOld THEN Abandoned(proc["old"]) ELSE {}

Start ==
    LET p == proc["owner"] IN
    /\ p.stage = "starting"
    /\ txn.state # "Ongoing" /\ ~Preparing(txn)
    /\ Take(TRUE)
    /\ txn' = Transaction("Empty", FALSE, FALSE, Waiting(txn), next)
    /\ proc' = [owner |-> [p EXCEPT !.stage = "idle", !.n = next,
                                    !.pos = IF p.pos = Unfetched THEN committed ELSE p.pos],
                old |-> OldAfterFence]
    /\ void' = Voided(OldAbandoned)
    /\ UNCHANGED <<log, committed, Late, used>>

\* The marker of an abort with a new epoch goes to the group's offsets, if it has some.
AbortFencesOffsets == lateOffsets' = IF txn.offsets THEN <<>> ELSE lateOffsets

FencePredecessor ==
    /\ proc["owner"].stage = "starting"
    /\ txn.state = "Ongoing"
    /\ Take(TRUE)
    /\ txn' = Transaction(IF txn.output THEN "PrepareAbort" ELSE "CompleteAbort",
                          txn.output, MarkersCount /\ txn.output /\ txn.offsets,
                          Waiting(txn), next)
    /\ void' = Voided({txn.at} \union OldAbandoned)
    /\ proc' = [proc EXCEPT !["old"] = OldAfterFence]
    /\ AbortFencesOffsets
    /\ UNCHANGED <<log, committed, lateOutput, lateEnd, lateMarker, used>>

Poll ==
    LET p == proc["owner"] IN
    /\ p.stage = "idle" /\ p.pos < Messages
    /\ ~Preparing(txn) /\ Current(p)
    /\ \E k \in 1..2 :
         /\ p.pos + k <= Messages
         /\ proc' = [proc EXCEPT !["owner"] =
                        [p EXCEPT !.stage = "working", !.from = p.pos, !.size = k, !.pos = p.pos + k]]
    /\ txn' = IF Version < 2
              THEN Transaction("Ongoing", TRUE, FALSE, Waiting(txn), txn.at) ELSE txn
    /\ UNCHANGED <<log, committed, next, epochs, void, Late, used>>

Send(s) ==
    LET p == proc[s] IN
    /\ Sending(p) /\ InSequence(p) /\ Admission(p.n) = "admitted"
    /\ AppendOutput(p.from + p.sent, p.n)
    /\ proc' = [proc EXCEPT ![s].sent = @ + 1]
    /\ UNCHANGED <<committed, next, epochs, void, Late, used>>

AfterFailure == IF Version >= 2 THEN "aborting" ELSE "resetting"

Refused(s) ==
    LET p == proc[s] IN
    /\ Sending(p) /\ Current(p)
    /\ ~InSequence(p) \/ Admission(p.n) = "refused"
    /\ proc' = [proc EXCEPT ![s].stage = AfterFailure]
    /\ UNCHANGED <<log, txn, committed, next, epochs, void, Late, used>>

OffersOffsets(p) ==
    p.stage = "working" /\ p.sent = p.size /\ ~p.offsets /\ Current(p) /\ ~Preparing(txn)

Join(p) ==
    txn' = Transaction("Ongoing", txn.state = "Ongoing" /\ txn.output, TRUE,
                       p.from + p.size, txn.at)

JoinOffsets ==
    LET p == proc["owner"] IN
    /\ OffersOffsets(p)
    /\ proc' = [proc EXCEPT !["owner"].offsets = TRUE]
    /\ Join(p)
    /\ lateOffsets' = IF lateOffsets # <<>> /\ Epoch(lateOffsets[1].n) < Epoch(txn.at)
                      THEN <<>> ELSE lateOffsets
    /\ UNCHANGED <<log, committed, next, epochs, void, lateOutput, lateEnd, lateMarker, used>>

GroupRefuses ==
    /\ OffersOffsets(proc["old"])
    /\ proc' = [proc EXCEPT !["old"].stage = "aborting"]
    /\ UNCHANGED <<log, txn, committed, next, epochs, void, Late, used>>

Commits(p) == p.stage \in {"working", "committing"}

CanEnd(p) ==
    /\ HasWork(p)
    /\ p.stage = "working" => (p.sent = p.size /\ p.offsets)
    /\ Current(p) /\ ~Preparing(txn)

\* The coordinator's decision, which begins at number at.
Decided(commit, at) ==
    LET in == txn.state = "Ongoing" /\ txn.output IN
    Transaction(IF commit THEN IF in THEN "PrepareCommit" ELSE "CompleteCommit"
                          ELSE IF in THEN "PrepareAbort" ELSE "CompleteAbort",
                in, MarkersCount /\ in /\ txn.offsets, Waiting(txn), at)

CommittedBy(commit) ==
    IF commit /\ txn.offsets /\ txn.state = "Ongoing" THEN txn.pending ELSE committed

\* A process whose producer is of no use: its owner takes a new one, back at the committed offset.
Replaced(s, p) ==
    IF s = "old" THEN Gone ELSE [Emptied(p) EXCEPT !.stage = "starting", !.pos = committed]

\* The end of a transaction that process s asked for, with the answer.
Ended(s, commit) ==
    LET p == proc[s]
        decides == txn.state = "Ongoing" \/ (Version >= 2 /\ ~commit)
        finds == txn.state = IF commit THEN "CompleteCommit" ELSE "CompleteAbort"
        offset == IF decides THEN CommittedBy(commit) ELSE committed
        done == [Emptied(p) EXCEPT
                   !.n = next,
                   !.stage = IF ~commit /\ p.stage = "resetting" /\ Version < 2
                             THEN "starting" ELSE "idle",
                   !.pos = IF commit THEN p.pos ELSE offset]
    IN
    IF decides \/ finds
    THEN /\ Take(Version >= 2)
         /\ txn' = IF decides THEN Decided(commit, next) ELSE [txn EXCEPT !.at = next]
         /\ committed' = offset
         /\ void' = IF commit THEN void ELSE Voided({p.n})
         /\ proc' = [proc EXCEPT ![s] = IF s = "old" THEN Gone ELSE done]
    ELSE /\ Keep                                                  \* INVALID_TXN_STATE
         /\ void' = Voided({p.n})
         /\ proc' = [proc EXCEPT ![s] = Replaced(s, p)]
         /\ UNCHANGED <<txn, committed>>

End(s) ==
    /\ CanEnd(proc[s])
    /\ Ended(s, Commits(proc[s]))
    /\ UNCHANGED <<log, Late, used>>

Fenced(s) ==
    LET p == proc[s] IN
    /\ HasWork(p) /\ ~Current(p)
    /\ void' = Voided({p.n})
    /\ proc' = [proc EXCEPT ![s] = Replaced(s, p)]
    /\ UNCHANGED <<log, txn, committed, next, epochs, Late, used>>

----------------------------------------------------------------------------
(* The coordinator *)

WriteMarker ==
    /\ Preparing(txn)
    /\ LET commit == txn.state = "PrepareCommit" IN
       /\ log' = Append(log, [kind |-> IF commit THEN "commit" ELSE "abort", msg |-> 0, n |-> txn.at])
       /\ txn' = Transaction(IF commit THEN "CompleteCommit" ELSE "CompleteAbort", FALSE, FALSE,
                              Waiting(txn), txn.at)
    /\ UNCHANGED <<proc, committed, next, epochs, void, Late, used>>

----------------------------------------------------------------------------
(* What was late arrives *)

OutputArrives(i) ==
    /\ lateOutput[i] # <<>>
    /\ LET r == lateOutput[i][1] IN
       IF Admission(r.n) = "admitted" THEN AppendOutput(r.msg, r.n) ELSE UNCHANGED <<log, txn>>
    /\ lateOutput' = [lateOutput EXCEPT ![i] = <<>>]
    /\ UNCHANGED <<proc, committed, next, epochs, void, lateEnd, lateMarker, lateOffsets, used>>

Waits(p, r) == p.n = r.n /\ p.stage \in {"committing", "aborting", "resetting"}

EndArrives(i) ==
    /\ lateEnd[i] # <<>>
    /\ lateEnd' = [lateEnd EXCEPT ![i] = <<>>]
    /\ UNCHANGED <<log, lateOutput, lateMarker, lateOffsets, used>>
    /\ LET r == lateEnd[i][1]
           obeyed == /\ Epoch(r.n) = Epoch(txn.at)
                     /\ txn.state = "Ongoing" \/ (Version >= 2 /\ ~r.commit /\ ~Preparing(txn))
           waiting == {s \in Slots : Waits(proc[s], r)}
       IN
       IF ~obeyed THEN UNCHANGED <<txn, proc, committed, next, epochs, void>>
       ELSE IF Version >= 2 /\ waiting # {} THEN \E s \in waiting : Ended(s, r.commit)
       ELSE /\ IF Version >= 2 THEN Take(TRUE) ELSE Keep
            /\ txn' = Decided(r.commit, IF Version >= 2 THEN next ELSE txn.at)
            /\ committed' = CommittedBy(r.commit)
            /\ UNCHANGED <<proc, void>>

\* A marker for the output; one that would change nothing there is not kept.
MarkerArrives ==
    /\ lateMarker # <<>> /\ ~lateMarker[1].group
    /\ LET r == lateMarker[1]
           counts == Epoch(r.n) > LastEpoch \/ (Epoch(r.n) = LastEpoch /\ Open)
       IN log' = IF counts
                 THEN Append(log, [kind |-> IF r.commit THEN "commit" ELSE "abort", msg |-> 0, n |-> r.n])
                 ELSE log
    /\ lateMarker' = <<>>
    /\ UNCHANGED <<txn, proc, committed, next, epochs, void, lateOutput, lateEnd, lateOffsets, used>>

\* A marker for the group's offsets.
OffsetsMarkerArrives ==
    /\ lateMarker # <<>> /\ lateMarker[1].group
    /\ LET r == lateMarker[1]
           counts == txn.state = "Ongoing" /\ txn.offsets /\ Epoch(r.n) = Epoch(txn.at)
       IN /\ committed' = IF counts /\ r.commit THEN txn.pending ELSE committed
          /\ txn' = IF counts THEN [txn EXCEPT !.offsets = FALSE, !.pending = 0] ELSE txn
    /\ lateMarker' = <<>>
    /\ UNCHANGED <<log, proc, next, epochs, void, lateOutput, lateEnd, lateOffsets, used>>

\* Offsets: into the open transaction or, where nobody asks for one, into none.
OffsetsArrive ==
    /\ lateOffsets # <<>>
    /\ LET r == lateOffsets[1]
           taken == IF txn.state = "Ongoing" /\ txn.offsets THEN Epoch(r.n) = Epoch(txn.at)
                    ELSE ~Verify /\ ~txn.offsets
       IN txn' = IF taken THEN [txn EXCEPT !.pending = r.offset] ELSE txn
    /\ lateOffsets' = <<>>
    /\ UNCHANGED <<log, proc, committed, next, epochs, void, lateOutput, lateEnd, lateMarker, used>>

----------------------------------------------------------------------------
(* Faults *)

Place(places) == IF places[1] = <<>> THEN 1 ELSE 2

OutputIsLate(s) ==
    LET p == proc[s] IN
    /\ used.delay < MaxDelay /\ lateOutput[2] = <<>> /\ Sending(p)
    /\ lateOutput' = [lateOutput EXCEPT ![Place(lateOutput)] = <<[msg |-> p.from + p.sent, n |-> p.n]>>]
    /\ proc' \in {proc, [proc EXCEPT ![s].stage = AfterFailure]}
    /\ used' = [used EXCEPT !.delay = @ + 1]
    /\ UNCHANGED <<log, txn, committed, next, epochs, void, lateEnd, lateMarker, lateOffsets>>

EndIsLate(s) ==
    LET p == proc[s] IN
    /\ used.delay < MaxDelay /\ lateEnd[2] = <<>> /\ CanEnd(p)
    /\ lateEnd[1] # <<>> => lateEnd[1][1].n # p.n
    /\ lateEnd' = [lateEnd EXCEPT ![Place(lateEnd)] = <<[commit |-> Commits(p), n |-> p.n]>>]
    /\ proc' = [proc EXCEPT ![s].stage = IF Commits(p) THEN "committing" ELSE @]
    /\ used' = [used EXCEPT !.delay = @ + 1]
    /\ UNCHANGED <<log, txn, committed, next, epochs, void, lateOutput, lateMarker, lateOffsets>>

MarkerIsLate ==
    /\ MarkersCount /\ used.delay < MaxDelay /\ lateMarker = <<>> /\ Preparing(txn)
    /\ \E group \in {FALSE} \union {g \in {TRUE} : txn.offsets} :
         lateMarker' = <<[commit |-> txn.state = "PrepareCommit", group |-> group, n |-> txn.at]>>
    /\ used' = [used EXCEPT !.delay = @ + 1]
    /\ UNCHANGED <<log, txn, proc, committed, next, epochs, void, lateOutput, lateEnd, lateOffsets>>

OffsetsAreLate ==
    LET p == proc["owner"] IN
    /\ OffsetsCount /\ used.delay < MaxDelay /\ lateOffsets = <<>> /\ OffersOffsets(p)
    /\ Join(p)
    /\ lateOffsets' = <<[n |-> p.n, offset |-> p.from + p.size]>>
    /\ \E stage \in {"working", "aborting"} :
         proc' = [proc EXCEPT !["owner"].offsets = TRUE, !["owner"].stage = stage]
    /\ used' = [used EXCEPT !.delay = @ + 1]
    /\ UNCHANGED <<log, committed, next, epochs, void, lateOutput, lateEnd, lateMarker>>

Fresh(p) == p.stage = "starting" /\ p.pos = Unfetched
Restarted(p) == [Gone EXCEPT !.stage = "starting", !.pos = Unfetched, !.n = p.n]

Crash ==
    LET p == proc["owner"] IN
    /\ used.crash < MaxCrash /\ ~Fresh(p)
    /\ void' = Voided(Abandoned(p))
    /\ proc' = [proc EXCEPT !["owner"] = Restarted(p)]
    /\ used' = [used EXCEPT !.crash = @ + 1]
    /\ lateOffsets' = <<>>
    /\ UNCHANGED <<log, txn, committed, next, epochs, lateOutput, lateEnd, lateMarker>>

Throw ==
    LET p == proc["owner"] IN
    /\ used.exception < MaxException /\ p.stage = "working" /\ ~p.offsets
    /\ proc' = [proc EXCEPT !["owner"].stage = "aborting"]
    /\ used' = [used EXCEPT !.exception = @ + 1]
    /\ UNCHANGED <<log, txn, committed, next, epochs, void, Late>>

Rebalance ==
    LET p == proc["owner"] IN
    /\ used.rebalance < MaxRebalance /\ ~Fresh(p) /\ proc["old"].stage = "gone"
    /\ proc' = [owner |-> Restarted(p), old |-> IF HasWork(p) THEN p ELSE Gone]
    /\ used' = [used EXCEPT !.rebalance = @ + 1]
    /\ lateOffsets' = <<>>
    /\ UNCHANGED <<log, txn, committed, next, epochs, void, lateOutput, lateEnd, lateMarker>>

Timeout ==
    /\ used.timeout < MaxTimeout
    /\ txn.state = "Ongoing"
    /\ \E s \in Slots : proc[s].stage = "starting" \/ (HasWork(proc[s]) /\ Current(proc[s]))
    /\ Take(TRUE)
    /\ txn' = Decided(FALSE, next)
    /\ void' = Voided({txn.at})
    /\ used' = [used EXCEPT !.timeout = @ + 1]
    /\ AbortFencesOffsets
    /\ UNCHANGED <<log, proc, committed, lateOutput, lateEnd, lateMarker>>

----------------------------------------------------------------------------

Next ==
    \/ Start \/ FencePredecessor \/ Poll \/ JoinOffsets \/ GroupRefuses \/ WriteMarker
    \/ \E s \in Slots : Send(s) \/ Refused(s) \/ End(s) \/ Fenced(s)
    \/ \E i \in 1..2 : OutputArrives(i) \/ EndArrives(i)
    \/ MarkerArrives \/ OffsetsMarkerArrives \/ OffsetsArrive
    \/ MarkerIsLate \/ OffsetsAreLate
    \/ \E s \in Slots : OutputIsLate(s) \/ EndIsLate(s)
    \/ Crash \/ Throw \/ Rebalance \/ Timeout

Spec == Init /\ [][Next]_vars

----------------------------------------------------------------------------
(* What downstream read_committed must not see *)

ClosedBy(i) ==
    LET markers == {j \in (i + 1)..Len(log) : log[j].kind # "data"} IN
    IF markers = {} THEN "open" ELSE log[CHOOSE j \in markers : \A k \in markers : j <= k].kind

Visible(i) == log[i].kind = "data" /\ ClosedBy(i) = "commit"

NoDuplicate ==
    \A i, j \in 1..Len(log) : Visible(i) /\ Visible(j) /\ log[i].msg = log[j].msg => i = j

NoAbortedRead == \A i \in 1..Len(log) : Visible(i) => log[i].n \notin void

NoTornTransaction ==
    \A i \in 1..Len(log) : Visible(i) =>
        /\ \A s \in Slots : proc[s].stage = "working" => proc[s].n # log[i].n
        /\ \A j \in 1..Len(log) : log[j].kind = "data" /\ log[j].n = log[i].n => ClosedBy(j) # "abort"
=============================================================================
