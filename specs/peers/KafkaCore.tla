------------------------------ MODULE KafkaCore ------------------------------
(***************************************************************************)
(* The replication core of Kafka 4.1: a producer, the leader's log, the    *)
(* fetches of followers, the in-sync set, elections, brokers that learn of *)
(* them late, and truncation by leader epoch (KIP-320). The module says    *)
(* the same as the actions of the same names in kcheck's package model,    *)
(* for a question that sees no consumer.                                   *)
(*                                                                         *)
(* It was written from their documentation, not from their code, so that   *)
(* equal numbers of distinct states mean something. Faults are counted in  *)
(* a variable, as kcheck counts a state once for each multiset of faults.  *)
(***************************************************************************)
EXTENDS KafkaCoreState

----------------------------------------------------------------------------
(* The producer *)

\* One request is in flight, and the messages go in their order.
MayTransmit(m) ==
    /\ msg[m].phase \in {"queued", "retrying"}
    /\ \A k \in 1..(m - 1) : ~Pending(msg[k].phase)

\* With one message in flight those before it are done, so that its sequence number is the next one or a repeat. When a
\* message fails that was numbered, a new producer epoch begins. A producer of one message does without.
Renumbered ==
    producer' = IF /\ Idempotent /\ Messages > 1
                   /\ \E m \in 1..Messages :
                        /\ msg'[m].phase = "failed"
                        /\ \/ msg[m].phase \in {"awaiting", "retrying"}
                           \/ msg[m].phase = "queued" /\ used'.requestLost # used.requestLost
                THEN producer + 1 ELSE producer

\* The producer epoch that a request for m carries: a retry keeps its own.
Inc(m) == IF msg[m].phase = "queued" THEN producer ELSE msg[m].inc

LastOf(log, m) == CHOOSE i \in 1..Len(log) : log[i].msg = m /\ \A j \in (i + 1)..Len(log) : log[j].msg # m

\* The send of M[m] ended in an error.
Failed(M, m) == [M EXCEPT ![m].phase = "failed", ![m].told = TRUE, ![m].retries = 0]

\* An attempt of M[m] failed.
AttemptFailed(M, m) ==
    IF Retries = Unlimited THEN [M EXCEPT ![m].phase = "retrying"]
    ELSE IF M[m].retries < Retries THEN [M EXCEPT ![m].phase = "retrying", ![m].retries = @ + 1]
    ELSE Failed(M, m)

Succeeded(M, m) == [M EXCEPT ![m].phase = "acked", ![m].acked = TRUE]

ProducerSends(m) ==
    /\ msg[m].phase = "unsent"
    /\ \A k \in 1..(m - 1) : msg[k].phase # "unsent"
    /\ msg' = [msg EXCEPT ![m].phase = "queued"]
    /\ UNCHANGED <<decided, offline, br, known, used>>

\* A request for message m can reach b, and b believes that it leads.
Reaches(m, b) == MayTransmit(m) /\ Leads(br, decided, b) /\ br[b].epoch >= known

LeaderAppends(m, b) ==
    /\ Reaches(m, b)
    /\ Acks = "all" => EnoughReplicas(decided, br[b].epoch)
    /\ LET e == br[b].epoch
           record == [msg |-> m, epoch |-> e, inc |-> Inc(m)]
           repeat == Idempotent /\ \E i \in 1..Len(br[b].log) :
                        br[b].log[i].msg = m /\ br[b].log[i].inc = Inc(m)
       IN /\ br' = IF repeat THEN br
                   ELSE Advanced([br EXCEPT ![b].log = Append(@, record)], decided, b)
          /\ msg' = IF Acks = "0" THEN Succeeded(msg, m)
                    ELSE [msg EXCEPT ![m].phase = "awaiting", ![m].at = e, ![m].inc = Inc(m)]
          /\ known' = e
    /\ UNCHANGED <<decided, offline, used>>

\* The broker that has appended m leads in that epoch still.
Answers(m) ==
    /\ msg[m].phase = "awaiting"
    /\ LET l == LeaderIn(decided, msg[m].at) IN br[l].alive /\ br[l].epoch = msg[m].at
Answerer(m) == LeaderIn(decided, msg[m].at)
Replicated(m) == br[Answerer(m)].hw >= LastOf(br[Answerer(m)].log, m)

ProducerReceivesAck(m) ==
    /\ Answers(m)
    /\ Acks = "all" => Replicated(m) /\ EnoughReplicas(decided, msg[m].at)
    /\ msg' = Succeeded(msg, m)
    /\ UNCHANGED <<decided, offline, br, known, used>>

\* NOT_ENOUGH_REPLICAS_AFTER_APPEND
LeaderRefusesAfterAppend(m) ==
    /\ Acks = "all" /\ Answers(m) /\ Replicated(m) /\ ~EnoughReplicas(decided, msg[m].at)
    /\ msg' = AttemptFailed(msg, m)
    /\ UNCHANGED <<decided, offline, br, known, used>>

RequestTimesOut(m) ==
    /\ Acks = "all" /\ Answers(m) /\ ~Replicated(m) /\ ~EnoughReplicas(decided, msg[m].at)
    /\ msg' = AttemptFailed(msg, m)
    /\ UNCHANGED <<decided, offline, br, known, used>>

\* The client may still believe in a leader that does not lead any more.
Superseded(b) == \E e \in known..(Newest(decided) - 1) : LeaderIn(decided, e) = b
Stopped(b) == ~br[b].alive /\ \E e \in known..Newest(decided) : LeaderIn(decided, e) = b

LeaderRefuses(m, b) ==
    /\ Retries # Unlimited /\ Acks # "0"
    /\ MayTransmit(m) /\ br[b].alive /\ Superseded(b) /\ ~Leads(br, decided, b)
    /\ msg' = AttemptFailed(msg, m)
    /\ known' = IF (\A x \in Brokers : br[x].epoch = Newest(decided)) \/ msg[m].retries >= Retries THEN Newest(decided) ELSE known
    /\ UNCHANGED <<decided, offline, br, used>>

SendIsLost(m, b) ==
    /\ Acks = "0" /\ MayTransmit(m)
    /\ Stopped(b) \/ (Superseded(b) /\ ~Leads(br, decided, b))
    /\ msg' = Succeeded(msg, m)
    /\ known' = Newest(decided)
    /\ UNCHANGED <<decided, offline, br, used>>

\* No answer about m can come as things stand.
Outage(m) ==
    IF msg[m].phase = "awaiting" THEN Acks = "all" /\ ~EnoughReplicas(decided, msg[m].at)
    ELSE IF Leader = 0 THEN TRUE
    ELSE ~Leads(br, decided, Leader) \/ (Acks = "all" /\ ~EnoughReplicas(decided, Newest(decided)))

ProducerGivesUp(m) ==
    /\ Acks # "0" /\ Pending(msg[m].phase)
    /\ \A k \in 1..(m - 1) : msg[k].phase \notin {"queued", "retrying"}
    /\ Outage(m)
    /\ msg' = IF Idempotent /\ Messages > 1 /\ msg[m].phase = "queued" THEN [Failed(msg, m) EXCEPT ![m].inc = None] ELSE Failed(msg, m)
    /\ UNCHANGED <<decided, offline, br, known, used>>

----------------------------------------------------------------------------
(* Replication *)

FollowerFetches(f) ==
    LET e == br[f].epoch
        l == LeaderIn(decided, e)
        position == Agreement(br[f].log, br[l].log)
        told == [br EXCEPT ![f].pos = position,
                           ![f].log = br[l].log,
                           ![f].hw = br[l].hw]
        \* The leader sees the position before the follower has the records.
    IN /\ l \notin {0, f} /\ br[f].alive /\ Leads(br, decided, l) /\ br[l].epoch = e
       /\ br' = Advanced(told, decided, l) /\ br' # br
       /\ UNCHANGED <<decided, offline, msg, known, used>>

\* The in-sync set of the newest epoch becomes S.
WithISR(S) == [decided EXCEPT ![Len(decided)].isr = S]

\* The eligible leader replicas after the set goes from old to new.
Eligible(B, old, new) ==
    IF ~ELR THEN B
    ELSE [b \in Brokers |->
            [B[b] EXCEPT !.eligible = Cardinality(new) < Minimum /\ b \notin new /\ (@ \/ b \in old)]]

LeaderExpandsISR(f) ==
    LET l == Leader
        e == Newest(decided)
        new == ISR(decided, e) \union {f}
    IN /\ l # 0 /\ f \notin ISR(decided, e)
       /\ Leads(br, decided, l) /\ br[l].epoch = e
       /\ br[f].alive /\ ~br[f].fenced /\ br[f].epoch = e /\ br[f].pos # None
       /\ br[f].pos >= br[l].hw /\ br[f].pos >= br[l].start
       /\ decided' = WithISR(new)
       /\ br' = AdvancedNewest(Eligible(br, ISR(decided, e), new), decided')
       /\ UNCHANGED <<offline, msg, known, used>>

----------------------------------------------------------------------------
(* The controller *)

\* The in-sync set without b. Without eligible leader replicas the last member stays.
Without(b) ==
    LET S == ISR(decided, Newest(decided)) \ {b}
    IN IF S = {} /\ ~ELR THEN ISR(decided, Newest(decided)) ELSE S

\* b leaves the in-sync set of the newest epoch, the leader stays; B are the brokers otherwise.
Leaves(B, b) ==
    /\ decided' = WithISR(Without(b))
    /\ br' = AdvancedNewest(Eligible(B, ISR(decided, Newest(decided)), Without(b)), decided')

Missed(b) == ~br[b].alive /\ ~br[b].fenced

ControllerFencesFollower(b) ==
    /\ Missed(b) /\ b # Leader
    /\ Leaves([br EXCEPT ![b].fenced = TRUE], b)
    /\ UNCHANGED <<offline, msg, known, used>>

\* What is left of the in-sync set and of the eligible replicas once the leader, if it is gone, is out.
Remaining == IF Leader = 0 THEN ISR(decided, Newest(decided)) ELSE Without(Leader) \ {Leader}
Left == IF Leader = 0 THEN br ELSE Eligible(br, ISR(decided, Newest(decided)), Remaining)

Live(S) == {b \in S : ~br[b].fenced /\ b # Leader}

Clean ==
    IF Live(Remaining) # {} THEN Live(Remaining)
    ELSE IF Remaining # {} \/ ~ELR THEN {}
    ELSE IF Live({b \in Brokers : Left[b].eligible}) # {} THEN Live({b \in Brokers : Left[b].eligible})
    ELSE IF \E b \in Brokers : Left[b].eligible THEN {}
    ELSE Live({b \in Brokers : br[b].last})

Electable == IF Clean # {} \/ ~Unclean THEN Clean ELSE Live(Brokers)

NeedsLeader == IF Leader = 0 THEN TRUE ELSE Missed(Leader)

ControllerElectsLeader(b) ==
    LET isr == IF b \in Remaining THEN Remaining ELSE {b}
        B == IF Leader = 0 THEN br ELSE [br EXCEPT ![Leader].fenced = TRUE]
    IN /\ NeedsLeader /\ b \in Electable
       /\ decided' = Append(decided, [leader |-> b, isr |-> isr])
       /\ br' = [f \in Brokers |-> [Eligible(B, ISR(decided, Newest(decided)), isr)[f] EXCEPT !.last = FALSE]]
       /\ offline' = FALSE
       /\ UNCHANGED <<msg, known, used>>

ControllerTakesLeaderOffline ==
    /\ Leader # 0 /\ Missed(Leader) /\ Electable = {}
    /\ offline' = TRUE
    /\ decided' = WithISR(IF ELR THEN Remaining ELSE {Leader})
    /\ br' = [Left EXCEPT ![Leader].fenced = TRUE, ![Leader].last = ELR]
    /\ UNCHANGED <<msg, known, used>>

----------------------------------------------------------------------------
(* What a broker learns *)

\* Epoch e can be learnt: it is the newest, or its leader can still act in it.
IsDecision(e) ==
    \/ e = Newest(decided)
    \/ LET l == LeaderIn(decided, e) IN IF l = 0 THEN FALSE ELSE br[l].alive /\ br[l].epoch <= e

\* Broker b turns to epoch e: leaders of older epochs keep what they know of it.
Departed(B, b, e) ==
    [B EXCEPT ![b].kept =
        [x \in Epochs |->
            IF \E l \in Brokers \ {b} : Leads(B, decided, l) /\ B[l].epoch = x /\ x < e
            THEN Position(B, CHOOSE l \in Brokers \ {b} : Leads(B, decided, l) /\ B[l].epoch = x, b)
            ELSE B[b].kept[x]]]

\* b, which runs, moves to epoch e; on says that it leads e as it led before. Then it keeps what it knows of the others.
Moved(B, b, e, on) ==
    LET D == Departed(B, b, e)
    IN IF LeaderIn(decided, e) = b
       THEN Advanced([f \in Brokers |->
                        IF f = b
                        THEN [D[b] EXCEPT !.epoch = e, !.start = Len(D[b].log), !.pos = None]
                        ELSE [D[f] EXCEPT !.kept[e] = IF on THEN Position(D, b, f) ELSE 0,
                                          !.pos = IF ~on /\ LeaderIn(decided, D[f].epoch) = b THEN None ELSE @]],
                     decided, b)
       ELSE [D EXCEPT ![b].epoch = e, ![b].start = 0, ![b].pos = None]

\* The messages whose answers b owes.
Owed(b) == {m \in 1..Messages : msg[m].phase = "awaiting" /\ LeaderIn(decided, msg[m].at) = b}

RECURSIVE AllFailed(_, _)
AllFailed(M, S) ==
    IF S = {} THEN M ELSE LET m == Least(S) IN AllFailed(AttemptFailed(M, m), S \ {m})

\* b, which leads by its own belief, leads in e, too, and another broker led in between.
Returns(b, e) == \E x \in (br[b].epoch + 1)..(e - 1) : LeaderIn(decided, x) # b

\* A broker learns any number of decisions at once. One that leads again may never see that it was deposed.
BrokerLearns(b) ==
    \E e \in {x \in (br[b].epoch + 1)..Newest(decided) : IsDecision(x)} :
        \E on \in IF LeaderIn(decided, e) # b \/ LeaderIn(decided, br[b].epoch) # b THEN {FALSE}
                  ELSE IF Returns(b, e) THEN {TRUE, FALSE} ELSE {TRUE} :
            /\ br[b].alive
            /\ br' = Moved(br, b, e, on)
            /\ msg' = IF on THEN [m \in 1..Messages |-> IF m \in Owed(b) THEN [msg[m] EXCEPT !.at = e] ELSE msg[m]]
                      ELSE IF Acks = "all" THEN AllFailed(msg, Owed(b))
                      ELSE [m \in 1..Messages |-> IF m \in Owed(b) THEN Succeeded(msg, m)[m] ELSE msg[m]]
            /\ UNCHANGED <<decided, offline, known, used>>

BrokerRestarts(b) ==
    LET e == Newest(decided)
        isr == IF ELR THEN ISR(decided, e) \ {b} ELSE ISR(decided, e)
    IN /\ ~br[b].alive /\ br[b].fenced
       /\ \E hw \in 0..br[b].hw :
            LET l == LeaderIn(decided, e)
                B == IF br[b].epoch # e THEN Departed(br, b, e)
                     ELSE IF Leader \notin {0, b} /\ br[b].pos # None
                     THEN IF Leads(br, decided, l) /\ br[l].epoch = e THEN [br EXCEPT ![b].kept[e] = br[b].pos] ELSE br
                     ELSE br
            IN br' = [B EXCEPT ![b].alive = TRUE, ![b].fenced = FALSE, ![b].hw = hw, ![b].eligible = FALSE,
                               ![b].epoch = e, ![b].start = 0, ![b].pos = None]
       /\ decided' = [WithISR(isr) EXCEPT ![Len(decided)].leader = IF @ = b THEN 0 ELSE @]
       /\ UNCHANGED <<offline, msg, known, used>>

----------------------------------------------------------------------------
(* Faults *)

RequestIsLost(m, b) ==
    /\ used.requestLost < MaxRequestLost /\ Reaches(m, b)
    /\ used' = [used EXCEPT !.requestLost = @ + 1]
    /\ IF Acks = "0" THEN msg' = Succeeded(msg, m)
       ELSE LET M == [msg EXCEPT ![m].at = br[b].epoch, ![m].inc = Inc(m)]
            IN msg' \in {AttemptFailed(M, m), Failed(M, m)}
    /\ UNCHANGED <<decided, offline, br, known>>

ResponseIsLost(m) ==
    /\ used.responseLost < MaxResponseLost /\ Answers(m)
    /\ used' = [used EXCEPT !.responseLost = @ + 1]
    /\ msg' \in {AttemptFailed(msg, m), Failed(msg, m)}
    /\ UNCHANGED <<decided, offline, br, known>>

BrokerCrashes(b) ==
    /\ used.crash < MaxCrash /\ br[b].alive
    /\ used' = [used EXCEPT !.crash = @ + 1]
    /\ br' = [br EXCEPT ![b].alive = FALSE]
    /\ msg' = AllFailed(msg, Owed(b))
    /\ UNCHANGED <<decided, offline, known>>

LeaderMoves(b) ==
    /\ used.move < MaxMove
    /\ Leader # 0 /\ b # Leader /\ br[b].alive /\ b \in ISR(decided, Newest(decided))
    /\ used' = [used EXCEPT !.move = @ + 1]
    /\ decided' = Append(decided, [leader |-> b, isr |-> ISR(decided, Newest(decided))])
    /\ UNCHANGED <<offline, br, msg, known>>

ReplicaLags(b) ==
    /\ used.lag < MaxLag
    /\ br[b].alive /\ b # Leader /\ b \in ISR(decided, Newest(decided))
    /\ used' = [used EXCEPT !.lag = @ + 1]
    /\ Leaves(br, b)
    /\ UNCHANGED <<offline, msg, known>>

----------------------------------------------------------------------------

Step ==
    \/ \E m \in 1..Messages :
         \/ ProducerSends(m) \/ ProducerReceivesAck(m) \/ LeaderRefusesAfterAppend(m)
         \/ RequestTimesOut(m) \/ ProducerGivesUp(m) \/ ResponseIsLost(m)
         \/ \E b \in Brokers : LeaderAppends(m, b) \/ LeaderRefuses(m, b) \/ SendIsLost(m, b) \/ RequestIsLost(m, b)
    \/ \E b \in Brokers :
         \/ FollowerFetches(b) \/ LeaderExpandsISR(b)
         \/ ControllerFencesFollower(b) \/ ControllerElectsLeader(b) \/ BrokerLearns(b) \/ BrokerRestarts(b)
         \/ BrokerCrashes(b) \/ LeaderMoves(b) \/ ReplicaLags(b)
    \/ ControllerTakesLeaderOffline

Next == Step /\ Renumbered /\ Noted

Spec == Init /\ [][Next]_vars
=============================================================================
