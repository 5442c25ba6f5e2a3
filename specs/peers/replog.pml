/* A replicated log of three brokers. README.md tells what it does. Every action
 * is one transition of one process that does nothing else, so that Spin stores
 * exactly the states of the protocol.
 *
 *   spin -DMESSAGES=2 -DATTEMPTS=1 -DEPOCHS=3 -DCRASHES=2 -a replog.pml
 */
#ifndef MESSAGES
#define MESSAGES 1		/* at most 2 */
#endif
#ifndef ATTEMPTS
#define ATTEMPTS 1		/* at most 2 */
#endif
#ifndef EPOCHS
#define EPOCHS 2
#endif
#ifndef CRASHES
#define CRASHES 1
#endif

#define L 4			/* length of a log; ATTEMPTS * MESSAGES is at most that */

byte leader = 0;		/* as elected; it may have crashed since */
byte epoch = 1;
byte isr = 7;			/* a bit for each broker that is in sync */
byte crashes = 0;
byte acked = 0;			/* a bit for each message */
byte attempts[2];

bit  dead[3];
byte known[3] = 1;		/* the leader epoch a broker knows */
byte end[3];
byte high[3];			/* high watermark */
byte log[12];			/* epoch * 8 + message + 1; 0 behind the end */

byte n, k;			/* scratch, 0 between actions */

#define LEADS(b)	(leader == b && !dead[b])
#define INSYNC(b)	((isr >> b) & 1)
#define HAS(b, i)	(log[b * L + i] != 0)
#define SAME(b, c, i)	(HAS(b, i) && log[b * L + i] == log[c * L + i])
#define HOLDS(b, x, i)	(i < high[b] && log[b * L + i] % 8 == x + 1)

/* how many entries at the front of two logs agree */
#define MATCH(b, c)	(SAME(b, c, 0) -> (SAME(b, c, 1) -> (SAME(b, c, 2) -> (SAME(b, c, 3) -> 4 : 3) : 2) : 1) : 0)

/* how many entries the in-sync brokers have in common with leader b */
#define LEAST(x, y)	(x < y -> x : y)
#define BACKED(b, c)	((c != b && INSYNC(c)) -> MATCH(b, c) : end[b])
#define REPLICATED(b)	LEAST(LEAST(BACKED(b, 0), BACKED(b, 1)), BACKED(b, 2))

#define CUT(b, from)	k = from; do :: k < L -> log[b * L + k] = 0; k++ :: else -> break od; k = 0

#define APPEND(b, x) \
	:: d_step { LEADS(b) && attempts[x] < ATTEMPTS && end[b] < L && !((acked >> x) & 1) -> \
		log[b * L + end[b]] = known[b] * 8 + x + 1; end[b]++; attempts[x]++ }

#define ACK(b, x) \
	:: d_step { LEADS(b) && !((acked >> x) & 1) && (HOLDS(b, x, 0) || HOLDS(b, x, 1) || HOLDS(b, x, 2) || HOLDS(b, x, 3)) -> \
		acked = acked | (1 << x) }

#define FETCH(b) \
	:: d_step { leader != b && !dead[b] && !dead[leader] && (end[b] != end[leader] || high[b] != high[leader] \
			|| known[b] != known[leader] || MATCH(leader, b) != end[leader]) -> \
		n = MATCH(leader, b); \
		if :: n < end[leader] -> log[b * L + n] = log[leader * L + n]; n++ :: else fi; \
		CUT(b, n); end[b] = n; known[b] = known[leader]; high[b] = LEAST(n, high[leader]); n = 0 }

#define ADVANCE(b) \
	:: d_step { LEADS(b) && REPLICATED(b) > high[b] -> high[b] = REPLICATED(b) }

#define SHRINK(b, c) \
	:: d_step { LEADS(b) && INSYNC(c) && MATCH(b, c) < end[b] -> isr = isr - (1 << c) }

#define EXPAND(b, c) \
	:: d_step { LEADS(b) && !INSYNC(c) && !dead[c] && MATCH(b, c) >= high[b] -> isr = isr + (1 << c) }

#define CRASH(b) \
	:: d_step { !dead[b] && crashes < CRASHES -> dead[b] = 1; crashes++; \
		if :: INSYNC(b) && isr != (1 << b) -> isr = isr - (1 << b) :: else fi }

#define RESTART(b) \
	:: d_step { dead[b] -> dead[b] = 0; CUT(b, high[b]); end[b] = high[b] }

#define ELECT(b) \
	:: d_step { !dead[b] && INSYNC(b) && leader != b && dead[leader] && epoch < EPOCHS -> \
		epoch++; leader = b; known[b] = epoch }

#define BROKER(b, c, d) \
	APPEND(b, 0) ACK(b, 0) MORE(b) FETCH(b) ADVANCE(b) SHRINK(b, c) SHRINK(b, d) EXPAND(b, c) EXPAND(b, d) \
	CRASH(b) RESTART(b) ELECT(b)

#if MESSAGES > 1
#define MORE(b) APPEND(b, 1) ACK(b, 1)
#else
#define MORE(b)
#endif

active proctype Log() {
	do
	BROKER(0, 1, 2)
	BROKER(1, 0, 2)
	BROKER(2, 0, 1)
	od
}
