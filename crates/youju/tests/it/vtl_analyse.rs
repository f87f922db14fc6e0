//! `youju vtl analyse`: a statistician asks whether the rules fit together.

use crate::house::House;

const RULES: &str = r#"define datapoint ruleset r (variable c1, c2, c3) is
  A: c1 <= c2 errorcode "甲不大于乙" errorlevel "A";
  B: c1 >= c2 + 1 errorcode "甲大于乙" errorlevel "A";
  C: c1 >= 0 errorcode "甲不为负" errorlevel "B"
end datapoint ruleset;
"#;

fn analyse(house: &House, arguments: &[&str]) -> (i32, String, String) {
    let output = house.command(&[&["vtl", "analyse", "r.vtl"], arguments].concat()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn contradictions_and_idle_rules_are_shown_in_their_places() {
    let house = House::with("r.vtl", RULES);
    let (code, out, err) = analyse(&house, &[]);
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(out.contains("“A”") && out.contains("“B”") && out.contains("矛盾"), "{out}");
    assert!(out.contains("没有规则用到变量“c3”") && !out.contains("查不出错误"), "{out}");
    assert!(out.ends_with("规则集 r:3 条规则,3 处提示。\n"), "{out}");
    // What never is negative never fails C.
    for ranges in [&["--not-negative"][..], &["--range", "c1=0.."]] {
        let (_, out, _) = analyse(&house, ranges);
        assert!(out.contains("规则“C”在声明的取值范围内都查不出错误"), "{out}");
    }
    house.write("r.vtl", RULES.replace("c1 >= c2 + 1", "c3 >= c2"));
    assert_eq!(analyse(&house, &[]), (0, "规则集 r:3 条规则,0 处提示。\n".to_owned(), String::new()));
}

#[test]
fn what_cannot_be_analysed_is_told_with_the_way_out() {
    let house = House::with("r.vtl", RULES);
    for (arguments, says) in [
        (&["--range", "c9=0.."][..], "规则集 r 没有变量“c9”。请核对 --range 中的名称。"),
        (&["--range", "c1:0"], "应写成 变量=最小..最大"),
        (&["--ruleset", "s"], "没有规则集 s。现有:r。"),
    ] {
        let (code, _, err) = analyse(&house, arguments);
        assert!(code == 2 && err.contains(says), "{code} {err}");
    }
    house.write("r.vtl", RULES.replace("c1 <= c2", "c1 <= "));
    let (code, _, err) = analyse(&house, &[]);
    assert!(code == 2 && err.starts_with("r.vtl:规则有错误。请先改正。\n"), "{err}");
}
