---------------------------- MODULE KafkaCoreState ----------------------------
(***************************************************************************)
(* The state of KafkaCore, what can be said of it, and what must hold in   *)
(* it. The variables are those that kcheck's package model has in its      *)
(* state where the question sees no consumer.                              *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
    Replicas,      \* brokers 1 to Replicas; the first leads in the beginning
    Messages,      \* sent in this order, one in flight at a time
    Acks,          \* "all", "1" or "0"
    MinISR,        \* min.insync.replicas
    Idempotent,    \* enable.idempotence
    Retries,       \* after the first attempt
    ELR,           \* eligible.leader.replicas.version >= 1
    Unclean,       \* unclean.leader.election.enable
    Exposed,       \* is it followed what consumers could read?
    MaxRequestLost, MaxResponseLost, MaxCrash, MaxMove, MaxLag

VARIABLES
    decided,       \* the controller's decisions [leader, isr]; epoch e is decided[e + 1]
    offline,       \* the newest decision has no leader any more
    br,            \* the brokers
    msg,           \* the messages in the producer
    known,         \* the newest leader epoch that the client has proof of
    producer,      \* the producer epoch
    exposed,       \* what consumers could read: [rec, epoch] by offset
    conflict,      \* two leaders have shown different records at an offset
    used           \* how often each fault has occurred

vars == <<decided, offline, br, msg, known, producer, exposed, conflict, used>>

Brokers == 1..Replicas
None == 15         \* no position
Epochs == 0..7
Unlimited == 2147483647   \* retries as Kafka has them by default
Minimum == IF MinISR < Replicas THEN MinISR ELSE Replicas

Least(S) == CHOOSE x \in S : \A y \in S : x <= y
Min(a, b) == IF a < b THEN a ELSE b

Init ==
    /\ decided = <<[leader |-> 1, isr |-> Brokers]>>
    /\ offline = FALSE
    /\ br = [b \in Brokers |->
              [alive |-> TRUE, fenced |-> FALSE, log |-> <<>>, hw |-> 0, epoch |-> 0,
               pos |-> IF b = 1 THEN None ELSE 0, start |-> 0, kept |-> [e \in Epochs |-> 0],
               eligible |-> FALSE, last |-> FALSE]]
    /\ msg = [m \in 1..Messages |->
              [phase |-> "unsent", at |-> 0, retries |-> 0, inc |-> 0, acked |-> FALSE,
               told |-> FALSE]]
    /\ known = 0
    /\ producer = 0
    /\ exposed = <<>>
    /\ conflict = FALSE
    /\ used = [requestLost |-> 0, responseLost |-> 0, crash |-> 0, move |-> 0, lag |-> 0]

----------------------------------------------------------------------------
(* Decisions and beliefs. B stands for the brokers, D for the decisions, as they are or as a step leaves them. *)

Newest(D) == Len(D) - 1
LeaderIn(D, e) == D[e + 1].leader
ISR(D, e) == D[e + 1].isr
Leader == IF offline THEN 0 ELSE LeaderIn(decided, Newest(decided))

\* b runs and believes that it leads.
Leads(B, D, b) == B[b].alive /\ LeaderIn(D, B[b].epoch) = b

EnoughReplicas(D, e) == Cardinality(ISR(D, e)) >= Minimum

----------------------------------------------------------------------------
(* The high watermark *)

\* What l, leader of its epoch, knows of the log end of f: what f has told in this epoch, or what l keeps of an earlier one.
Position(B, l, f) ==
    IF f = l THEN Len(B[l].log)
    ELSE IF B[f].epoch # B[l].epoch \/ B[f].pos = None THEN B[f].kept[B[l].epoch]
    ELSE B[f].pos

Advanced(B, D, l) ==
    LET e == B[l].epoch
        least == Least({Position(B, l, f) : f \in ISR(D, e) \union {l}})
    IN IF Leads(B, D, l) /\ EnoughReplicas(D, e) /\ least > B[l].hw
       THEN [B EXCEPT ![l].hw = least] ELSE B

\* Whoever leads the newest epoch looks at its high watermark after a change of the in-sync set.
AdvancedNewest(B, D) ==
    LET l == LeaderIn(D, Newest(D))
    IN IF l = 0 THEN B ELSE IF B[l].epoch = Newest(D) THEN Advanced(B, D, l) ELSE B

----------------------------------------------------------------------------
(* What consumers could read, noted after each step *)

RECURSIVE Note(_, _, _, _)
\* Adds what leader b shows from offset i + 1 on to X, a pair of the records and the conflict.
Note(B, b, i, X) ==
    IF i = B[b].hw THEN X
    ELSE LET r == B[b].log[i + 1] IN
         Note(B, b, i + 1,
              IF i >= Len(X[1]) THEN <<Append(X[1], [rec |-> r, epoch |-> B[b].epoch]), X[2]>>
              ELSE <<X[1], X[2] \/ X[1][i + 1].rec # r>>)

RECURSIVE NoteAll(_, _, _, _)
NoteAll(B, D, b, X) ==
    IF b > Replicas THEN X
    ELSE NoteAll(B, D, b + 1, IF Leads(B, D, b) THEN Note(B, b, 0, X) ELSE X)

Noted ==
    IF Exposed
    THEN LET X == NoteAll(br', decided', 1, <<exposed, conflict>>)
         IN exposed' = X[1] /\ conflict' = X[2]
    ELSE UNCHANGED <<exposed, conflict>>

----------------------------------------------------------------------------
(* Messages and logs *)

Pending(p) == p \in {"queued", "awaiting", "retrying"}

HasRecord(log, m) == \E i \in 1..Len(log) : log[i].msg = m

\* How far two logs agree.
Agreement(p, q) ==
    LET n == Min(Len(p), Len(q))
        differ == {i \in 1..n : p[i] # q[i]}
    IN IF differ = {} THEN n ELSE Least(differ) - 1

----------------------------------------------------------------------------
(* What must hold *)

CommittedStays ==
    /\ ~conflict
    /\ \A b \in Brokers : Leads(br, decided, b) =>
         \A i \in 1..Len(exposed) : exposed[i].epoch <= br[b].epoch =>
           i <= Len(br[b].log) /\ br[b].log[i] = exposed[i].rec

LogAgreement ==
    \A a, b \in ISR(decided, Newest(decided)) :
        \A i \in 1..Min(br[a].hw, br[b].hw) : br[a].log[i] = br[b].log[i]

NoDuplicateInLog ==
    \A b \in Brokers : Leads(br, decided, b) =>
        \A i, j \in 1..br[b].hw : br[b].log[i].msg = br[b].log[j].msg => i = j

\* A message that was acknowledged is in some log.
NoAckedLoss ==
    \A m \in 1..Messages : msg[m].acked /\ ~Pending(msg[m].phase) => \E b \in Brokers : HasRecord(br[b].log, m)
=============================================================================
