//! Two-phase commit.

use stateright::{Model, Property};

const MAX: usize = 15;

pub struct TwoPhase {
    pub n: u8,
}

/// A resource manager's state; the transaction manager is undecided while `Working`.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
#[repr(u8)]
pub enum Rm {
    Working,
    Prepared,
    Committed,
    Aborted,
}

/// Sets of resource managers have a bit for each.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct State {
    tm: Rm,
    rm: [Rm; MAX],
    sent: u16,
    received: u16,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Commit,
    Abort,
    RcvPrepared(u8),
    Prepare(u8),
    ChooseToAbort(u8),
    Obey(u8),
}

impl Model for TwoPhase {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State { tm: Rm::Working, rm: [Rm::Working; MAX], sent: 0, received: 0 }]
    }

    fn actions(&self, s: &State, actions: &mut Vec<Action>) {
        let undecided = s.tm == Rm::Working;
        if undecided {
            if s.received == (1 << self.n) - 1 {
                actions.push(Action::Commit);
            }
            actions.push(Action::Abort);
        }
        for i in 0..self.n {
            if undecided && s.sent >> i & 1 != 0 {
                actions.push(Action::RcvPrepared(i));
            }
            if s.rm[i as usize] == Rm::Working {
                actions.push(Action::Prepare(i));
                actions.push(Action::ChooseToAbort(i));
            }
            if !undecided {
                actions.push(Action::Obey(i));
            }
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut s = last.clone();
        match action {
            Action::Commit => s.tm = Rm::Committed,
            Action::Abort => s.tm = Rm::Aborted,
            Action::RcvPrepared(i) => s.received |= 1 << i,
            Action::Prepare(i) => {
                s.rm[i as usize] = Rm::Prepared;
                s.sent |= 1 << i;
            }
            Action::ChooseToAbort(i) => s.rm[i as usize] = Rm::Aborted,
            Action::Obey(i) => s.rm[i as usize] = s.tm,
        }
        Some(s)
    }

    /// One property that nothing violates, since Stateright stops when it has an answer to all.
    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("true", |_, _| true)]
    }
}
