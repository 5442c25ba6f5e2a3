//! A replicated log of three brokers.

use stateright::{Model, Property};

const BROKERS: u8 = 3;
const CAPACITY: usize = 4;

pub struct Log {
    pub messages: u8,
    pub attempts: u8,
    pub epochs: u8,
    pub crashes: u8,
}

/// What a broker has and knows. Log entries are epoch * 8 + message + 1, 0 behind the end.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub struct Broker {
    alive: bool,
    epoch: u8,
    end: u8,
    high: u8,
    log: [u8; CAPACITY],
}

/// The leader is as elected, and may have crashed since. Sets have a bit for each member.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct State {
    brokers: [Broker; BROKERS as usize],
    leader: u8,
    epoch: u8,
    isr: u8,
    crashes: u8,
    acked: u8,
    attempts: [u8; 2],
}

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Append(u8, u8),
    Ack(u8),
    Fetch(u8),
    Advance(u8),
    Shrink(u8),
    Expand(u8),
    Crash(u8),
    Restart(u8),
    Elect(u8),
}

impl State {
    /// How many entries at the front of two logs agree.
    fn matching(&self, b: u8, c: u8) -> u8 {
        let (p, q) = (&self.brokers[b as usize], &self.brokers[c as usize]);
        let mut n = 0;
        while n < p.end && n < q.end && p.log[n as usize] == q.log[n as usize] {
            n += 1;
        }
        n
    }

    /// How many entries the in-sync brokers have in common with the leader.
    fn replicated(&self, leader: u8) -> u8 {
        let mut n = self.brokers[leader as usize].end;
        for b in 0..BROKERS {
            if b != leader && self.isr >> b & 1 != 0 {
                n = n.min(self.matching(leader, b));
            }
        }
        n
    }
}

impl Broker {
    fn cut(&mut self, n: u8) {
        self.log[n as usize..].fill(0);
        self.end = n;
    }
}

impl Log {
    /// The actions of a leader that is up.
    fn lead(&self, s: &State, l: u8, actions: &mut Vec<Action>) {
        let leader = &s.brokers[l as usize];
        for x in 0..self.messages {
            if s.acked >> x & 1 != 0 {
                continue;
            }
            if s.attempts[x as usize] < self.attempts && (leader.end as usize) < CAPACITY {
                actions.push(Action::Append(l, x));
            }
            if leader.log[..leader.high as usize].iter().any(|e| e % 8 == x + 1) {
                actions.push(Action::Ack(x));
            }
        }
        if s.replicated(l) > leader.high {
            actions.push(Action::Advance(l));
        }
        for b in (0..BROKERS).filter(|&b| b != l) {
            let n = s.matching(l, b);
            if s.isr >> b & 1 != 0 {
                if n < leader.end {
                    actions.push(Action::Shrink(b));
                }
            } else if s.brokers[b as usize].alive && n >= leader.high {
                actions.push(Action::Expand(b));
            }
        }
    }
}

impl Model for Log {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let broker = Broker { alive: true, epoch: 1, end: 0, high: 0, log: [0; CAPACITY] };
        vec![State {
            brokers: [broker; BROKERS as usize],
            leader: 0,
            epoch: 1,
            isr: 7,
            crashes: 0,
            acked: 0,
            attempts: [0; 2],
        }]
    }

    fn actions(&self, s: &State, actions: &mut Vec<Action>) {
        let leader = &s.brokers[s.leader as usize];
        if leader.alive {
            self.lead(s, s.leader, actions);
        }
        for b in 0..BROKERS {
            let broker = &s.brokers[b as usize];
            if !broker.alive {
                actions.push(Action::Restart(b));
                continue;
            }
            if s.crashes < self.crashes {
                actions.push(Action::Crash(b));
            }
            if s.leader == b {
                continue;
            }
            if leader.alive && (broker.end, broker.high, broker.epoch, broker.log) != (leader.end, leader.high, leader.epoch, leader.log) {
                actions.push(Action::Fetch(b));
            }
            if !leader.alive && s.isr >> b & 1 != 0 && s.epoch < self.epochs {
                actions.push(Action::Elect(b));
            }
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut s = last.clone();
        match action {
            Action::Append(l, x) => {
                let leader = &mut s.brokers[l as usize];
                leader.log[leader.end as usize] = leader.epoch * 8 + x + 1;
                leader.end += 1;
                s.attempts[x as usize] += 1;
            }
            Action::Ack(x) => s.acked |= 1 << x,
            Action::Fetch(b) => {
                let mut n = s.matching(s.leader, b);
                let leader = s.brokers[s.leader as usize];
                let broker = &mut s.brokers[b as usize];
                if n < leader.end {
                    broker.log[n as usize] = leader.log[n as usize];
                    n += 1;
                }
                broker.cut(n);
                broker.epoch = leader.epoch;
                broker.high = n.min(leader.high);
            }
            Action::Advance(l) => s.brokers[l as usize].high = s.replicated(l),
            Action::Shrink(b) => s.isr &= !(1 << b),
            Action::Expand(b) => s.isr |= 1 << b,
            Action::Crash(b) => {
                s.brokers[b as usize].alive = false;
                s.crashes += 1;
                if s.isr != 1 << b {
                    s.isr &= !(1 << b);
                }
            }
            Action::Restart(b) => {
                let broker = &mut s.brokers[b as usize];
                broker.alive = true;
                broker.cut(broker.high);
            }
            Action::Elect(b) => {
                s.epoch += 1;
                s.leader = b;
                s.brokers[b as usize].epoch = s.epoch;
            }
        }
        Some(s)
    }

    /// One property that nothing violates, since Stateright stops when it has an answer to all.
    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("true", |_, _| true)]
    }
}
