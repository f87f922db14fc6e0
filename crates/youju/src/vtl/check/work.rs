//! Threads that read, judge and count. What they find is put together in the order of the file, however fast each was.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use indicatif::ProgressBar;
use youju_vtl::{Counts, EvalError, Language, Program, Verdicts, exact_batch};

use super::output::{FailedRow, FailureFile};
use super::source::{CellErrors, Part, Piece};
use crate::open::Failure;

/// Messages that may wait to be put together: keeps the memory bounded when the file of failures is slow.
const MESSAGES_WAITING_MAX: usize = 8;

/// What came out of all rows.
#[derive(Default)]
pub(crate) struct Tally {
    /// Rows of the file.
    pub rows: usize,
    /// Rows in which some rule failed.
    pub flagged: usize,
    /// For each rule of the program.
    pub counts: Vec<Counts>,
    /// Cells that could not be used.
    pub errors: CellErrors,
}

/// What came out of one piece.
struct Judged {
    tally: Tally,
    failures: Vec<FailedRow>,
    progress: u64,
}

enum Message {
    Judged(usize, Box<Judged>),
    /// A part has been read to its end.
    Over(usize),
    Failed(usize, Failure),
}

/// The one place where rules meet rows. Floats that are too long for the engine become decimals first.
fn judge(program: &Program, piece: &mut Piece) -> Result<Verdicts, Failure> {
    let done = match program.evaluate(&piece.batch) {
        Err(EvalError::Float { .. }) => {
            let rows_before = piece.numbers.first().map_or(0, |number| number - 1);
            piece.batch = exact_batch(&piece.batch, usize::try_from(rows_before)?)?;
            program.evaluate(&piece.batch)
        }
        done => done,
    };
    Ok(done?)
}

/// Judges all parts with some threads, and hands failing rows to `file` in the order of the rows.
pub(crate) fn run(
    program: &Program,
    parts: Vec<Part>,
    threads: usize,
    bar: &ProgressBar,
    file: Option<&mut FailureFile>,
) -> Result<Tally, Failure> {
    let threads = threads.min(parts.len());
    let queue = Mutex::new(parts.into_iter().enumerate());
    // Parts behind the first one that failed are given up; those before it go on, so that always the same failure is told.
    let first_failed = AtomicUsize::new(usize::MAX);
    let is_listing = file.is_some();
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel(MESSAGES_WAITING_MAX);
        for _ in 0..threads {
            let send = send.clone();
            let (queue, first_failed) = (&queue, &first_failed);
            scope.spawn(move || {
                while let Some((number, part)) = queue.lock().ok().and_then(|mut queue| queue.next()) {
                    let done = read(program, number, part, is_listing, first_failed, &send);
                    let message = match done {
                        Ok(()) => Message::Over(number),
                        Err(error) => {
                            first_failed.fetch_min(number, Ordering::Relaxed);
                            Message::Failed(number, error)
                        }
                    };
                    if send.send(message).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        collect(program, &receive, bar, file)
    })
}

fn read(
    program: &Program,
    number: usize,
    part: Part,
    is_listing: bool,
    first_failed: &AtomicUsize,
    send: &SyncSender<Message>,
) -> Result<(), Failure> {
    part.each(&mut |piece| {
        if first_failed.load(Ordering::Relaxed) < number {
            return Ok(false);
        }
        let judged = judge_piece(program, piece, is_listing)?;
        Ok(send.send(Message::Judged(number, Box::new(judged))).is_ok())
    })
}

fn judge_piece(program: &Program, mut piece: Piece, is_listing: bool) -> Result<Judged, Failure> {
    let verdicts = judge(program, &mut piece)?;
    let mut is_flagged = vec![false; verdicts.rows()];
    let mut counts = Vec::with_capacity(program.rules().len());
    let mut failures = Vec::new();
    for rule in 0..program.rules().len() {
        counts.push(verdicts.counts(rule));
        for row in verdicts.failing_rows(rule) {
            if let Some(flag) = is_flagged.get_mut(row) {
                *flag = true;
            }
            if is_listing {
                failures.push((row, rule));
            }
        }
    }
    failures.sort_unstable();
    let told = failures.into_iter().map(|(row, rule)| told(program, &piece, row, rule));
    let failures = told.collect::<Result<_, Failure>>()?;
    let flagged = is_flagged.into_iter().filter(|flag| *flag).count();
    let tally = Tally { rows: verdicts.rows(), flagged, counts, errors: piece.errors };
    Ok(Judged { tally, failures, progress: piece.progress })
}

fn told(program: &Program, piece: &Piece, row: usize, rule: usize) -> Result<FailedRow, Failure> {
    let explanation = program.explain(rule, &piece.batch, row, &|_| None, Language::Chinese)?;
    let number = piece.numbers.get(row).copied().unwrap_or_default();
    Ok(FailedRow { number, rule, sentence: format!("{}。", explanation.sentence) })
}

/// Counts come in any order; failing rows of a later part wait until all earlier parts are over.
fn collect(
    program: &Program,
    receive: &Receiver<Message>,
    bar: &ProgressBar,
    mut file: Option<&mut FailureFile>,
) -> Result<Tally, Failure> {
    let mut tally = Tally { counts: vec![Counts::default(); program.rules().len()], ..Tally::default() };
    let mut waiting: BTreeMap<usize, (Vec<FailedRow>, bool)> = BTreeMap::new();
    let mut current = 0;
    let mut failed: Option<(usize, Failure)> = None;
    for message in receive {
        match message {
            Message::Judged(part, judged) => {
                bar.inc(judged.progress);
                tally.add(judged.tally);
                waiting.entry(part).or_default().0.extend(judged.failures);
            }
            Message::Over(part) => waiting.entry(part).or_default().1 = true,
            Message::Failed(part, error) => {
                if failed.as_ref().is_none_or(|(known, _)| part < *known) {
                    failed = Some((part, error));
                }
            }
        }
        while let Some((rows, is_over)) = waiting.get_mut(&current) {
            let (rows, is_over) = (std::mem::take(rows), *is_over);
            if let Some(file) = &mut file {
                file.write(program, rows)?;
            }
            if !is_over {
                break;
            }
            waiting.remove(&current);
            current += 1;
        }
    }
    match failed {
        Some((_, error)) => Err(error),
        None => Ok(tally),
    }
}

impl Tally {
    fn add(&mut self, more: Tally) {
        self.rows += more.rows;
        self.flagged += more.flagged;
        self.errors.append(more.errors);
        for (all, more) in self.counts.iter_mut().zip(more.counts) {
            all.tested += more.tested;
            all.passed += more.passed;
            all.failed += more.failed;
            all.undecided += more.undecided;
            all.broken += more.broken;
            all.not_applicable += more.not_applicable;
        }
    }
}
