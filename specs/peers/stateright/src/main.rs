//! Explores one of the models with Stateright and prints how many states and transitions there are.
//!
//!     peers bfs|dfs THREADS twophase N
//!     peers bfs|dfs THREADS replog MESSAGES ATTEMPTS EPOCHS CRASHES

mod replog;
mod twophase;

use stateright::{Checker, Model};
use std::fmt::Debug;
use std::hash::Hash;
use std::time::Instant;

fn explore<M>(model: M, order: &str, threads: usize)
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + Debug + Hash + PartialEq + Send + Sync,
    M::Action: Clone + Debug + PartialEq + Send + Sync,
{
    let begin = Instant::now();
    let builder = model.checker().threads(threads);
    let (unique, all) = if order == "dfs" {
        let checker = builder.spawn_dfs().join();
        (checker.unique_state_count(), checker.state_count())
    } else {
        let checker = builder.spawn_bfs().join();
        (checker.unique_state_count(), checker.state_count())
    };
    println!("states={} transitions={} seconds={}", unique, all, begin.elapsed().as_secs_f64());
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<u8> = args.iter().skip(3).map(|a| a.parse().expect("a number")).collect();
    let threads = args[1].parse().expect("a number of threads");
    match args[2].as_str() {
        "twophase" => explore(twophase::TwoPhase { n: numbers[0] }, &args[0], threads),
        "replog" => explore(
            replog::Log { messages: numbers[0], attempts: numbers[1], epochs: numbers[2], crashes: numbers[3] },
            &args[0],
            threads,
        ),
        other => panic!("no model named {other}"),
    }
}
