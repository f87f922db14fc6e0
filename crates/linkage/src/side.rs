//! Work side by side: a range is cut into pieces of one size, threads take the next one, and the results stand in the order of the pieces.
//! So nothing depends on how many threads there are.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

pub(crate) fn by_side<T: Send>(
    threads: usize,
    total: usize,
    piece: usize,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    let piece = piece.max(1);
    let pieces = total.div_ceil(piece);
    let range = |at: usize| at * piece..((at + 1) * piece).min(total);
    if threads <= 1 || pieces <= 1 {
        return (0..pieces).map(|at| work(range(at))).collect();
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(pieces));
    std::thread::scope(|scope| {
        for _ in 0..threads.min(pieces) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= pieces {
                        break;
                    }
                    let result = work(range(at));
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
