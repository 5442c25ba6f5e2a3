------------------------------ MODULE ShareGroup ------------------------------
(* The consumer of a share group (KIP-932) at a partition of one replica, as
   package model has it: explicit acknowledgement after processing, RELEASE on
   an exception, close() on a deployment, no fault of brokers. It was written from the documentation of
   the actions (kcheck explain ACTION), as a second reading; the test of
   share_test.go compares the numbers of distinct states. *)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
    MESSAGES,           \* how many messages the application sends
    MEMBERS,            \* how many members the group has
    LIMIT,              \* share.delivery.count.limit
    CRASHES, LOCKS, CONNECTIONS, EXCEPTIONS, POISONS, RESTARTS, FAILURES \* the fault budget

VARIABLES
    phase,      \* where each message stands in the producer
    log,        \* the messages in the log, all of them readable
    start,      \* the start offset in the leader's memory
    record,     \* the records that were acquired once, by offset from 1
    keptStart,  \* the start offset that the share coordinator has
    kept,       \* the records that it has
    hand,       \* what each member has polled
    done,       \* how often each message was processed, up to 2
    poison,     \* the messages whose processing throws every time
    disorder,   \* a message was first processed after a later one
    used        \* the faults so far

vars == <<phase, log, start, record, keptStart, kept, hand, done, poison, disorder, used>>

Msgs == 1..MESSAGES
Slots == 1..MEMBERS
Offsets == 1..MESSAGES
Untouched == [state |-> "untouched", count |-> 0, owner |-> 0, first |-> FALSE]
Nothing == [state |-> "untouched", count |-> 0]
Empty == [live |-> FALSE, records |-> <<>>]

Init ==
    /\ phase = [m \in Msgs |-> "unsent"]
    /\ log = <<>>
    /\ start = 1
    /\ record = [o \in Offsets |-> Untouched]
    /\ keptStart = 1
    /\ kept = [o \in Offsets |-> Nothing]
    /\ hand = [s \in Slots |-> Empty]
    /\ done = [m \in Msgs |-> 0]
    /\ poison = {}
    /\ disorder = FALSE
    /\ used = [crash |-> 0, lock |-> 0, connection |-> 0, exception |-> 0,
               poison |-> 0, restart |-> 0, failure |-> 0]

Group == <<start, record, keptStart, kept, hand, done, poison, disorder, used>>
Producer == <<phase, log>>

----------------------------------------------------------------------------
(* The producer: one message after the other is sent, appended, acknowledged. *)

Send(m) ==
    /\ phase[m] = "unsent"
    /\ \A e \in 1..(m - 1) : phase[e] # "unsent"
    /\ phase' = [phase EXCEPT ![m] = "queued"]
    /\ UNCHANGED <<log, Group>>

Append1(m) ==
    /\ phase[m] = "queued"
    /\ \A e \in 1..(m - 1) : phase[e] = "acked"
    /\ phase' = [phase EXCEPT ![m] = "awaiting"]
    /\ log' = Append(log, m)
    /\ UNCHANGED Group

Ack(m) ==
    /\ phase[m] = "awaiting"
    /\ phase' = [phase EXCEPT ![m] = "acked"]
    /\ UNCHANGED <<log, Group>>

----------------------------------------------------------------------------
(* Which records a fetch acquires. *)

Threshold == IF LIMIT > 2 THEN (IF (LIMIT + 1) \div 2 > 2 THEN (LIMIT + 1) \div 2 ELSE 2) ELSE 0

Takable(o) == record[o].state \in {"untouched", "available"}

\* Where the batch begins that the record at o was first acquired with, and
\* the offset behind it.
RECURSIVE BatchStart(_), BatchEnd(_)
BatchStart(o) ==
    IF o > 1 /\ ~record[o].first /\ record[o - 1].state # "untouched" THEN BatchStart(o - 1) ELSE o
BatchEnd(o) ==
    IF o + 1 <= MESSAGES /\ record[o + 1].state # "untouched" /\ ~record[o + 1].first THEN BatchEnd(o + 1) ELSE o + 1

RECURSIVE Halved(_, _)
Halved(n, times) == IF times = 0 THEN n ELSE Halved(n \div 2, times - 1)
AtLeastOne(n) == IF n < 1 THEN 1 ELSE n

Throttles(from, end) ==
    /\ Threshold > 0
    /\ \E o \in from..(end - 1) : record[o].state = "available" /\ record[o].count >= Threshold

\* From o up to end of one batch: the offsets that are taken. most is how many
\* may be taken, 0 as long as no record was delivered so often as to say it.
RECURSIVE OfBatch(_, _, _, _)
OfBatch(o, end, most, taken) ==
    IF o >= end THEN taken
    ELSE LET r == record[o] IN
        IF r.state # "available" THEN OfBatch(o + 1, end, most, taken)
        ELSE IF Threshold > 0 /\ r.count = LIMIT - 1 /\ taken # <<>> THEN taken
        ELSE LET size == BatchEnd(o) - BatchStart(o)
                 m == IF most = 0 /\ Threshold > 0 /\ r.count >= Threshold
                      THEN AtLeastOne(Halved(size, r.count - Threshold + 1)) ELSE most
                 t == Append(taken, o)
             IN IF (Threshold > 0 /\ r.count + 1 >= LIMIT) \/ Len(t) = m THEN t
                ELSE OfBatch(o + 1, end, m, t)

RECURSIVE Fetch(_, _)
Fetch(o, taken) ==
    IF o > Len(log) THEN taken
    ELSE IF record[o].state = "untouched" THEN Fetch(o + 1, Append(taken, o))
    ELSE LET end == BatchEnd(o)
             throttled == Throttles(o, end)
             part == OfBatch(o, IF end <= Len(log) THEN end ELSE Len(log) + 1, 0, <<>>)
         IN IF throttled /\ taken # <<>> THEN taken
            ELSE IF throttled /\ part # <<>> THEN taken \o part
            ELSE Fetch(end, taken \o part)

\* The first record that a fetch can take, or the offset behind the log.
RECURSIVE From(_)
From(o) == IF o > Len(log) \/ Takable(o) THEN o ELSE From(o + 1)

In(o, seq) == \E i \in 1..Len(seq) : seq[i] = o

Poll(s) ==
    /\ hand[s].records = <<>>
    /\ From(start) <= Len(log)
    /\ LET t == Fetch(From(start), <<>>) IN
        /\ record' = [o \in Offsets |->
            IF ~In(o, t) THEN record[o]
            ELSE [state |-> "acquired", owner |-> s,
                  count |-> IF record[o].count + 1 > LIMIT THEN LIMIT ELSE record[o].count + 1,
                  first |-> IF record[o].state # "untouched" THEN record[o].first
                            ELSE \/ o = t[1] \/ ~In(o - 1, t) \/ record[o - 1].state # "untouched"]]
        /\ hand' = [hand EXCEPT ![s] = [live |-> TRUE,
            records |-> [i \in 1..Len(t) |-> [offset |-> t[i], msg |-> log[t[i]], mark |-> "toDo"]]]]
    /\ UNCHANGED <<Producer, start, keptStart, kept, done, poison, disorder, used>>

----------------------------------------------------------------------------
(* What becomes of records. *)

Terminal(state) == state \in {"acknowledged", "archived"}

\* The state of a record that is to be in state to.
Settled(o, to) == IF to = "available" /\ record[o].count >= LIMIT THEN "archived" ELSE to

RECURSIVE Past(_, _)
Past(r, o) == IF o <= MESSAGES /\ Terminal(r[o].state) THEN Past(r, o + 1) ELSE o

\* to has the state that each of the offsets os is to have.
Settle(os, to) ==
    LET r == [o \in Offsets |-> IF o \in os
                THEN [record[o] EXCEPT !.state = Settled(o, to[o]), !.owner = 0] ELSE record[o]]
        k == [o \in Offsets |-> IF o \in os /\ o >= keptStart
                THEN [state |-> r[o].state, count |-> r[o].count] ELSE kept[o]]
        from == Past(k, keptStart)
    IN  /\ record' = r
        /\ start' = Past(r, start)
        /\ keptStart' = from
        /\ kept' = [o \in Offsets |-> IF o < from THEN Nothing ELSE k[o]]

Owned(s) == {o \in Offsets : record[o].state = "acquired" /\ record[o].owner = s}
Held(s) == IF hand[s].live THEN {hand[s].records[i].offset : i \in 1..Len(hand[s].records)} ELSE {}
Again == [o \in Offsets |-> "available"]

\* The first record in hand that is not processed, or 0.
RECURSIVE NextFrom(_, _)
NextFrom(records, i) ==
    IF i > Len(records) THEN 0 ELSE IF records[i].mark = "toDo" THEN i ELSE NextFrom(records, i + 1)
Next1(s) == NextFrom(hand[s].records, 1)

\* A member is about to process m.
Tries(s, m) == Next1(s) # 0 /\ hand[s].records[Next1(s)].msg = m
TriesPoison(s) == \E m \in poison : Tries(s, m)

Process(s) ==
    /\ Next1(s) # 0
    /\ ~TriesPoison(s)
    /\ LET m == hand[s].records[Next1(s)].msg IN
        /\ done' = [done EXCEPT ![m] = IF done[m] < 2 THEN done[m] + 1 ELSE 2]
        /\ disorder' = (disorder \/ (done[m] = 0 /\ \E l \in (m + 1)..MESSAGES : done[l] > 0))
    /\ hand' = [hand EXCEPT ![s].records[Next1(s)].mark = "toAccept"]
    /\ UNCHANGED <<Producer, start, record, keptStart, kept, poison, used>>

Taken(s) ==
    /\ hand[s].live
    /\ \A i \in 1..Len(hand[s].records) :
        LET o == hand[s].records[i].offset IN
        o < start \/ (record[o].state = "acquired" /\ record[o].owner = s)

\* What a member acknowledges, and the state that each of it is to have.
Acknowledged(s) ==
    LET rs == hand[s].records IN {rs[i].offset : i \in {j \in 1..Len(rs) : rs[j].offset >= start}}
Said(s) ==
    LET rs == hand[s].records IN
    [o \in Offsets |->
        IF \E i \in 1..Len(rs) : rs[i].offset = o /\ rs[i].mark = "toRelease" THEN "available" ELSE "acknowledged"]

Done(s) == hand[s].records # <<>> /\ Next1(s) = 0

Acknowledge(s) ==
    /\ Done(s)
    /\ hand' = [hand EXCEPT ![s] = Empty]
    /\ IF Taken(s)
       THEN Settle(Acknowledged(s), Said(s))
       ELSE UNCHANGED <<start, record, keptStart, kept>>
    /\ UNCHANGED <<Producer, done, poison, disorder, used>>

GiveUp(s) ==
    /\ Owned(s) \ Held(s) # {}
    /\ Settle(Owned(s) \ Held(s), Again)
    /\ UNCHANGED <<Producer, hand, done, poison, disorder, used>>

----------------------------------------------------------------------------
(* Faults. *)

Crash(s) ==
    /\ used.crash < CRASHES
    /\ hand[s].records # <<>> \/ Owned(s) # {}
    /\ hand' = [hand EXCEPT ![s] = Empty]
    /\ Settle(Owned(s), Again)
    /\ used' = [used EXCEPT !.crash = @ + 1]
    /\ UNCHANGED <<Producer, done, poison, disorder>>

Connection(s) ==
    /\ used.connection < CONNECTIONS
    /\ Owned(s) # {}
    /\ Settle(Owned(s), Again)
    /\ used' = [used EXCEPT !.connection = @ + 1]
    /\ UNCHANGED <<Producer, hand, done, poison, disorder>>

Lock(s) ==
    /\ used.lock < LOCKS
    /\ Owned(s) \cap Held(s) # {}
    /\ Settle(Owned(s) \cap Held(s), Again)
    /\ used' = [used EXCEPT !.lock = @ + 1]
    /\ UNCHANGED <<Producer, hand, done, poison, disorder>>

Exception(s) ==
    /\ used.exception < EXCEPTIONS
    /\ Next1(s) # 0
    /\ ~TriesPoison(s)
    /\ hand' = [hand EXCEPT ![s].records[Next1(s)].mark = "toRelease"]
    /\ used' = [used EXCEPT !.exception = @ + 1]
    /\ UNCHANGED <<Producer, start, record, keptStart, kept, done, poison, disorder>>

Poison(m) ==
    /\ used.poison < POISONS
    /\ done[m] = 0
    /\ m \notin poison
    /\ \E s \in Slots : Tries(s, m)
    /\ poison' = poison \cup {m}
    /\ used' = [used EXCEPT !.poison = @ + 1]
    /\ UNCHANGED <<Producer, start, record, keptStart, kept, hand, done, disorder>>

\* No fault: what a member that tries a poison message does.
FailsAtPoison(s) ==
    /\ TriesPoison(s)
    /\ hand' = [hand EXCEPT ![s].records[Next1(s)].mark = "toRelease"]
    /\ UNCHANGED <<Producer, start, record, keptStart, kept, done, poison, disorder, used>>

\* A member that has finished with what it polled closes its consumer: that sends
\* the acknowledgements, and the leader releases the rest.
Restart(s) ==
    /\ used.restart < RESTARTS
    /\ Done(s)
    /\ hand' = [hand EXCEPT ![s] = Empty]
    /\ IF Taken(s)
       THEN Settle(Acknowledged(s) \cup Owned(s),
                [o \in Offsets |-> IF o \in Acknowledged(s) THEN Said(s)[o] ELSE "available"])
       ELSE Settle(Owned(s), Again)
    /\ used' = [used EXCEPT !.restart = @ + 1]
    /\ UNCHANGED <<Producer, done, poison, disorder>>

\* The leader cannot persist what it would take; the records stay acquired.
Failure(s) ==
    /\ used.failure < FAILURES
    /\ Done(s)
    /\ Taken(s)
    /\ hand' = [hand EXCEPT ![s] = Empty]
    /\ used' = [used EXCEPT !.failure = @ + 1]
    /\ UNCHANGED <<Producer, start, record, keptStart, kept, done, poison, disorder>>

Next ==
    \/ \E m \in Msgs : Send(m) \/ Append1(m) \/ Ack(m) \/ Poison(m)
    \/ \E s \in Slots :
        \/ Poll(s) \/ Process(s) \/ Acknowledge(s) \/ GiveUp(s)
        \/ Crash(s) \/ Connection(s) \/ Lock(s) \/ Exception(s)
        \/ FailsAtPoison(s) \/ Restart(s) \/ Failure(s)

Spec == Init /\ [][Next]_vars
=============================================================================
