/* Two-phase commit with N resource managers, 1 to 9. Every action is one
 * transition of one process that does nothing else, so that Spin stores exactly
 * the states of the protocol.
 *
 *   spin -DN=5 -a twophase.pml
 */
#ifndef N
#define N 3
#endif

#define Working   0
#define Prepared  1
#define Committed 2
#define Aborted   3

#define Undecided 0

byte tm;            /* Undecided, Committed or Aborted; the latter two are sent */
byte rm[N];         /* state of a resource manager */
bit  sent[N];       /* its message that it is prepared */
bit  received[N];   /* whether the transaction manager has got that */

#define GOT(i) (i >= N || received[i % N])
#define ALL    (GOT(0) && GOT(1) && GOT(2) && GOT(3) && GOT(4) && GOT(5) && GOT(6) && GOT(7) && GOT(8))

#define MANAGER(i) \
	:: d_step { tm == Undecided && sent[i] -> received[i] = 1 } \
	:: d_step { rm[i] == Working -> rm[i] = Prepared; sent[i] = 1 } \
	:: d_step { rm[i] == Working -> rm[i] = Aborted } \
	:: d_step { tm == Committed -> rm[i] = Committed } \
	:: d_step { tm == Aborted -> rm[i] = Aborted }

active proctype Protocol() {
	do
	:: d_step { tm == Undecided && ALL -> tm = Committed }
	:: d_step { tm == Undecided -> tm = Aborted }
	MANAGER(0)
#if N > 1
	MANAGER(1)
#endif
#if N > 2
	MANAGER(2)
#endif
#if N > 3
	MANAGER(3)
#endif
#if N > 4
	MANAGER(4)
#endif
#if N > 5
	MANAGER(5)
#endif
#if N > 6
	MANAGER(6)
#endif
#if N > 7
	MANAGER(7)
#endif
#if N > 8
	MANAGER(8)
#endif
	od
}
