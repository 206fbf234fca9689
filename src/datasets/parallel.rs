//! Work divided among threads and taken back in order, with bounded memory: as `pipeline` does, without a database to wait for.

use std::ops::ControlFlow;
use std::sync::mpsc::sync_channel;
use std::thread;

/// Makes batch 0, 1, 2 ... on `jobs` threads and hands each to `take`, in order, until `take` breaks off or all `batches` are
/// taken.
///
/// Batch `k` is made by worker `k mod jobs` and waits in a channel of one; no worker is more than two ahead.
pub fn in_order<T: Send, B>(
    jobs: usize,
    batches: u64,
    make: impl Fn(u64) -> T + Sync,
    mut take: impl FnMut(T) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let jobs = (jobs.max(1) as u64).min(batches.max(1));
    thread::scope(|scope| {
        let make = &make;
        let start = |worker: u64| {
            let (sender, receiver) = sync_channel(1);
            scope.spawn(move || {
                // Nobody listens any more where `take` has broken off.
                (worker..batches).step_by(jobs as usize).try_for_each(|batch| sender.send(make(batch)).ok())
            });
            receiver
        };
        let workers: Vec<_> = (0..jobs).map(start).collect();
        for batch in 0..batches {
            // A worker that is gone has panicked; the scope says so when it ends.
            let Ok(made) = workers[(batch % jobs) as usize].recv() else { break };
            take(made)?;
        }
        ControlFlow::Continue(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_threads_the_order_is_one() {
        for jobs in [1, 2, 3, 50] {
            let mut taken = Vec::new();
            let end: ControlFlow<()> = in_order(
                jobs,
                20,
                |batch| batch * batch,
                |made| {
                    taken.push(made);
                    ControlFlow::Continue(())
                },
            );
            assert!(end.is_continue());
            assert_eq!(taken, (0..20).map(|batch| batch * batch).collect::<Vec<u64>>());
        }
    }

    #[test]
    fn it_ends_when_enough_is_taken() {
        let stop = |made: u64| if made == 7 { ControlFlow::Break("enough") } else { ControlFlow::Continue(()) };
        assert_eq!(in_order(3, u64::MAX, |batch| batch, stop), ControlFlow::Break("enough"));
        assert_eq!(in_order(3, 0, |batch| batch, stop), ControlFlow::Continue(()));
    }
}
