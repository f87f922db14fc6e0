//! The one writing of JSON, held against serde_json.

use proptest::prelude::*;
use serde_json::{Value, json};
use youju_journal::json::{BadJson, Reader, push_string, string_member};

fn written(text: &str) -> String {
    let mut out = String::new();
    push_string(&mut out, text);
    out
}

proptest! {
    #[test]
    fn strings_are_written_as_serde_json_writes_them_and_read_back(text in any::<String>(), low in "[\\x00-\\x20\"\\\\\x7f]{0,8}") {
        let text = text + &low;
        prop_assert_eq!(written(&text), Value::from(text.as_str()).to_string());
        let whole = written(&text);
        let mut reader = Reader::new(&whole);
        prop_assert_eq!(reader.string(), Ok(text));
        prop_assert_eq!(reader.end(), Ok(()));
    }

    #[test]
    fn whatever_is_read_is_the_one_writing(text in "\"[a\\\\u0-9\"/bn\u{1}统]{0,8}\"") {
        let mut reader = Reader::new(&text);
        if let Ok(read) = reader.string() {
            prop_assert_eq!(written(&read), &text[..reader.at()]);
        }
    }

    #[test]
    fn numbers_have_no_second_writing(number: u64, zeros in 1usize..3) {
        let text = number.to_string();
        prop_assert_eq!(Reader::new(&text).number(), Ok(number));
        let padded = "0".repeat(zeros) + &text;
        prop_assert!(Reader::new(&padded).number().is_err());
    }

    #[test]
    fn a_member_is_found_wherever_serde_json_finds_one(
        key in "[a-c]", pairs in prop::collection::btree_map("[a-d\"\\\\]", any::<String>(), 0..5), depth in any::<bool>(),
    ) {
        let mut object = json!(pairs);
        if depth {
            object["d"] = json!([1, -2.5, null, true, { "a": "]}\"", "b": [{}] }]);
        }
        let expected = object.get(&key).and_then(Value::as_str).map(str::to_owned);
        prop_assert_eq!(string_member(&object.to_string(), &key), expected);
    }
}

#[test]
fn second_writings_are_refused() {
    for text in [
        r#""\/""#,
        r#""\u0041""#,
        r#""\u000A""#,
        r#""\u000a""#,
        r#""\u001F""#,
        r#""\x""#,
        "\"\t\"",
        "\"a",
        "'a'",
        r#""\ud83d\ude00""#,
    ] {
        assert!(Reader::new(text).string().is_err(), "{text}");
    }
    assert_eq!(Reader::new(r#""\u001f""#).string().as_deref(), Ok("\u{1f}"));
    for text in ["", "01", "00", "-1", "+1", "18446744073709551616", "x"] {
        assert!(Reader::new(text).number().is_err(), "{text}");
    }
}

#[test]
fn the_error_names_the_byte() {
    let mut reader = Reader::new("{\"keys\";");
    assert_eq!(reader.literal("{\"keys\":"), Err(BadJson::Form { byte: 8 }));
    assert_eq!(Reader::new("\"ab\\/\"").string(), Err(BadJson::Form { byte: 4 }));
    assert_eq!(
        Reader::new("x").number().unwrap_err().to_string(),
        "第 1 个字节起不是规定的写法:内容被改动、截断,或被编辑器另存过。请重新索取原件。"
    );
}

#[test]
fn a_member_that_could_mean_two_things_is_none() {
    let of = |object| string_member(object, "h");
    assert_eq!(of(r#"{"a":{"h":"1"},"h":"2"}"#).as_deref(), Some("2"));
    for object in [
        "",
        "{}",
        "[]",
        r#""h""#,
        r#"{"h":1}"#,
        r#"{"h":null}"#,
        r#"{"h":["2"]}"#,
        r#"{"a":{"h":"2"}}"#,
        r#"{"h":"1","h":"2"}"#,
        r#"{"h":"1","h":2}"#,
        r#"{"h":"2"}x"#,
        r#"{"h":"2""#,
        r#"{"h":"2",}"#,
        r#"{"a":,"h":"2"}"#,
        r#"{"a":1}2,"h":"2"}"#,
        r#"{"a":"\"h\":\"2\""}"#,
    ] {
        assert_eq!(of(object), None, "{object}");
    }
}
