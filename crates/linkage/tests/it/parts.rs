//! What names, addresses, codes and numbers are taken apart into.

use youju_linkage::{Code, CodeAgreement, CodeKind, Form, address, clean, date, industry, name, person, phone};

#[test]
fn a_name_is_place_core_trade_form_and_branch() {
    let cases = [
        // text, place, 字号, trade, form, branch
        ("义乌市红发针织内衣厂", 330_782_000, "红发", "针织内衣", Form::Works, ""),
        ("浙江华迪广告传媒有限公司", 330_000_000, "华迪", "广告传媒", Form::Company, ""),
        ("浙江华迪广告传媒（有限公司）", 330_000_000, "华迪", "广告传媒", Form::Company, ""),
        ("浙江省金华市福大寿食品有限责任公司", 330_700_000, "福大寿", "食品", Form::Company, ""),
        ("宝娜斯集团有限公司", 0, "宝娜斯", "", Form::Company, ""),
        ("宝娜斯（集团）有限公司", 0, "宝娜斯", "", Form::Company, ""),
        ("中国银行股份有限公司东阳城西支行", 330_783_000, "中国银行", "", Form::Company, "城西支行"),
        ("中国邮政集团公司浙江省磐安县分公司", 330_727_000, "中国邮政", "", Form::Company, "分公司"),
        ("安徽科普农业有限公司第二分公司", 340_000_000, "科普", "农业", Form::Company, "第2分公司"),
        ("重庆家乐福商业有限公司金观音广场店", 500_000_000, "家乐福", "商业", Form::Company, "金观音广场店"),
        ("利辛县胡集供销合作社综合九部", 341_623_000, "胡集", "", Form::Cooperative, "综合9部"),
        ("武威市水工机械配件厂（普通合伙）", 620_600_000, "水工", "机械配件", Form::Works, ""),
        ("蘭谿市蘭江貿易商行", 330_781_000, "兰江", "贸易", Form::Shop, ""),
        ("亳州市利亚药业有限责任公司", 341_600_000, "利亚", "药业", Form::Company, ""),
        ("兰溪市好食品店", 330_781_000, "好食品", "", Form::Shop, ""),
        ("义乌市恒达纺织限有公司", 330_782_000, "恒达", "纺织", Form::Company, ""),
        ("义乌市恒达纺织有洪责任公司", 330_782_000, "恒达", "纺织", Form::Company, ""),
        ("义乌市恒达纺织有公司", 330_782_000, "恒达", "纺织", Form::Company, ""),
        ("蒙城县乡镇企业供销公司", 341_622_000, "乡镇企业", "供销", Form::Company, ""),
        ("ＡＢＣ（中国）有限公司", 0, "ABC", "", Form::Company, ""),
        ("无", 0, "", "", Form::None, ""),
        ("  ", 0, "", "", Form::None, ""),
    ];
    for (text, place, core, trade, form, branch) in cases {
        let name = name(text);
        let found = (name.place, name.core.as_str(), name.trade.as_str(), name.form, name.branch.as_str());
        assert_eq!(found, (place, core, trade, form, branch), "{text}");
    }
}

#[test]
fn numbers_of_shops_count_and_numbers_in_words_do_not() {
    let ordinals = |text: &str| name(text).ordinals;
    assert_ne!(ordinals("利辛县胡集供销合作社综合九部"), ordinals("利辛县胡集供销合作社综合八部"));
    assert_eq!(ordinals("安徽科普农业有限公司第二分公司"), ordinals("安徽科普农业有限公司第2分公司"));
    assert_eq!(ordinals("兰溪市五金商店"), 0);
    assert_eq!(ordinals("兰溪市万里商行"), 0);
}

#[test]
fn an_address_is_area_street_number_and_room() {
    let cases = [
        ("浙江省金华市婺城区迪耳路150号", 330_702_000, "迪耳路", "150", ""),
        ("义乌市稠城街道赵宅五区11幢7号", 330_782_001, "赵宅", "5", "11.7"),
        ("浙江省义乌市东义路二号希宝广场一楼", 330_782_000, "东义路", "2", "1"),
        ("東陽市東義路２号希寶廣場1樓", 330_783_000, "东义路", "2", "1"),
        ("重庆市江北区大石坝七村180号附1号", 500_105_000, "大石坝七村", "180", "1"),
        ("金华市芙峰街657号（后垅）", 330_700_000, "芙峰街", "657", ""),
        ("东阳市六石街道湖心塘村(22省道边)", 330_783_004, "湖心塘村", "", ""),
        ("安徽省亳州市谯城区十九里镇307省道东侧", 341_602_105, "307省道东侧", "", ""),
        ("利辛县淝河路与前进路交叉口", 341_623_000, "淝河路与前进路交叉口", "", ""),
        ("人民路005号", 0, "人民路", "5", ""),
        ("兰溪市永昌镇光明路3号", 330_781_000, "光明路", "3", ""),
        ("不详", 0, "", "", ""),
    ];
    for (text, place, street, number, inside) in cases {
        let address = address(text);
        let found = (address.street.as_str(), address.number.as_str(), address.inside.as_str());
        assert_eq!(found, (street, number, inside), "{text}");
        // Which townships there are is the list's business; their counties must be right.
        assert_eq!(address.place / 1000, place / 1000, "{text}");
    }
}

#[test]
fn codes_are_told_apart_and_compared() {
    let right = "91330100799655058B";
    let cases = [
        ("91330100 799655058b", right, CodeAgreement::Same),
        ("79965505-8", right, CodeAgreement::SameOrg),
        ("92330100799655058B", right, CodeAgreement::SameOrg),
        ("91330100799655085B", right, CodeAgreement::OneOff),
        ("9133010079965505B", right, CodeAgreement::OneOff),
        ("91330100799655068B", right, CodeAgreement::OneOff),
        ("913307027125706182", right, CodeAgreement::Differs),
        ("913307027125706183", right, CodeAgreement::DiffersDamaged),
        ("330702000012345", right, CodeAgreement::Unknown),
        ("330702000012345", "330702000012346", CodeAgreement::OneOff),
        ("", right, CodeAgreement::Unknown),
        ("000000000000000000", right, CodeAgreement::Unknown),
        ("无", right, CodeAgreement::Unknown),
    ];
    for (a, b, expected) in cases {
        let (x, y) = (Code::read(a), Code::read(b));
        assert_eq!(x.agreement(&y), expected, "{a} {b}");
        assert_eq!(y.agreement(&x), expected, "{b} {a}");
    }
    assert_eq!(Code::read(right).kind(), CodeKind::Usci);
    assert_eq!(Code::read(right).org(), Some(b"799655058".as_slice()));
    assert_eq!(Code::read("330702000012345").kind(), CodeKind::Registration);
}

#[test]
fn telephones_persons_industries_and_days_are_read_as_people_write_them() {
    assert_eq!(phone("０５７９－８８８８６６６６"), phone("(0579)88886666转12"));
    assert_eq!(phone("8613805791234"), 13_805_791_234);
    assert_eq!((phone("11111111"), phone("12"), phone("无")), (0, 0, 0));
    assert_eq!(person(" 張　三（负责人）"), "张三");
    assert_eq!(person("李四先生"), "李四");
    assert_eq!((industry("C1819"), industry("18"), industry("9999")), (1819, 1800, 0));
    for text in ["2004-12-15", "2004年12月15日", "20041215", "2004/12/15 08:00", "２００４．１２．１５"] {
        assert_eq!(date(text), date("2004-12-15"), "{text}");
        assert_ne!(date(text), 0);
    }
    assert_eq!((date("2004-13-01"), date(""), date("3004-01-01")), (0, 0, 0));
}

#[test]
fn width_script_case_and_marks_do_not_count() {
    assert_eq!(clean("蘭谿·ａｂｃ，貿易（集團）"), clean("兰溪ABC贸易集团"));
}
