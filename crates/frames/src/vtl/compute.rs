//! Component expressions inside plans: evaluated by the row engine, so that numbers stay exact and null means one thing.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema};
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};
use youju_vtl::{Expression, Type};

use super::error::Broken;
use super::kind::{as_column, data_type};

/// An expression as a function of the columns that it reads.
pub(super) struct Computed {
    pub name: String,
    pub expression: Expression,
    pub kind: Type,
    signature: Signature,
}

impl Computed {
    /// No two functions of a plan have the same name.
    pub fn new(name: String, expression: Expression, kind: Type) -> Computed {
        let schema = expression.schema();
        let types: Vec<Type> = expression.inputs().iter().filter_map(|input| schema.kind(input)).collect();
        Computed { name, expression, kind, signature: signature(&types) }
    }
}

/// What a function over columns of these types accepts.
pub(super) fn signature(types: &[Type]) -> Signature {
    let types: Vec<DataType> = types.iter().map(|kind| data_type(*kind)).collect();
    let accepted = if types.is_empty() { TypeSignature::Nullary } else { TypeSignature::Exact(types) };
    // Volatile: never moved below a filter or a join, where it would meet rows that are not its own.
    Signature::new(accepted, Volatility::Volatile)
}

/// The call of an expression; `columns` gives the column of a component. `number` makes it different from all others.
pub(super) fn call(expression: &Expression, kind: Type, columns: &HashMap<&str, Expr>, number: usize) -> Expr {
    let arguments = expression.inputs().iter().filter_map(|name| columns.get(name.as_str()).cloned()).collect();
    ScalarUDF::new_from_impl(Computed::new(format!("vtl{number}"), expression.clone(), kind)).call(arguments)
}

impl ScalarUDFImpl for Computed {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(data_type(self.kind))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let names = self.expression.inputs();
        let mut fields = Vec::new();
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for (name, argument) in names.iter().zip(args.args) {
            let array = argument.into_array(args.number_rows)?;
            fields.push(Field::new(name, array.data_type().clone(), true));
            arrays.push(array);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(args.number_rows));
        let batch = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)?;
        let values = self.expression.evaluate(&batch).map_err(|error| Broken(error.to_string()))?;
        if let Some(row) = values.broken.first() {
            return Err(broken(&self.expression, &batch, *row).into());
        }
        let (column, unfit) = as_column(&values.array, self.kind);
        match unfit {
            Some(row) => Err(broken(&self.expression, &batch, row).into()),
            None => Ok(ColumnarValue::Array(column)),
        }
    }
}

/// What could not be computed, with the values of the first such row.
fn broken(expression: &Expression, batch: &RecordBatch, row: usize) -> Broken {
    let schema = batch.schema();
    let values = schema.fields().iter().zip(batch.columns()).map(|(field, column)| {
        let value =
            if column.is_null(row) { "空".into() } else { array_value_to_string(column, row).unwrap_or_default() };
        format!("{}={}", shown(field.name()), plain(&value))
    });
    let values = values.collect::<Vec<_>>().join(", ");
    let text = shown(&expression.text());
    Broken(format!("无法计算“{text}”({values}):除数为零,或结果超出 38 位数字。请用 filter 或 if 排除这样的行。"))
}

/// Without the marks of columns that only plans know.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (at, piece) in text.split('\'').enumerate() {
        let is_quoted = at % 2 == 1;
        let bare = piece.rsplit_once('\u{1}').map(|(_, name)| name);
        match (bare, is_quoted) {
            (Some(name), _) => shown.push_str(name),
            (None, true) => shown.extend(["'", piece, "'"]),
            (None, false) => shown.push_str(piece),
        }
    }
    shown
}

/// A number without the zeros behind its last digit.
pub(super) fn plain(number: &str) -> String {
    if !number.contains('.') || !number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-')) {
        return number.to_owned();
    }
    number.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl fmt::Debug for Computed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

// Names are never given twice.
impl PartialEq for Computed {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Computed {}

impl Hash for Computed {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
