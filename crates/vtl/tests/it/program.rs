//! How callers work with a program: what it reads, which batches it takes, which it refuses.

use crate::case::{batch, schema};
use arrow_array::{
    ArrayRef, Decimal128Array, Float64Array, Int64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray,
};
use std::sync::Arc;
use youju_vtl::{
    Counts, EvalError, Expression, Program, Record, Scalar, Schema, Type, Verdict, parse, parse_expression,
};

const SOURCE: &str = "define datapoint ruleset B203 (variable c201, c213 as total, c301, acct) is
    Z1: total >= c201 errorcode \"资产总计应不小于流动资产合计\" errorlevel \"A\";
    Z2: when acct = \"1\" then c301 / c201 < 10 errorlevel 2;
    c301 >= 0
    end datapoint ruleset;";

fn full() -> Schema {
    schema("c201:number, c205:number, c213:number, c301:number, acct:string, note:string")
}

fn program() -> Program {
    Program::compile(parse(SOURCE).unwrap().ruleset("B203").unwrap(), &full()).unwrap()
}

fn numbers(values: &[i64]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

#[test]
fn a_program_says_what_its_rules_are_and_what_they_read() {
    let program = program();
    let names: Vec<&str> = program.rules().iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["Z1", "Z2", "3"]);
    assert_eq!(program.inputs(), ["c201", "c213", "c301", "acct"]);
    let [z1, z2, z3] = program.rules() else { panic!("three rules") };
    assert_eq!(
        (&z1.error_code, &z1.error_level),
        (&Some(Scalar::text("资产总计应不小于流动资产合计")), &Some(Scalar::text("A")))
    );
    assert_eq!(z2.error_level, Some(Scalar::Integer(2)));
    assert_eq!(z1.inputs, ["c201", "c213"]);
    assert_eq!(z2.inputs, ["c201", "c301", "acct"]);
    assert_eq!(z2.text(), "when acct = \"1\" then c301 / c201 < 10");
    assert_eq!(z3.inputs, ["c301"]);
    assert_eq!(program.rules_reading("c301"), [1, 2]);
    assert_eq!(program.rules_reading("c205"), Vec::<usize>::new());
}

#[test]
fn columns_come_in_any_order_and_a_missing_one_is_null() {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("extra", numbers(&[0, 0])),
        ("c301", numbers(&[5, -5])),
        ("c213", numbers(&[2, 2])),
        ("c201", numbers(&[1, 3])),
    ];
    let verdicts = program().evaluate(&RecordBatch::try_from_iter(columns).unwrap()).unwrap();
    assert_eq!(verdicts.counts(0), Counts { tested: 2, passed: 1, failed: 1, ..Counts::default() });
    assert_eq!(verdicts.counts(1), Counts { undecided: 2, ..Counts::default() });
    assert_eq!(verdicts.failing_rows(2).collect::<Vec<_>>(), [1]);
}

#[test]
fn the_scale_of_a_column_changes_nothing() {
    let decimals = |digits: i128, scale: i8| -> ArrayRef {
        let array = Decimal128Array::from(vec![digits * 10_i128.pow(u32::try_from(scale).unwrap())]);
        Arc::new(array.with_precision_and_scale(38, scale).unwrap())
    };
    for (a, b) in [(0, 0), (4, 0), (0, 4), (2, 18), (20, 1)] {
        let columns = vec![("c201", decimals(7, a)), ("c213", decimals(7, b)), ("c301", decimals(70, b))];
        let verdicts = program().evaluate(&RecordBatch::try_from_iter(columns).unwrap()).unwrap();
        assert_eq!(verdicts.verdict(0, 0), Some(Verdict::Pass), "{a} {b}");
    }
}

#[test]
fn columns_and_values_of_another_type_are_refused_by_name() {
    let columns: Vec<(&str, ArrayRef)> = vec![("c213", Arc::new(StringArray::from(vec!["1.5"])))];
    let error = program().evaluate(&RecordBatch::try_from_iter(columns).unwrap()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "列“c213”应为数值(Int64、Int32、Float64 或 Decimal128),现为 Utf8。请先转换为定点小数 Decimal128。"
    );
    let record = Record::from([("c301".to_owned(), Scalar::text("12万"))]);
    assert!(
        matches!(program().evaluate_record(&record), Err(EvalError::ColumnType { column, .. }) if column == "c301")
    );
    assert_eq!(program().evaluate_rules(&batch(&full(), &[], 0), &[7]), Err(EvalError::NoRule(7)));
}

#[test]
fn floating_point_values_are_the_short_decimals_that_they_stand_for() {
    let rule = "define datapoint ruleset r (variable a, b) is a = b end datapoint ruleset;";
    let schema = schema("a:number, b:number");
    let program = Program::compile(parse(rule).unwrap().rulesets().next().unwrap(), &schema).unwrap();
    let judge = |a: Vec<Option<f64>>, b: ArrayRef| {
        let columns: Vec<(&str, ArrayRef)> = vec![("a", Arc::new(Float64Array::from(a))), ("b", b)];
        program.evaluate(&RecordBatch::try_from_iter(columns).unwrap())
    };
    let exact = Decimal128Array::from(vec![100_000, 70_000, 1, -123_456_700_000, 0, 7, 999_999_999_999_000_000])
        .with_precision_and_scale(38, 6)
        .unwrap();
    let values = [Some(0.1), Some(0.07), Some(0.000_001), Some(-123_456.7), Some(-0.0), None, Some(999_999_999_999.0)];
    let verdicts = judge(values.to_vec(), Arc::new(exact)).unwrap();
    assert_eq!(verdicts.counts(0), Counts { tested: 6, passed: 6, undecided: 1, ..Counts::default() });

    for odd in [0.1 + 0.2, 1.0 / 3.0, 1e-7, 1e15, f64::MAX, f64::NAN, f64::INFINITY] {
        let mut values = vec![Some(1.0); 2000];
        values[1999] = Some(odd);
        let error = judge(values, numbers(&[0; 2000])).unwrap_err();
        let EvalError::Float { column, row, value, .. } = &error else { panic!("{error}") };
        assert_eq!((column.as_str(), *row, value.as_str()), ("a", 1999, odd.to_string().as_str()));
    }
    assert_eq!(
        judge(vec![Some(0.1 + 0.2)], numbers(&[0])).unwrap_err().to_string(),
        "列“a”第 0 行(从 0 数起)的浮点数 0.30000000000000004 不是最多 6 位小数、15 位数字的数,不能精确审核。\
         请先四舍五入,或转换为定点小数 Decimal128。"
    );
}

#[test]
fn texts_of_every_arrow_layout_are_read() {
    let texts = ["1", "一个比十二字节更长的说明文字"];
    let arrays: [ArrayRef; 3] = [
        Arc::new(StringArray::from(texts.to_vec())),
        Arc::new(LargeStringArray::from(texts.to_vec())),
        Arc::new(StringViewArray::from(texts.to_vec())),
    ];
    for array in arrays {
        let columns = vec![("acct", array), ("c301", numbers(&[100, 100])), ("c201", numbers(&[1, 1]))];
        let verdicts = program().evaluate(&RecordBatch::try_from_iter(columns).unwrap()).unwrap();
        assert_eq!(verdicts.verdict(1, 0), Some(Verdict::Fail));
        assert!(!verdicts.applies(1, 1));
    }
}

#[test]
fn after_a_change_only_the_touched_rules_are_judged() {
    let program = program();
    let record = Record::from([("c301".to_owned(), Scalar::Integer(-1))]);
    let touched = program.evaluate_record_rules(&record, &program.rules_reading("c301")).unwrap();
    assert_eq!(touched.rules().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(touched.verdict(0, 0), None);
    assert_eq!(touched.verdict(2, 0), Some(Verdict::Fail));
    let mut all = program.evaluate_record(&record).unwrap();
    assert!(all.append(&touched).is_err(), "verdicts of other rules must not be mixed in");
    assert_eq!(all.rows(), 1);
}

#[test]
fn expressions_derive_cells_for_records_and_columns() {
    let expr = parse_expression("round(c301 / nvl(c201, 1), 2)").unwrap();
    let derivation = Expression::compile(&expr, &full()).unwrap();
    assert_eq!((derivation.kind(), derivation.inputs().join(" ")), (Some(Type::Number), "c201 c301".to_owned()));
    let record = |a: i64, b: i64| {
        Record::from([("c201".to_owned(), Scalar::Integer(a)), ("c301".to_owned(), Scalar::Integer(b))])
    };
    assert_eq!(derivation.value(&record(3, 2)), Ok(Scalar::Number { unscaled: 67, scale: 2 }));
    let error = derivation.value(&record(0, 2)).unwrap_err();
    assert_eq!(error.to_string(), "无法计算“round(c301 / nvl(c201, 1), 2)”:除数为零,或结果超出 38 位数字。");
    let columns = vec![("c201", numbers(&[3, 0, 8])), ("c301", numbers(&[2, 2, 2]))];
    let values = derivation.evaluate(&RecordBatch::try_from_iter(columns).unwrap()).unwrap();
    let expected = Decimal128Array::from(vec![Some(67), None, Some(25)]).with_precision_and_scale(38, 2).unwrap();
    assert_eq!(values.array.as_ref(), &expected as &dyn arrow_array::Array);
    assert_eq!(values.broken, [1]);
}
