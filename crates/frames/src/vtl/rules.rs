//! Datapoint rulesets as one operator of a plan: a function that gives each row the list of what its rules found, and the
//! unfolding of these lists.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, ListArray, RecordBatch, RecordBatchOptions, StringArray, StructArray, UInt32Array,
};
use arrow_schema::{DataType, Field, Fields, Schema};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::compute::take;
use datafusion::common::UnnestOptions;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature};
use datafusion::prelude::{DataFrame, ident};
use datafusion::scalar::ScalarValue;
use youju_vtl::dataset::Structure;
use youju_vtl::{Output, Program, Role, Rule, Scalar, Type, Verdict, Verdicts};

use super::compute::signature;
use super::error::{Broken, RunError};
use super::kind::{column_name, data_type, scalar_value};
use super::plan::{column, of};

/// What is found for a row under a rule, in this order.
const FOUND: [&str; 4] = ["ruleid", "bool_var", "errorcode", "errorlevel"];
/// The column of the lists. No column of a plan is called so.
const LIST: &str = "found";

/// A ruleset as a function of the columns that it reads: for each row the list of its findings.
pub(super) struct Judged {
    pub name: String,
    pub program: Program,
    /// Are only failures found, or every verdict?
    pub is_invalid: bool,
    /// The types of the codes and of the levels.
    pub codes: [Type; 2],
    signature: Signature,
}

impl Judged {
    /// The function that gives what the structure of a result asks for. No two functions of a plan have the same name.
    pub fn new(name: String, program: &Program, output: Output, to: &Structure) -> Judged {
        let kind = |name: &str, otherwise| to.find(name).map_or(otherwise, |component| component.kind);
        let codes = [kind("errorcode", Type::String), kind("errorlevel", Type::Integer)];
        Judged::with(name, program.clone(), output == Output::Invalid, codes)
    }

    pub fn with(name: String, program: Program, is_invalid: bool, codes: [Type; 2]) -> Judged {
        let schema = program.schema();
        let types: Vec<Type> = program.inputs().iter().filter_map(|input| schema.kind(input)).collect();
        Judged { name, signature: signature(&types), program, is_invalid, codes }
    }

    fn fields(&self) -> Fields {
        let [code, level] = self.codes;
        let kinds = [Type::String, Type::Boolean, code, level];
        FOUND.into_iter().zip(kinds).map(|(name, kind)| Field::new(name, data_type(kind), true)).collect()
    }

    fn item(&self) -> Arc<Field> {
        Arc::new(Field::new("item", DataType::Struct(self.fields()), true))
    }

    /// Row, rule and truth of every finding, by row and then by rule.
    fn findings(&self, verdicts: &Verdicts) -> Vec<(usize, usize, Option<bool>)> {
        let rules = 0..self.program.rules().len();
        if self.is_invalid {
            let failing = |rule| verdicts.failing_rows(rule).map(move |row| (row, rule, Some(false)));
            let mut found: Vec<_> = rules.flat_map(failing).collect();
            found.sort_unstable_by_key(|(row, rule, _)| (*row, *rule));
            return found;
        }
        let truth = |row, rule| match verdicts.verdict(rule, row) {
            Some(Verdict::Pass) => Some(true),
            Some(Verdict::Fail) => Some(false),
            _ => None,
        };
        let all = |row| rules.clone().map(move |rule| (row, rule, truth(row, rule)));
        (0..verdicts.rows()).flat_map(all).collect()
    }

    fn lists(&self, verdicts: &Verdicts) -> std::result::Result<ListArray, RunError> {
        let found = self.findings(verdicts);
        let mut lengths = vec![0_usize; verdicts.rows()];
        for (row, _, _) in &found {
            if let Some(length) = lengths.get_mut(*row) {
                *length += 1;
            }
        }
        let rules = self.program.rules();
        let names = found.iter().map(|(_, rule, _)| rules.get(*rule).map(|rule| rule.name.as_str()));
        let truths = found.iter().map(|(_, _, truth)| *truth);
        let [code, level] = self.codes;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(names.collect::<StringArray>()),
            Arc::new(truths.collect::<BooleanArray>()),
            self.marks(&found, code, |rule| rule.error_code.as_ref())?,
            self.marks(&found, level, |rule| rule.error_level.as_ref())?,
        ];
        let options = StructArray::try_new_with_length(self.fields(), columns, None, found.len())?;
        Ok(ListArray::try_new(self.item(), OffsetBuffer::from_lengths(lengths), Arc::new(options), None)?)
    }

    /// The code or level of each finding that is a failure.
    fn marks(
        &self,
        found: &[(usize, usize, Option<bool>)],
        kind: Type,
        mark: impl Fn(&Rule) -> Option<&Scalar>,
    ) -> std::result::Result<ArrayRef, RunError> {
        let unfit = || RunError::runtime("errorcode 或 errorlevel 的类型不一致。");
        let value = |scalar: &Scalar| scalar_value(scalar, kind).ok_or_else(unfit);
        // One value a rule, and the null of what did not fail behind them.
        let marks = self.program.rules().iter().map(|rule| value(mark(rule).unwrap_or(&Scalar::Null)));
        let marks = marks.chain([value(&Scalar::Null)]).collect::<std::result::Result<Vec<_>, _>>()?;
        let null = marks.len() - 1;
        let places = found.iter().map(|(_, rule, truth)| if *truth == Some(false) { *rule } else { null });
        let places: UInt32Array = places.map(|place| u32::try_from(place).ok()).collect();
        Ok(take(&ScalarValue::iter_to_array(marks)?, &places, None)?)
    }
}

impl ScalarUDFImpl for Judged {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::List(self.item()))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let mut fields = Vec::new();
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for (name, argument) in self.program.inputs().iter().zip(args.args) {
            let array = argument.into_array(args.number_rows)?;
            fields.push(Field::new(name, array.data_type().clone(), true));
            arrays.push(array);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(args.number_rows));
        let batch = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)?;
        let verdicts = self.program.evaluate(&batch).map_err(|error| Broken(error.to_string()))?;
        let lists = self.lists(&verdicts).map_err(|error| Broken(error.to_string()))?;
        Ok(ColumnarValue::Array(Arc::new(lists)))
    }
}

/// One row for each finding; `columns` says which column of the input stands for each name in the rules.
pub(super) fn judged(
    frame: DataFrame,
    from: &Structure,
    to: &Structure,
    function: Judged,
    columns: &[(String, String)],
) -> std::result::Result<DataFrame, RunError> {
    let mut arguments = Vec::new();
    for input in function.program.inputs() {
        let own = columns.iter().find(|(name, _)| name == input).map_or(input, |(_, column)| column);
        arguments.push(of(from, own)?);
    }
    let mut exprs: Vec<Expr> = (0..from.components.len()).map(|at| column(at).alias(column_name(at))).collect();
    exprs.push(ScalarUDF::new_from_impl(function).call(arguments).alias(LIST));
    // A row without a finding gives no row.
    let unfolding = UnnestOptions::new().with_preserve_nulls(false);
    let unfolded = frame.select(exprs)?.unnest_columns_with_options(&[LIST], unfolding)?.unnest_columns(&[LIST])?;
    let mut shown = Vec::new();
    for (at, component) in to.components.iter().enumerate() {
        let is_found = FOUND.contains(&component.name.as_str());
        let is_own = is_found && !matches!(component.role, Role::Attribute | Role::ViralAttribute);
        let expr = if is_own { ident(format!("{LIST}.{}", component.name)) } else { of(from, &component.name)? };
        shown.push(expr.alias(column_name(at)));
    }
    Ok(unfolded.select(shown)?)
}

impl fmt::Debug for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

// Names are never given twice.
impl PartialEq for Judged {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Judged {}

impl Hash for Judged {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
