//! A script over a folder of datasets, its results into another folder.

use std::fs;
use std::path::Path;

use youju_vtl::dataset::{Component, Structure, names_read};
use youju_vtl::{Role, Scalar, Type, parse};

use super::engine::{Engine, Outcome};
use super::error::RunError;
use super::kind::{data_type, scalar_value, schema_of};
use super::{csv_file, json};

/// Stack of the thread that runs a script: plans and their optimiser recurse.
const STACK_BYTES: usize = 256 * 1024 * 1024;

/// Runs a script over the datasets of `input` and writes every result to `output`, each as `NAME.json` and `NAME.csv`.
/// Gives remarks on columns that were not used.
pub fn run_folder(source: &str, input: &Path, output: &Path) -> Result<Vec<String>, RunError> {
    deep(|| run(&Engine::new()?, source, input, output))
}

/// The same with the plans computed by a cluster.
#[cfg(feature = "cluster")]
pub fn run_folder_on(
    cluster: &crate::cluster::Cluster,
    source: &str,
    input: &Path,
    output: &Path,
) -> Result<Vec<String>, RunError> {
    deep(|| run(&Engine::on_cluster(cluster)?, source, input, output))
}

/// On a thread with room for deep plans.
fn deep(work: impl FnOnce() -> Result<Vec<String>, RunError> + Send) -> Result<Vec<String>, RunError> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().name("youju-vtl".into()).stack_size(STACK_BYTES);
        let handle = builder.spawn_scoped(scope, work);
        let handle = handle.map_err(|cause| RunError::runtime(format!("不能启动执行线程:{cause}。")))?;
        handle.join().unwrap_or_else(|_| Err(RunError::runtime("执行时发生内部错误。")))
    })
}

fn run(engine: &Engine, source: &str, input: &Path, output: &Path) -> Result<Vec<String>, RunError> {
    let script = parse(source).map_err(RunError::Syntax)?;
    let mut remarks = Vec::new();
    for (name, structure) in inputs(&script, input)? {
        let file = format!("{name}.csv");
        let path = input.join(&file);
        let bytes = fs::read(&path).map_err(|cause| unreadable(&path, &cause))?;
        let (batch, unused) = csv_file::read(&bytes, &structure, &file)?;
        remarks.extend(unused.iter().map(|column| format!("{file} 的列“{column}”不在结构里,没有使用。")));
        engine.load(&name, structure, &batch).map_err(|error| RunError::runtime(format!("{file}:{error}")))?;
    }
    let results = engine.run(&script)?;
    fs::create_dir_all(output).map_err(|cause| unreadable(output, &cause))?;
    for result in results {
        save(&result.name, &result.outcome, output)?;
    }
    Ok(remarks)
}

/// The datasets of the folder that the script reads.
fn inputs(script: &youju_vtl::Script, folder: &Path) -> Result<Vec<(String, Structure)>, RunError> {
    let names = names_read(script);
    let mut found: Vec<(String, Structure)> = Vec::new();
    let entries = fs::read_dir(folder).map_err(|cause| unreadable(folder, &cause))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let (true, Some(stem)) = (is_json, path.file_stem().and_then(|stem| stem.to_str())) else { continue };
        let text = fs::read_to_string(&path).map_err(|cause| unreadable(&path, &cause));
        let structures = text.and_then(|text| json::structures(&text, &format!("{stem}.json"), stem));
        match structures {
            Ok(structures) => found.extend(structures.into_iter().filter(|(name, _)| names.contains(name))),
            // A file that nobody asked for may be anything.
            Err(error) if names.contains(stem) => return Err(error),
            Err(_) => {}
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    let twin = found.windows(2).find_map(|pair| match pair {
        [one, other] if one.0 == other.0 => Some(one.0.clone()),
        _ => None,
    });
    match twin {
        Some(name) => Err(RunError::runtime(format!("数据集“{name}”的结构写了两次,请只留一个文件。"))),
        None => Ok(found),
    }
}

fn unreadable(path: &Path, cause: &std::io::Error) -> RunError {
    RunError::runtime(format!("不能读写“{}”:{cause}。", path.display()))
}

fn save(name: &str, outcome: &Outcome, folder: &Path) -> Result<(), RunError> {
    if name.contains(['/', '\\', '\0']) || name.starts_with('.') {
        return Err(RunError::runtime(format!("结果“{name}”的名称不能作文件名,请改名。")));
    }
    let (structure, batch) = match outcome {
        Outcome::Dataset(structure, batch) => (structure.clone(), batch.clone()),
        Outcome::Scalar(scalar, kind) => scalar_table(name, scalar, *kind)?,
    };
    let rows = csv_file::write(&structure, &batch)?;
    for (extension, bytes) in [("json", json::text(name, &structure).into_bytes()), ("csv", rows)] {
        let path = folder.join(format!("{name}.{extension}"));
        fs::write(&path, bytes).map_err(|cause| unreadable(&path, &cause))?;
    }
    Ok(())
}

/// A scalar as a dataset of one row with one measure of its name.
fn scalar_table(
    name: &str,
    scalar: &Scalar,
    kind: Option<Type>,
) -> Result<(Structure, arrow_array::RecordBatch), RunError> {
    let kind = kind.unwrap_or(Type::String);
    let structure = Structure { components: vec![Component::new(name, kind, Role::Measure)] };
    let value = scalar_value(scalar, kind).ok_or_else(|| RunError::runtime(format!("标量“{name}”太长。")))?;
    let array = value.to_array_of_size(1)?;
    debug_assert_eq!(array.data_type(), &data_type(kind));
    Ok((structure.clone(), arrow_array::RecordBatch::try_new(schema_of(&structure), vec![array])?))
}
