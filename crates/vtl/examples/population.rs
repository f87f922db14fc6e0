//! Judges a whole Parquet file and tells how long it took: what `benches/` measures.
//!
//!     population RULES.vtl DATA.parquet [--threads N] [--memory REPEATS]
//!
//! Reads, judges and counts as `youju vtl check` does, on several threads by row group, without keeping rows. With `--memory` all
//! rows are read first and then judged REPEATS times. The outcome is one line of JSON.

use arrow_array::{ArrayRef, RecordBatch};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;
use youju_vtl::{EvalError, Program, Schema, Type, exact_batch, parse, readable, type_of};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const ROWS_PER_BATCH: usize = 16_384;

/// What the working threads have spent on a processor, in nanoseconds.
static SPENT: AtomicU64 = AtomicU64::new(0);

struct Options {
    rules: PathBuf,
    data: PathBuf,
    threads: usize,
    memory: Option<usize>,
}

fn main() -> Result<(), Failure> {
    let started = Instant::now();
    let options = options()?;
    let text = std::fs::read_to_string(&options.rules)?;
    let script = parse(&text)?;
    let ruleset = script.rulesets().next().ok_or("no ruleset")?;
    let metadata = ArrowReaderMetadata::load(&File::open(&options.data)?, ArrowReaderOptions::default())?;
    let fields = metadata.schema().fields().iter();
    let schema = Schema::new(fields.map(|f| (f.name().as_str(), type_of(f.data_type()).unwrap_or(Type::Number))));
    let program = Program::compile(ruleset, &schema)?;
    let compiled = started.elapsed().as_secs_f64();
    match options.memory {
        None => {
            let counts = streamed(&program, &options.data, &metadata, options.threads)?;
            tell(compiled, &[started.elapsed().as_secs_f64()], &counts)
        }
        Some(repeats) => {
            let batches = loaded(&program, &options.data, &metadata)?;
            let mut seconds = Vec::new();
            let mut counts = Vec::new();
            for _ in 0..repeats {
                let start = Instant::now();
                counts = judged(&program, &batches, options.threads)?;
                seconds.push(start.elapsed().as_secs_f64());
            }
            tell(compiled, &seconds, &counts)
        }
    }
}

fn options() -> Result<Options, Failure> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().ok_or_else(|| format!("{what} is missing"));
    let mut options =
        Options { rules: next("RULES.vtl")?.into(), data: next("DATA.parquet")?.into(), threads: 1, memory: None };
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or("a number is missing")?.parse()?;
        match name.as_str() {
            "--threads" => options.threads = value,
            "--memory" => options.memory = Some(value),
            _ => return Err(format!("unknown option {name}").into()),
        }
    }
    Ok(options)
}

/// Reads one row group and hands its batches to `take`.
fn group(
    program: &Program,
    data: &Path,
    metadata: &ArrowReaderMetadata,
    group: usize,
    mut take: impl FnMut(RecordBatch) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(data)?, metadata.clone());
    let mask =
        parquet::arrow::ProjectionMask::columns(builder.parquet_schema(), program.inputs().iter().map(String::as_str));
    let builder = builder.with_projection(mask).with_row_groups(vec![group]).with_batch_size(ROWS_PER_BATCH);
    for batch in builder.build()? {
        let batch = batch?;
        let schema = batch.schema();
        let columns = schema.fields().iter().zip(batch.columns()).map(|(field, array)| -> Result<_, Failure> {
            Ok((field.name().clone(), readable(field.name(), array)?, true))
        });
        let columns: Vec<(String, ArrayRef, bool)> = columns.collect::<Result<_, _>>()?;
        take(RecordBatch::try_from_iter_with_nullable(columns)?)?;
    }
    Ok(())
}

fn streamed(
    program: &Program,
    data: &Path,
    metadata: &ArrowReaderMetadata,
    threads: usize,
) -> Result<Vec<usize>, Failure> {
    let groups = metadata.metadata().num_row_groups();
    side_by_side(program, threads, groups, |at, add| {
        group(program, data, metadata, at, |batch| {
            judge(program, &batch, add)?;
            Ok(())
        })
    })
}

fn loaded(program: &Program, data: &Path, metadata: &ArrowReaderMetadata) -> Result<Vec<RecordBatch>, Failure> {
    let mut batches = Vec::new();
    for at in 0..metadata.metadata().num_row_groups() {
        group(program, data, metadata, at, |batch| {
            batches.push(batch);
            Ok(())
        })?;
    }
    Ok(batches)
}

fn judged(program: &Program, batches: &[RecordBatch], threads: usize) -> Result<Vec<usize>, Failure> {
    side_by_side(program, threads, batches.len(), |at, add| match batches.get(at) {
        Some(batch) => judge(program, batch, add),
        None => Ok(()),
    })
}

/// The one place where rules meet rows.
fn judge(program: &Program, batch: &RecordBatch, counts: &mut [usize]) -> Result<(), Failure> {
    let verdicts = match program.evaluate(batch) {
        Err(EvalError::Float { .. }) => program.evaluate(&exact_batch(batch, 0)?)?,
        done => done?,
    };
    for (rule, count) in counts.iter_mut().enumerate() {
        *count += verdicts.counts(rule).failed;
    }
    Ok(())
}

/// Does the pieces of work on some threads and adds up the failing cells of every rule.
fn side_by_side(
    program: &Program,
    threads: usize,
    pieces: usize,
    work: impl Fn(usize, &mut [usize]) -> Result<(), Failure> + Sync,
) -> Result<Vec<usize>, Failure> {
    let rules = program.rules().len();
    let (next, total) = (AtomicUsize::new(0), Mutex::new(Ok(vec![0; rules])));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut own = vec![0; rules];
                let mut done = Ok(());
                while done.is_ok() {
                    let piece = next.fetch_add(1, Ordering::Relaxed);
                    if piece >= pieces {
                        break;
                    }
                    done = work(piece, &mut own);
                }
                SPENT.fetch_add(own_time(), Ordering::Relaxed);
                if let Ok(mut total) = total.lock() {
                    match (&mut *total, done) {
                        (Ok(all), Ok(())) => all.iter_mut().zip(own).for_each(|(all, own)| *all += own),
                        (total, Err(error)) => *total = Err(error),
                        _ => {}
                    }
                }
            });
        }
    });
    total.into_inner().map_err(|_| "a thread panicked")?
}

/// What this thread has spent so far, as Linux counts it; 0 elsewhere.
fn own_time() -> u64 {
    std::thread::yield_now(); // the count is brought up to date when a thread steps aside
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split_whitespace().next().and_then(|time| time.parse().ok()).unwrap_or(0)
}

fn tell(compiled: f64, seconds: &[f64], counts: &[usize]) -> Result<(), Failure> {
    let nanoseconds = SPENT.load(Ordering::Relaxed);
    let places =
        format!("\"compile_seconds\": {compiled:.6}, \"seconds\": {seconds:?}, \"cpu_nanoseconds\": {nanoseconds}");
    writeln!(std::io::stdout(), "{{{places}, \"failed\": {counts:?}}}")?;
    Ok(())
}
