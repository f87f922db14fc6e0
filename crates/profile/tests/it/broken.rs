//! Files that are refused, with the place and the reason.

use youju_profile::{Files, load};

fn lanxi() -> Files {
    Files::shipped().into_iter().find(|files| files.name() == "lanxi").unwrap()
}

fn bozhou() -> Files {
    Files::shipped().into_iter().find(|files| files.name() == "bozhou").unwrap()
}

/// Loads files with one text replaced by another; the errors as they are printed.
#[track_caller]
fn errors(mut files: Files, file: &str, from: &str, to: &str) -> Vec<String> {
    let text = files.get(file).expect(file);
    assert!(text.contains(from), "{file} has no {from}");
    let text = text.replacen(from, to, 1);
    files.put(file, &text);
    load(&[files]).expect_err(to).iter().map(ToString::to_string).collect()
}

/// File, a text in it, what stands there instead, and a piece of the refusal.
const CASES: &[(&str, &str, &str, &str)] = &[
    (
        "profile.toml",
        "id = \"lanxi\"",
        "id = \"lanxi2\"",
        "lanxi/profile.toml 第 2 行:代号“lanxi2”与文件夹名“lanxi”不一致。",
    ),
    (
        "profile.toml",
        "area = \"330781\"",
        "area = \"330782\"",
        "lanxi/profile.toml 第 4 行:区划代码 330782000000 是义乌市,与名称“兰溪市”对不上。",
    ),
    ("profile.toml", "area = \"330781\"", "area = \"330781001\"", "区划代码只写到县级"),
    ("profile.toml", "area = \"330781\"", "area = \"33078\"", "应为 2、4、6、9 或 12 位"),
    (
        "profile.toml",
        "since = \"2022-05-24\"",
        "since = \"2022年\"",
        "起始日期(since)应为日期,现为“2022年”。请写成 2026-12-31。",
    ),
    ("profile.toml", "document = \"notice\"", "document = \"letter\"", "documents 中没有来源“letter”"),
    ("profile.toml", "cell_word = \"网格\"", "cell_word = \" \"", "网格的叫法(cell_word)不能为空。"),
    ("profile.toml", "cell_word", "cell_name", "不认识的键“cell_name”。可用的键:id、name、area"),
    ("organisation.toml", "key = \"office\"", "key = \"government\"", "机构代号“government”重复。请只留一个。"),
    ("organisation.toml", "key = \"office\"", "key = \"Office\"", "机构代号“Office”只能用小写字母、数字和下划线。"),
    (
        "organisation.toml",
        "kind = \"office\"",
        "kind = \"bureaucracy\"",
        "没有机构类型“bureaucracy”。可用:government、office",
    ),
    ("organisation.toml", "kind = \"office\"", "kind = \"enterprise\"", "企(事)业单位来自名录库,不写在配置中。"),
    ("organisation.toml", "kind = \"office\"", "kind = \"street\"", "街道应有统计用区划代码。"),
    (
        "organisation.toml",
        "parent = \"government\"",
        "parent = \"baishe\"",
        "前面没有代号为“baishe”的机构。上级应写在下级前面。",
    ),
    ("organisation.toml", "parent = \"government\"\n", "", "没有写上级(parent)。只有第一个机构没有上级。"),
    (
        "organisation.toml",
        "area = \"330781001\"",
        "area = \"330781002\"",
        "区划代码 330781002000 是云山街道,与机构名称“兰江街道办事处”对不上。",
    ),
    ("organisation.toml", "area = \"330781001\"", "area = \"330781099\"", "区划代码 330781099000 不在区划代码表中。"),
    ("organisation.toml", "area = \"330781001\"", "area = \"330781102\"", "区划代码 330781102000 不是街道的代码。"),
    ("organisation.toml", "area = \"330781001\"", "area = \"330782001\"", "不在上级的辖区 330781000000 内。"),
    ("organisation.toml", "name = \"兰溪市财政局\"", "name = \"兰溪市发改局\"", "机构名称“兰溪市发改局”重复。"),
    ("norms.toml", "post = \"established\"", "post = \"director\"", "没有岗位“director”。可用:full_time、statistician"),
    ("norms.toml", "least = 3", "least = 0", "最低人数应大于 0。"),
    ("norms.toml", "paragraph = \"三(一)\"", "paragraph = \"\"", "出处段落(paragraph)不能为空。"),
    ("norms.toml", "kinds = [\"street\", \"township\", \"zone\"]", "kinds = []", "没有写适用的机构类型(kinds)。"),
    (
        "norms.toml",
        "id = \"established\"",
        "id = \"established\"\nonly = [\"nowhere\"]",
        "organisation.toml 中没有机构“nowhere”。",
    ),
    (
        "norms.toml",
        "id = \"established\"",
        "id = \"established\"\nonly = [\"fagai\"]",
        "“兰溪市发改局”不是 kinds 中的机构类型。",
    ),
    ("checklists.toml", "id = \"office\"", "id = \"leader\"", "项目代号“leader”重复。请只留一个。"),
    (
        "checklists.toml",
        "renew_months = 12",
        "renew_months = 0",
        "复核周期(renew_months)应在 1 到 60 个月之间,现为 0。",
    ),
    (
        "checklists.toml",
        "source = \"notice\"",
        "source = \"memory\"",
        "lanxi/checklists.toml 第 8 行:profile.toml 的 documents 中没有来源“memory”。",
    ),
];

#[test]
fn mistakes_are_told_with_file_line_and_reason() {
    for (file, from, to, expected) in CASES {
        let errors = errors(lanxi(), file, from, to);
        assert!(errors.iter().any(|error| error.contains(expected)), "{file} {to}\n{errors:#?}");
    }
}

#[test]
fn norms_that_contradict_each_other_or_leave_a_gap_are_refused() {
    let told = |from: &str, to: &str| errors(bozhou(), "norms.toml", from, to).join("\n");
    assert!(told("units_below = 1000", "units_below = 900").contains("单位数 900 到 999 没有规定最低人数"));
    assert!(told("units_below = 1000", "units_below = 1100").contains("单位数 1000 有两个最低人数,互相矛盾"));
    assert!(
        told("units_from = 1000", "units_from = 1000\nunits_below = 5000")
            .contains("单位数 5000 及以上没有规定最低人数")
    );
    assert!(told("units_from = 1000", "units_from = 1000\nunits_below = 1000").contains("单位数范围是空的"));
}

#[test]
fn a_stranger_among_the_files_and_a_missing_head_are_told() {
    let mut files = lanxi();
    files.put("normes.toml", "");
    files.remove("profile.toml");
    let told: Vec<String> = load(&[files]).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "lanxi/normes.toml 第 1 行:配置中没有这种文件。请核对文件名。",
            "lanxi/profile.toml 第 1 行:没有这个文件。请补上。"
        ]
    );
}

#[test]
fn two_profiles_of_one_area_are_refused() {
    let mut second = Files::new("other", []);
    let lanxi = lanxi();
    second.put("profile.toml", &lanxi.get("profile.toml").unwrap().replacen("id = \"lanxi\"", "id = \"other\"", 1));
    let errors = load(&[lanxi, second]).unwrap_err();
    assert!(errors[0].to_string().contains("区划 330781000000 已有配置“lanxi”,一个区划只能有一套。"), "{errors:#?}");
}

#[test]
fn a_folder_on_disk_is_read_like_what_is_shipped() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("lanxi");
    std::fs::create_dir(&home).unwrap();
    let shipped = lanxi();
    for path in shipped.paths() {
        std::fs::write(home.join(path), format!("\u{feff}{}", shipped.get(path).unwrap())).unwrap();
    }
    std::fs::write(home.join("说明.txt"), "not ours").unwrap();
    assert_eq!(Files::read_all(folder.path()).unwrap(), std::slice::from_ref(&shipped));
    assert_eq!(Files::read_all(&home).unwrap(), [shipped]);
}

#[test]
fn an_onboarding_that_nobody_could_follow_is_refused() {
    let item = |line: &str| {
        let key = line.split(' ').next().unwrap_or_default();
        let lines = [
            "key = \"visit\"",
            "name = \"走访\"",
            "shows = \"写明情况\"",
            "days = 10",
            "level = \"county\"",
            "kind = \"act\"",
        ];
        let kept: Vec<&str> = lines.into_iter().filter(|one| one.split(' ').next() != Some(key)).collect();
        format!("[[item]]\n{}\n{line}\n", kept.join("\n"))
    };
    let cases = [
        (item("days = 0"), "期限应为 1 至 120 个工作日,现为 0。"),
        (item("level = \"village\""), "没有级别“village”。可用:township、county"),
        (item("kind = \"party\""), "没有辅导事项种类“party”。可用:act、pack、first_report"),
        (item("name = \" \""), "辅导事项名称(name)不能为空。"),
        (item("days = 10") + &item("days = 10"), "辅导事项代号“visit”重复。请只留一个。"),
        ("letter = [\"\"]".to_owned(), "一封信(letter)不能为空。"),
        ("source = \"plan\"".to_owned(), "还要写出处段落(paragraph)"),
        ("source = \"hearsay\"\nparagraph = \"一\"".to_owned(), "documents 中没有来源“hearsay”"),
        ("greeting = \"您好\"".to_owned(), "不认识的键“greeting”。可用的键:inferred、source"),
    ];
    for (text, expected) in cases {
        let mut files = bozhou();
        files.put("onboarding.toml", &text);
        let told: Vec<String> = load(&[files]).expect_err(expected).iter().map(ToString::to_string).collect();
        assert!(
            told.iter().any(|one| one.starts_with("bozhou/onboarding.toml 第 ") && one.contains(expected)),
            "{told:?}"
        );
    }
}
