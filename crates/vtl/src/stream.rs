//! Batch after batch of something larger than memory.

use crate::column::EvalError;
use crate::program::Program;
use crate::verdict::{Counts, Verdicts};
use arrow_array::RecordBatch;
use std::num::NonZeroUsize;

/// Stream 流式审核 — judges batches one after the other, keeps the counts of all of them, and the verdicts until they are
/// taken.
///
/// Until then a row needs half a byte for each rule; the batches are not kept.
#[derive(Debug)]
pub struct Stream<'p> {
    program: &'p Program,
    threads: NonZeroUsize,
    rules: Vec<usize>,
    rows: usize,
    counts: Vec<Counts>,
    verdicts: Verdicts,
}

impl Program {
    /// A stream under all rules, on so many threads.
    pub fn stream(&self, threads: NonZeroUsize) -> Stream<'_> {
        let rules: Vec<usize> = (0..self.rules().len()).collect();
        let counts = vec![Counts::default(); rules.len()];
        Stream { program: self, threads, rows: 0, counts, verdicts: Verdicts::new(rules.clone(), 0), rules }
    }
}

impl Stream<'_> {
    /// Judges a further batch. After an error nothing of this batch counts, and a row in the error is one of the stream.
    pub fn push(&mut self, batch: &RecordBatch) -> Result<(), EvalError> {
        let next = self.program.evaluate_on(batch, &self.rules, self.threads).map_err(|error| match error {
            EvalError::Float { column, row, value, places } => {
                EvalError::Float { column, row: row + self.rows, value, places }
            }
            other => other,
        })?;
        self.rows += next.rows();
        for (counts, rule) in self.counts.iter_mut().zip(&self.rules) {
            counts.add(next.counts(*rule));
        }
        if self.verdicts.rows() == 0 {
            self.verdicts = next; // nothing to copy, as after every `take`
            return Ok(());
        }
        self.verdicts.append(&next)
    }

    /// How many rows have been judged.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How all rows so far fared under a rule.
    pub fn counts(&self, rule: usize) -> Counts {
        self.counts.get(rule).copied().unwrap_or_default()
    }

    /// The verdicts since this was last called; the first of them belongs to the row that [`Stream::rows`] said then.
    pub fn take(&mut self) -> Verdicts {
        std::mem::replace(&mut self.verdicts, Verdicts::new(self.rules.clone(), 0))
    }
}
