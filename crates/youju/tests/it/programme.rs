//! `youju programme`: an author of a programme reads the checks in the notation that they know.

use crate::house::{House, root};

#[test]
fn the_checks_of_a_form_are_printed_in_either_notation() {
    let house = House::new();
    let formulas = house.run(&["programme", "print", "--form", "B203"]);
    assert_eq!((formulas.code, formulas.err.as_str()), (0, ""));
    let z7 = "Z7: [327,1] = [323,1] + [325,1] - [326,1] ±2 | A | 利润总额应等于营业利润加营业外收入减营业外支出\n";
    assert!(formulas.out.contains(z7), "{}", formulas.out);
    let vtl = house.run(&["programme", "print", "--form", "B203", "--as", "vtl"]);
    assert!(vtl.code == 0 && vtl.out.contains("  Z7: abs(c327 - (c323 + c325 - c326)) <= 2 errorcode "), "{}", vtl.out);
    let refused = house.run(&["programme", "print", "--form", "B999"]);
    assert!(refused.code == 2 && refused.err.contains("没有表号为 B999 的报表。"), "{}", refused.err);
}

#[test]
fn what_was_printed_as_formulas_stands_in_for_the_vtl() {
    let house = House::new();
    copy(&root().join("programmes"), &house.path("own"));
    let formulas = house.run(&["programme", "print", "--form", "B203"]).out;
    std::fs::remove_file(house.path("own/industry/checks/B203.vtl")).unwrap();
    house.write("own/industry/checks/B203.txt", &formulas);
    house.write("d.csv", crate::house::TWO);
    let own = house.check(&["--programmes", "own", "d.csv"]);
    assert_eq!((own.code, own.out), (1, house.check(&["d.csv"]).out));
    // A mistake is shown with its line and a caret.
    house.write("own/industry/checks/B203.txt", formulas.replace("Z7: [327,1] = ", "Z7: [337,1] = "));
    let refused = house.check(&["--programmes", "own", "d.csv"]);
    assert!(refused.code == 2 && refused.err.contains("列:表 B203 没有第 337 行。"), "{}", refused.err);
    assert!(refused.err.lines().any(|line| line.trim_start_matches([' ', '|']) == "^^^"), "{}", refused.err);
}

#[test]
fn an_author_is_told_what_is_odd_and_what_is_refused() {
    let house = House::new();
    let shipped = house.run(&["programme", "check"]);
    assert_eq!((shipped.code, shipped.err.as_str()), (0, ""));
    assert!(
        shipped.out.contains("\n126 |   Z11e: when ") && shipped.out.contains("“Z11b”和“Z11e”相互矛盾"),
        "{}",
        shipped.out
    );
    let last = "\n工业统计报表制度:4 张表,363 条审核关系,可以使用;16 处提示。\n";
    assert!(shipped.out.contains(last), "{}", shipped.out);
    copy(&root().join("programmes"), &house.path("own"));
    let formulas = "X1: [318,1] > [319,1] | A | 一 | 来源:FW-F203\nX2: [318,1] < [319,1] | B | 二 | 来源:FW-F203\n";
    house.write("own/industry/checks/B203.txt", formulas);
    let refused = house.run(&["programme", "check", "own"]);
    assert_eq!((refused.code, refused.err.as_str()), (1, ""));
    assert!(refused.out.contains("审核关系 X2 与 X1(industry/checks/B203.txt 第 1 行)相互矛盾"), "{}", refused.out);
    assert!(refused.out.ends_with("不能使用:1 处错误。请改正后再核对。\n"), "{}", refused.out);
    let nowhere = house.run(&["programme", "check", "nowhere"]);
    assert!(nowhere.code == 2 && nowhere.err.contains("不能读取 nowhere"), "{}", nowhere.err);
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}
