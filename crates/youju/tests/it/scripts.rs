//! Stories of `youju vtl fmt`.

use crate::house::House;

fn fmt(house: &House, arguments: &[&str]) -> (i32, String, String) {
    let output = house.command(&[&["vtl", "fmt"], arguments].concat()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_script_is_listed_then_formatted_then_left_alone() {
    let house = House::with("a.vtl", "r:=a+b; // 合计\ns<-r ;\n");
    house.write("b.vtl", "t := a;\n");
    let listed = "需要排版:a.vtl\n共 2 个文件:1 个需要排版,1 个无需改动,0 个出错。\n";
    assert_eq!(fmt(&house, &["--check", "a.vtl", "b.vtl"]), (1, listed.to_owned(), String::new()));
    assert_eq!(fmt(&house, &["a.vtl"]), (0, "已排版:a.vtl\n".to_owned(), String::new()));
    assert_eq!(std::fs::read_to_string(house.path("a.vtl")).unwrap(), "r := a + b; // 合计\ns <- r;\n");
    assert_eq!(fmt(&house, &["--check", "a.vtl"]), (0, String::new(), String::new()));
    assert!(!house.path("a.vtl.new").exists());
}

#[test]
fn a_script_with_errors_is_shown_and_not_touched() {
    let house = House::with("bad.vtl", "r := a +;\n");
    let shown = "bad.vtl:脚本有错误,没有排版。请先改正。\n\
                 第 1 行第 9 列:这里应写表达式,却是“;”。\n1 | r := a +;\n  |         ^\n";
    assert_eq!(fmt(&house, &["bad.vtl"]), (2, String::new(), shown.to_owned()));
    assert_eq!(std::fs::read_to_string(house.path("bad.vtl")).unwrap(), "r := a +;\n");
    let (code, _, said) = fmt(&house, &["nowhere.vtl"]);
    assert_eq!(code, 2);
    assert!(said.starts_with("nowhere.vtl:不能读取") && said.contains("请核对路径"), "{said}");
}
