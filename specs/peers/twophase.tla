------------------------------ MODULE twophase ------------------------------
(* Two-phase commit with N resource managers.                               *)
EXTENDS Naturals

CONSTANT N

VARIABLES
    tm,        \* "init", "committed" or "aborted"; the decision is also sent
    rm,        \* state of each resource manager
    sent,      \* those that have said that they are prepared
    received   \* those of which the transaction manager knows that

vars == <<tm, rm, sent, received>>
RM == 1 .. N

Init ==
    /\ tm = "init"
    /\ rm = [i \in RM |-> "working"]
    /\ sent = {}
    /\ received = {}

Decide(decision) ==
    /\ tm = "init"
    /\ tm' = decision
    /\ UNCHANGED <<rm, sent, received>>

TMRcvPrepared(i) ==
    /\ tm = "init"
    /\ i \in sent
    /\ received' = received \cup {i}
    /\ UNCHANGED <<tm, rm, sent>>

RMPrepare(i) ==
    /\ rm[i] = "working"
    /\ rm' = [rm EXCEPT ![i] = "prepared"]
    /\ sent' = sent \cup {i}
    /\ UNCHANGED <<tm, received>>

RMChooseToAbort(i) ==
    /\ rm[i] = "working"
    /\ rm' = [rm EXCEPT ![i] = "aborted"]
    /\ UNCHANGED <<tm, sent, received>>

Obey(i) ==
    /\ tm # "init"
    /\ rm' = [rm EXCEPT ![i] = tm]
    /\ UNCHANGED <<tm, sent, received>>

Next ==
    \/ received = RM /\ Decide("committed")
    \/ Decide("aborted")
    \/ \E i \in RM : TMRcvPrepared(i) \/ RMPrepare(i) \/ RMChooseToAbort(i) \/ Obey(i)

Consistent == \A i, j \in RM : ~(rm[i] = "committed" /\ rm[j] = "aborted")
=============================================================================
