------------------------------- MODULE replog -------------------------------
(* A replicated log of three brokers. README.md tells what it does.         *)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS MESSAGES, ATTEMPTS, EPOCHS, CRASHES

VARIABLES
    leader,    \* as elected; it may have crashed since
    epoch,
    isr,       \* the brokers that are in sync
    crashes,
    acked,     \* the messages that were acknowledged
    attempts,  \* how often each message was sent
    alive,     \* the brokers that are up
    broker     \* what a broker has and knows: epoch, log and high watermark

vars == <<leader, epoch, isr, crashes, acked, attempts, alive, broker>>

Broker == 0 .. 2
Message == 1 .. MESSAGES
Capacity == 4  \* entries of a log; ATTEMPTS * MESSAGES is at most that

Init ==
    /\ leader = 0
    /\ epoch = 1
    /\ isr = Broker
    /\ crashes = 0
    /\ acked = {}
    /\ attempts = [x \in Message |-> 0]
    /\ alive = Broker
    /\ broker = [b \in Broker |-> [epoch |-> 1, log |-> << >>, high |-> 0]]

Leads(b) == leader = b /\ b \in alive
End(b) == Len(broker[b].log)
Least(S) == CHOOSE n \in S : \A m \in S : n <= m

\* How many entries at the front of two logs agree.
RECURSIVE MatchingFrom(_, _, _)
MatchingFrom(p, q, n) ==
    IF n < Len(p) /\ n < Len(q) /\ p[n + 1] = q[n + 1] THEN MatchingFrom(p, q, n + 1) ELSE n
Matching(b, c) == MatchingFrom(broker[b].log, broker[c].log, 0)

\* How many entries the in-sync brokers have in common with leader b.
Replicated(b) == Least({End(b)} \cup {Matching(b, c) : c \in isr \ {b}})

Append_(b, x) ==
    /\ Leads(b)
    /\ attempts[x] < ATTEMPTS
    /\ End(b) < Capacity
    /\ x \notin acked
    /\ broker' = [broker EXCEPT ![b].log = Append(@, <<broker[b].epoch, x>>)]
    /\ attempts' = [attempts EXCEPT ![x] = @ + 1]
    /\ UNCHANGED <<leader, epoch, isr, crashes, acked, alive>>

Ack(b, x) ==
    /\ Leads(b)
    /\ x \notin acked
    /\ x \in {broker[b].log[i][2] : i \in 1 .. broker[b].high}
    /\ acked' = acked \cup {x}
    /\ UNCHANGED <<leader, epoch, isr, crashes, attempts, alive, broker>>

Fetch(b) ==
    /\ leader # b
    /\ {leader, b} \subseteq alive
    /\ broker[b] # broker[leader]
    /\ LET n == Least({Matching(leader, b) + 1, End(leader)})
       IN  broker' = [broker EXCEPT ![b] =
               [epoch |-> broker[leader].epoch,
                log |-> SubSeq(broker[leader].log, 1, n),
                high |-> Least({n, broker[leader].high})]]
    /\ UNCHANGED <<leader, epoch, isr, crashes, acked, attempts, alive>>

AdvanceHighWatermark(b) ==
    /\ Leads(b)
    /\ Replicated(b) > broker[b].high
    /\ broker' = [broker EXCEPT ![b].high = Replicated(b)]
    /\ UNCHANGED <<leader, epoch, isr, crashes, acked, attempts, alive>>

Shrink(b, c) ==
    /\ Leads(b)
    /\ c \in isr \ {b}
    /\ Matching(b, c) < End(b)
    /\ isr' = isr \ {c}
    /\ UNCHANGED <<leader, epoch, crashes, acked, attempts, alive, broker>>

Expand(b, c) ==
    /\ Leads(b)
    /\ c \in alive \ isr
    /\ c # b
    /\ Matching(b, c) >= broker[b].high
    /\ isr' = isr \cup {c}
    /\ UNCHANGED <<leader, epoch, crashes, acked, attempts, alive, broker>>

Crash(b) ==
    /\ b \in alive
    /\ crashes < CRASHES
    /\ alive' = alive \ {b}
    /\ crashes' = crashes + 1
    /\ isr' = IF isr = {b} THEN isr ELSE isr \ {b}
    /\ UNCHANGED <<leader, epoch, acked, attempts, broker>>

Restart(b) ==
    /\ b \notin alive
    /\ alive' = alive \cup {b}
    /\ broker' = [broker EXCEPT ![b].log = SubSeq(@, 1, broker[b].high)]
    /\ UNCHANGED <<leader, epoch, isr, crashes, acked, attempts>>

Elect(b) ==
    /\ b \in alive \cap isr
    /\ leader # b
    /\ leader \notin alive
    /\ epoch < EPOCHS
    /\ epoch' = epoch + 1
    /\ leader' = b
    /\ broker' = [broker EXCEPT ![b].epoch = epoch + 1]
    /\ UNCHANGED <<isr, crashes, acked, attempts, alive>>

Next == \E b \in Broker :
    \/ \E x \in Message : Append_(b, x) \/ Ack(b, x)
    \/ \E c \in Broker : Shrink(b, c) \/ Expand(b, c)
    \/ Fetch(b) \/ AdvanceHighWatermark(b) \/ Crash(b) \/ Restart(b) \/ Elect(b)
=============================================================================
