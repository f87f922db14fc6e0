//! Scripts run statement by statement: each result is computed, checked and kept for those that read it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::RecordBatch;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::prelude::{DataFrame, SessionConfig, SessionContext};
use tokio::runtime::{Builder, Runtime};
use youju_vtl::dataset::{Plan, Rows, Structure, Typer, Value, in_order};
use youju_vtl::{Assignment, Scalar, Script, Type};

use super::error::RunError;
use super::kind::schema_of;
use super::table::{first_value, one, settled};

/// Engine 执行器 — datasets and the runtime that computes over them.
pub struct Engine {
    runtime: Runtime,
    context: SessionContext,
    site: Site,
    tables: RefCell<BTreeMap<String, Kept>>,
    numbers: Cell<usize>,
}

/// A dataset that later statements read.
type Kept = (Structure, Arc<dyn TableProvider>);

/// Where plans are computed.
enum Site {
    /// In this process, over tables in memory.
    Here,
    /// On a cluster, over files that all its members see.
    #[cfg(feature = "cluster")]
    Cluster(crate::cluster::Tables),
}

impl Rows for Engine {
    fn codes(&self, plan: &Plan, identifier: &str) -> Result<Vec<String>, String> {
        let batch = self.runtime.block_on(self.collected(plan)).map_err(|error| error.to_string())?;
        super::turn::codes(&batch, &plan.structure, identifier).map_err(|error| error.to_string())
    }

    fn value(&self, plan: &Plan) -> Result<Scalar, String> {
        let batch = self.runtime.block_on(self.collected(plan));
        let batch = batch.and_then(|batch| settled(&plan.structure, batch));
        batch.and_then(|batch| first_value(&plan.structure, &batch)).map_err(|error| error.to_string())
    }
}

/// What a statement gave.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// A dataset, its rows in the order of its identifiers.
    Dataset(Structure, RecordBatch),
    /// A scalar.
    Scalar(Scalar, Option<Type>),
}

/// A result with its name, in the order of computation.
#[derive(Debug, Clone)]
pub struct Computed {
    /// The name before `:=` or `<-`.
    pub name: String,
    /// `<-`
    pub is_persistent: bool,
    /// What it is.
    pub outcome: Outcome,
}

impl Engine {
    /// An engine without datasets that computes in this process.
    pub fn new() -> Result<Engine, RunError> {
        let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
        Engine::at(context, Site::Here)
    }

    /// An engine without datasets that has its plans computed by a cluster.
    #[cfg(feature = "cluster")]
    pub fn on_cluster(cluster: &crate::cluster::Cluster) -> Result<Engine, RunError> {
        Engine::at(cluster.context()?, Site::Cluster(cluster.tables()?))
    }

    fn at(context: SessionContext, site: Site) -> Result<Engine, RunError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|cause| RunError::runtime(format!("不能启动执行器:{cause}")))?;
        Ok(Engine { runtime, context, site, tables: RefCell::default(), numbers: Cell::new(0) })
    }

    /// Takes an input in. Its columns stand in the order of the structure.
    pub fn load(&self, name: &str, structure: Structure, batch: &RecordBatch) -> Result<(), RunError> {
        let batch = settled(&structure, one(&structure, std::slice::from_ref(batch))?)?;
        self.keep(name, structure, batch)
    }

    fn keep(&self, name: &str, structure: Structure, batch: RecordBatch) -> Result<(), RunError> {
        let table = self.table_of(&structure, batch)?;
        self.tables.borrow_mut().insert(name.to_owned(), (structure, table));
        Ok(())
    }

    /// Runs all statements.
    pub fn run(&self, script: &Script) -> Result<Vec<Computed>, RunError> {
        let ordered = in_order(script).map_err(RunError::Semantic)?;
        let mut typer = Typer::new(script, self);
        for (name, (structure, _)) in self.tables.borrow().iter() {
            typer.add_dataset(name, structure.clone());
        }
        let mut results = Vec::new();
        for assignment in ordered {
            let value = typer.assignment(assignment).map_err(RunError::Semantic)?;
            let outcome = self.outcome(assignment, value)?;
            let (name, is_persistent) = (assignment.name.clone(), assignment.is_persistent);
            results.push(Computed { name, is_persistent, outcome });
        }
        Ok(results)
    }

    fn outcome(&self, assignment: &Assignment, value: Value) -> Result<Outcome, RunError> {
        let plan = match value {
            Value::Scalar(scalar, kind) => return Ok(Outcome::Scalar(scalar, kind)),
            Value::Dataset(plan) => plan,
        };
        let batch = self.runtime.block_on(self.collected(&plan));
        let batch = batch.and_then(|batch| settled(&plan.structure, batch));
        let batch = batch.map_err(|error| error.at(assignment.span, &assignment.name))?;
        self.keep(&assignment.name, plan.structure.clone(), batch.clone())?;
        Ok(Outcome::Dataset(plan.structure, batch))
    }

    /// A dataset as a frame.
    pub(super) fn table(&self, name: &str) -> Result<DataFrame, RunError> {
        match self.tables.borrow().get(name) {
            Some((_, table)) => Ok(self.context.read_table(Arc::clone(table))?),
            None => Err(RunError::runtime(format!("没有名为“{name}”的数据集。"))),
        }
    }

    /// Rows as a frame.
    pub(super) fn frame_of(&self, structure: &Structure, batches: &[RecordBatch]) -> Result<DataFrame, RunError> {
        let table = self.table_of(structure, one(structure, batches)?)?;
        Ok(self.context.read_table(table)?)
    }

    fn table_of(&self, structure: &Structure, batch: RecordBatch) -> Result<Arc<dyn TableProvider>, RunError> {
        match &self.site {
            Site::Here => Ok(Arc::new(MemTable::try_new(schema_of(structure), vec![vec![batch]])?)),
            #[cfg(feature = "cluster")]
            Site::Cluster(tables) => tables.table_of(&batch),
        }
    }

    /// A number that was not given before.
    pub(super) fn number(&self) -> usize {
        self.numbers.set(self.numbers.get() + 1);
        self.numbers.get()
    }
}
