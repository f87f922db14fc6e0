//! Case types that are refused, with the place and the reason; and whose type holds where.

use youju_codes::AreaCode;
use youju_profile::{Files, load, load_cases};

/// A type in which everything is right: an application that a county accepts or sends back, and that two sign at the end.
const GOOD: &str = r#"key = "loan"
version = 1
name = "借阅档案"
about = "借阅统计档案。"
subject = "unit"
title = "what"
readers = ["unit", "officer:any"]

[open]
label = "申请"
who = ["unit:statistician"]
state = "asked"
owes = ["what"]
evidence = { letter = 1 }

[[field]]
key = "what"
label = "借什么"
kind = "text"

[[field]]
key = "how"
label = "方式"
kind = "choice"
choices = ["现场", "复印"]

[[evidence]]
key = "letter"
label = "介绍信"

[[state]]
key = "asked"
label = "待审核"
owner = ["officer:county"]
deadline = 5

[[state]]
key = "returned"
label = "退回"
owner = ["applicant"]
bad = true

[[state]]
key = "signing"
label = "待签字"
owner = ["unit", "officer:county"]
deadline = 10
counts_from = "asked"

[[state]]
key = "done"
label = "已借出"
end = true

[[action]]
key = "accept"
label = "同意"
from = ["asked"]
to = "signing"
who = ["officer:county"]
not_by = ["open"]
asks = ["how"]

[[action]]
key = "return"
label = "退回"
from = ["asked"]
to = "returned"
who = ["officer:county"]
reason = "must"

[[action]]
key = "again"
label = "重新申请"
from = ["returned"]
to = "asked"
who = ["applicant"]
owes = ["what"]

[[action]]
key = "sign"
label = "签字"
from = ["signing"]
to = "done"
effects = ["loan.keep"]
[[action.party]]
key = "borrower"
label = "借方"
who = ["unit"]
[[action.party]]
key = "office"
label = "出借方"
who = ["officer:county"]
"#;

fn told(text: &str) -> Vec<String> {
    let shared = Files::new("cases", [("loan.toml".to_owned(), text.to_owned())]);
    match load_cases(&shared, &[], &[], &["loan.keep"]) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

/// A text of the good type, what stands there instead, and a piece of the refusal.
const CASES: &[(&str, &str, &str)] = &[
    (
        "subject = \"unit\"",
        "subject = \"area\"\nonly = [\"department\"]",
        "没有机构类型“department”(only)。只用于机构和单位",
    ),
    ("label = \"借什么\"", "label = \"借什么\"\nfact = \"colour\"", "没有登记事项“colour”。可用:usci、name"),
    ("label = \"借什么\"", "label = \"借什么\"\nfact = \"opened_on\"", "与登记事项“开业时间”(fact)对不上。"),
    ("label = \"方式\"", "label = \"方式\"\nfact = \"status\"", "与登记事项“运营状态”(fact)对不上。"),
    ("label = \"介绍信\"", "label = \"介绍信\"\nfor = [\"现场\"]", "材料“letter”写了 for,没有写按哪个栏目(by)。"),
    (
        "label = \"介绍信\"",
        "label = \"介绍信\"\nby = \"how\"\nfor = [\"现场\"]",
        "材料“letter”的 by 应是提出时必填的 choice 栏目",
    ),
    ("asks = [\"how\"]", "asks = [\"how\"]\nwithout = [\"why\"]", "没有栏目“why”(without)。"),
    ("asks = [\"how\"]", "asks = [\"how\"]\none_of = [\"how\"]", "栏目“how”写了两次。"),
    ("asks = [\"how\"]", "asks = [\"how\"]\nweighs = true", "没有写矛盾提示([[contradiction]])。"),
    (
        "[[field]]\nkey = \"how\"",
        "[[contradiction]]\nkey = \"x\"\nof = \"what\"\nmust = \"equal\"\nsays = \"不同\"\n[[field]]\nkey = \"how\"",
        "应在 field、fact、value 中写一个。",
    ),
    (
        "[[field]]\nkey = \"how\"",
        "[[contradiction]]\nkey = \"x\"\nof = \"what\"\nmust = \"not_after\"\nfield = \"how\"\nsays = \"晚\"\n[[field]]\nkey = \"how\"",
        "矛盾提示“x”的栏目类型不能这样比较。",
    ),
    (
        "[[field]]\nkey = \"how\"",
        "[[contradiction]]\nkey = \"x\"\nof = \"what\"\nmust = \"equal\"\nfield = \"who\"\nsays = \"不同\"\n[[field]]\nkey = \"how\"",
        "矛盾提示“x”中没有栏目“who”。",
    ),
    (
        "[[field]]\nkey = \"how\"",
        "[[round]]\nlabel = \"一批\"\nstate = \"gone\"\nuntil = [\"*-15\"]\n[[field]]\nkey = \"how\"",
        "批次“一批”没有待办状态“gone”(state)。",
    ),
    (
        "[[field]]\nkey = \"how\"",
        "[[round]]\nlabel = \"一批\"\nstate = \"asked\"\nuntil = [\"11-31\"]\n[[field]]\nkey = \"how\"",
        "批次“一批”的截止日(until)应写成",
    ),
    ("subject = \"unit\"", "subject = \"unit\"\nrounds_by = \"how\"", "(rounds_by)应是提出时必填的 choice 栏目。"),
    ("subject = \"unit\"", "subject = \"staff\"\nlooks_alike = true", "查重(looks_alike)只用于单位。"),
    ("key = \"loan\"", "key = \"borrow\"", "cases/loan.toml 第 1 行:代号“borrow”与文件名“loan”不一致。"),
    ("version = 1", "version = 0", "版本(version)应从 1 开始。"),
    ("subject = \"unit\"", "subject = \"enterprise\"", "第 5 行:没有办理对象“enterprise”。可用:none、unit"),
    ("subject = \"unit\"", "subject = \"area\"", "办理对象是地区,没有“unit”。"),
    (
        "subject = \"unit\"",
        "subject = \"unit\"\nonly = [\"department\"]",
        "没有纳入情况“department”(only)。可用:outside、above、sample。",
    ),
    ("title = \"what\"", "title = \"how\"", "标题栏目(title)“how”应在提出时必填(open.owes)。"),
    ("readers = [\"unit\", \"officer:any\"]\n", "", "没有写谁可以查看(readers)。"),
    ("readers = [\"unit\",", "readers = [\"company\",", "第 7 行:没有办理人“company”。可用:applicant、colleagues"),
    ("who = [\"unit:statistician\"]", "who = [\"unit:county_officer\"]", "没有办理人“unit:county_officer”。"),
    ("state = \"asked\"", "state = \"gone\"", "第 10 行:没有状态“gone”。请核对写法。"),
    ("state = \"asked\"", "state = \"done\"", "提出以后不能就是终结状态。"),
    ("owes = [\"what\"]\nevidence", "owes = [\"what\", \"why\"]\nevidence", "没有栏目“why”。"),
    ("owes = [\"what\"]\nevidence", "owes = [\"what\"]\nasks = [\"what\"]\nevidence", "栏目“what”写了两次。"),
    ("{ letter = 1 }", "{ photo = 1 }", "没有材料“photo”。"),
    ("{ letter = 1 }", "{ letter = 21 }", "材料“letter”最多要 20 份,现为 21。"),
    ("label = \"借什么\"", "label = \"\"", "第 18 行:栏目名称(label)不能为空。"),
    ("kind = \"text\"", "kind = \"words\"", "没有栏目类型“words”。可用:text、long_text、date"),
    ("kind = \"text\"", "kind = \"text\"\nchoices = [\"a\", \"b\"]", "选项(choices)只用于 choice 栏目,至少 2 个。"),
    ("asks = [\"how\"]", "", "没有哪一步填写这个栏目。"),
    ("deadline = 5", "deadline = 0", "第 32 行:期限(deadline)应为 1 到 250 个工作日,现为 0。"),
    ("deadline = 10\n", "", "写了起算状态(counts_from),没有写期限(deadline)。"),
    ("counts_from = \"asked\"", "counts_from = \"begun\"", "没有状态“begun”。"),
    ("owner = [\"applicant\"]\n", "", "没有写由谁办理(owner)。"),
    ("owner = [\"applicant\"]", "owner = [\"officer:city\"]", "办理人“officer:city”在这个状态没有可办的动作。"),
    ("owner = [\"applicant\"]", "owner = [\"officer:city\"]", "办理人(owner)从这个状态走不到终结。"),
    ("end = true", "end = true\nowner = [\"unit\"]", "终结状态没有办理人(owner)"),
    ("end = true", "", "没有终结状态。请给一个状态写上 end = true。"),
    ("to = \"done\"", "to = \"signing\"", "没有动作到达这个状态。"),
    ("to = \"done\"", "", "办理人(owner)从这个状态走不到终结。"),
    ("from = [\"signing\"]", "from = [\"signing\", \"done\"]", "终结状态还能办理“sign”。"),
    ("from = [\"asked\"]", "from = []", "没有写在哪些状态办理(from)。"),
    ("key = \"accept\"", "key = \"open\"", "动作代号“open”重复。"),
    ("key = \"accept\"", "key = \"Accept\"", "动作代号“Accept”只能用小写字母、数字和下划线。"),
    ("not_by = [\"open\"]", "not_by = [\"begin\"]", "两人原则(not_by)中没有动作“begin”。"),
    (
        "who = [\"applicant\"]\nowes",
        "who = [\"applicant\"]\nnot_by = [\"open\"]\nowes",
        "两人原则(not_by)永远不能满足。",
    ),
    ("who = [\"applicant\"]\nowes", "owes", "没有写由谁办理(who)。请写上。"),
    ("effects = [\"loan.keep\"]", "effects = [\"loan.loose\"]", "没有办理结果(effects)“loan.loose”。可用:loan.keep。"),
    ("effects = [\"loan.keep\"]", "who = [\"unit\"]", "会签的动作由各方办理,不再写 who。"),
    ("[[action.party]]\nkey = \"borrower\"\nlabel = \"借方\"\nwho = [\"unit\"]\n", "", "会签至少两方。"),
    ("reason = \"must\"", "reason = \"always\"", "没有意见要求“always”。可用:no、may、must。"),
    ("deadline = 5", "deadlines = 5", "不认识的键“deadlines”。"),
    ("label = \"介绍信\"", "label = \"介绍信\"\nphoto = true\nsignature = true", "不能既是现场照片(photo)又是手写签名"),
    ("label = \"签字\"", "label = \"签字\"\nonsite = true", "现场办理(onsite)的动作由一个账号发送,不能会签。"),
    (
        "subject = \"unit\"",
        "subject = \"unit\"\npaper = \"核查表\"",
        "打印的核查表(paper)只用于对单位现场办理(onsite)的事项。",
    ),
    ("label = \"同意\"", "label = \"同意\"\nchecks = true", "没有写核查项目([[check]])。"),
    (
        "[[field]]\nkey = \"how\"",
        "[[check]]\nkey = \"a\"\nlabel = \"甲\"\n[[field]]\nkey = \"how\"",
        "没有哪一步填写。",
    ),
    (
        "[[field]]\nkey = \"how\"",
        "[[check]]\nkey = \"a\"\nlabel = \"甲\"\nfor = [\"工业\"]\n[[field]]\nkey = \"how\"",
        "核查项目“a”的“工业”(for)不是 checks_by 栏目的选项。",
    ),
    ("subject = \"unit\"", "subject = \"unit\"\nchecks_by = \"how\"", "(checks_by)“how”应是提出时必填的 choice 栏目。"),
    ("label = \"借什么\"", "label = \"借什么\"\nmore = true", "必填的栏目(owes)不能收起。"),
    (
        "[[field]]\nkey = \"how\"",
        "[[told]]\nwho = [\"unit\"]\nin = [\"done\"]\nshows = [\"what\"]\n[[field]]\nkey = \"how\"",
        "“unit”能查看整个事项,不用告知",
    ),
    (
        "[[field]]\nkey = \"how\"",
        "[[told]]\nwho = [\"colleagues\"]\nin = [\"gone\"]\nshows = [\"what\"]\n[[field]]\nkey = \"how\"",
        "没有状态“gone”(告知的 in)。",
    ),
];

#[test]
fn mistakes_in_a_case_type_are_told_with_file_line_and_way_out() {
    assert_eq!(told(GOOD), [""; 0]);
    let mut wrong = Vec::new();
    for (from, to, expected) in CASES {
        assert!(GOOD.contains(from), "no {from}");
        let told = told(&GOOD.replacen(from, to, 1));
        if !told.iter().any(|error| error.contains(expected)) {
            wrong.push(format!("{from} → {to}: {expected}\n{told:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn code(text: &str) -> AreaCode {
    AreaCode::parse(text).unwrap()
}

/// The effects that the shipped types and those of this file name.
const EFFECTS: [&str; 8] = [
    "loan.keep",
    "staff.appoint",
    "enumerator.engage",
    "register.list",
    "register.amend",
    "register.withdraw",
    "register.replace_sample",
    "project.enter",
];

#[test]
fn a_profile_replaces_a_type_by_a_file_of_the_same_name_and_adds_its_own() {
    let shared = Files::new("cases", [("loan.toml".to_owned(), GOOD.to_owned())]);
    let mut files = Files::shipped();
    for (profile, days) in [("anhui", 7), ("bozhou", 3)] {
        let own = files.iter_mut().find(|files| files.name() == profile).unwrap();
        own.put("cases/loan.toml", &GOOD.replacen("deadline = 5", &format!("deadline = {days}"), 1));
    }
    let lanxi = files.iter_mut().find(|files| files.name() == "lanxi").unwrap();
    lanxi.put("cases/visit.toml", &GOOD.replacen("key = \"loan\"", "key = \"visit\"", 1));
    let profiles = load(&files).unwrap();
    let types = load_cases(&shared, &files, &profiles, &EFFECTS).unwrap();
    let days = |area: &str| types.get(&code(area), "loan").unwrap().state("asked").unwrap().deadline;
    assert_eq!(days("330781"), Some(5));
    assert_eq!(days("341602"), Some(3), "the narrowest profile decides");
    assert_eq!(days("3401"), Some(7));
    assert_eq!(types.for_area(&code("330781")).keys().copied().collect::<Vec<_>>(), ["loan", "visit"]);
    assert!(types.get(&code("330782"), "visit").is_none());

    let own = files.iter_mut().find(|files| files.name() == "lanxi").unwrap();
    own.put("cases/visit.toml", "key = \"visit\"");
    let errors = load_cases(&shared, &files, &profiles, &EFFECTS).unwrap_err();
    assert_eq!(errors[0].to_string(), "lanxi/cases/visit.toml 第 1 行:缺少“version”。请补上。");
}

#[test]
fn the_types_that_come_with_the_program_say_what_they_rest_on() {
    let files = Files::shipped();
    let types = load_cases(&Files::shipped_cases(), &files, &load(&files).unwrap(), &EFFECTS);
    let types = types.unwrap_or_else(|errors| panic!("{errors:#?}"));
    let lanxi = types.for_area(&code("330781"));
    assert!(lanxi.values().all(|kind| !kind.grounds.is_empty() && !kind.about.is_empty()));
    let survey = lanxi["department_survey"];
    assert_eq!(survey.state("deciding").unwrap().deadline, Some(20));
    // A record about a leader of the county does not lie with the county's own office.
    let record = lanxi["interference_record"];
    let owners: Vec<String> = record.states.iter().flat_map(|state| &state.owner).map(ToString::to_string).collect();
    assert!(owners.iter().all(|who| who != "officer:county" && who != "officer:any"), "{owners:?}");
}

#[test]
fn a_folder_of_a_profile_on_disk_brings_its_case_types() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("lanxi");
    std::fs::create_dir_all(home.join("cases")).unwrap();
    let shipped = Files::shipped().into_iter().find(|files| files.name() == "lanxi").unwrap();
    for path in shipped.paths() {
        std::fs::write(home.join(path), shipped.get(path).unwrap()).unwrap();
    }
    std::fs::write(home.join("cases/loan.toml"), GOOD).unwrap();
    let read = Files::read_all(folder.path()).unwrap();
    assert_eq!(read[0].get("cases/loan.toml"), Some(GOOD));
}
