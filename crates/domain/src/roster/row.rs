//! What the columns of a list mean, and whether a row can be used.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use youju_codes::{Industry, OrgCode, Usci, normalise, parse_number};

use super::Standing;

/// Characters of a name; longer ones are text that slipped into the column.
pub const NAME_CHARS_MAX: usize = 120;
/// Characters of any other value that is kept.
const VALUE_CHARS_MAX: usize = 200;

/// What departments call the columns of codes, names and addresses.
const CODES: &[&str] = &[
    "统一社会信用代码",
    "社会信用代码",
    "信用代码",
    "统一代码",
    "纳税人识别号",
    "社会信用代码纳税人识别号",
    "统一社会信用代码纳税人识别号",
    "统一社会信用代码注册号",
    "注册号",
    "组织机构代码",
    "单位代码",
    "代码",
    "uscc",
    "usci",
];
const NAMES: &[&str] = &[
    "单位名称",
    "单位详细名称",
    "企业名称",
    "市场主体名称",
    "经营主体名称",
    "主体名称",
    "纳税人名称",
    "社会组织名称",
    "机构名称",
    "字号名称",
    "名称",
    "name",
];
const ADDRESSES: &[&str] = &[
    "地址",
    "单位地址",
    "住所",
    "经营场所",
    "住所经营场所",
    "企业住所",
    "注册地址",
    "经营地址",
    "生产经营地址",
    "详细地址",
    "办公地址",
    "address",
];

/// Column 列 of a list, as far as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// 统一社会信用代码, 组织机构代码 or an old number.
    Code,
    /// 单位名称.
    Name,
    /// 地址.
    Address,
    /// 乡镇(街道) where it has a column of its own.
    Town,
    /// 电话.
    Phone,
    /// 行业代码.
    Industry,
    /// 成立日期.
    Opened,
    /// 登记状态.
    Standing,
    /// 营业收入 or 应税销售额.
    Revenue,
    /// 注册资本: looked at for columns that slipped, and not kept.
    Capital,
    /// The row's number in the file that it was first handed in with, where it has been mended.
    Line,
}

impl Column {
    /// All, in the order in which they are written out.
    pub const ALL: [Column; 11] = [
        Column::Line,
        Column::Code,
        Column::Name,
        Column::Address,
        Column::Town,
        Column::Phone,
        Column::Industry,
        Column::Opened,
        Column::Standing,
        Column::Revenue,
        Column::Capital,
    ];

    /// The name in forms and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Column::Code => "code",
            Column::Name => "name",
            Column::Address => "address",
            Column::Town => "town",
            Column::Phone => "phone",
            Column::Industry => "industry",
            Column::Opened => "opened",
            Column::Standing => "standing",
            Column::Revenue => "revenue",
            Column::Capital => "capital",
            Column::Line => "line",
        }
    }

    /// Reads [`Column::key`].
    pub fn from_key(key: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|column| column.key() == key)
    }

    /// The heading that we write ourselves.
    pub fn label(self) -> &'static str {
        self.headings().first().copied().unwrap_or_default()
    }

    /// What departments call it; the first is our own word.
    pub fn headings(self) -> &'static [&'static str] {
        match self {
            Column::Code => CODES,
            Column::Name => NAMES,
            Column::Address => ADDRESSES,
            Column::Town => &[
                "所在乡镇街道",
                "乡镇街道",
                "所属乡镇",
                "所属街道",
                "街道",
                "乡镇",
                "行政区划",
                "区划代码",
                "行政区划代码",
            ],
            Column::Phone => &["电话", "联系电话", "固定电话", "单位电话", "移动电话", "手机", "手机号码", "phone"],
            Column::Industry => &["行业代码", "行业", "国民经济行业", "行业小类", "所属行业"],
            Column::Opened => &[
                "成立日期",
                "成立时间",
                "开业日期",
                "开业设立日期",
                "登记日期",
                "注册日期",
                "注册时间",
                "核准日期",
                "设立日期",
                "registeredon",
            ],
            Column::Standing => &["登记状态", "经营状态", "企业状态", "主体状态", "纳税人状态", "存续状态", "状态"],
            Column::Revenue => {
                &["营业收入", "应税销售额", "主营业务收入", "销售额", "申报销售额", "应税收入", "增值税申报销售额"]
            }
            Column::Capital => &["注册资本", "注册资金", "出资额", "资金数额", "registeredcapital"],
            Column::Line => &["原行号"],
        }
    }
}

/// A row that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// The code as it stands there.
    pub code: String,
    /// The name.
    pub name: String,
    /// The address.
    pub address: String,
    /// The township, in words or as a code.
    pub town: String,
    /// The telephone.
    pub phone: String,
    /// The industry.
    pub industry: String,
    /// The day of registration as it stands there.
    pub opened: String,
    /// Whether it is still there.
    pub standing: Standing,
    /// The figure of its revenue, in the measure of the column.
    pub revenue: Option<Decimal>,
    /// What has to be told about it; none where all is well.
    pub remarks: Vec<String>,
}

impl Taken {
    /// The 统一社会信用代码, where it is one.
    pub fn usci(&self) -> Option<Usci> {
        Usci::parse(&self.code).ok()
    }

    /// What makes a row the same row when it is handed in again.
    pub fn identity(&self) -> String {
        let revenue = self.revenue.map(|revenue| revenue.normalize().to_string()).unwrap_or_default();
        let parts = [
            &self.code,
            &self.name,
            &self.address,
            &self.town,
            &self.phone,
            &self.industry,
            &self.opened,
            self.standing.key(),
            &revenue,
        ];
        parts.join("\u{1f}")
    }
}

/// What a value looks like, wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Code,
    Day,
    State,
    Address,
    Amount,
    Number,
    Other,
}

impl Look {
    fn label(self) -> &'static str {
        match self {
            Look::Code => "代码",
            Look::Day => "日期",
            Look::State => "登记状态",
            Look::Address => "地址",
            Look::Amount => "金额",
            Look::Number => "数字",
            Look::Other => "文字",
        }
    }

    fn of(text: &str) -> Look {
        let text = normalise(text);
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let digits = compact.chars().filter(char::is_ascii_digit).count();
        let letters = compact.chars().count();
        let is_ascii = compact.is_ascii();
        let has = |words: &[&str]| words.iter().any(|word| compact.contains(word));
        match () {
            () if is_day(&compact) => Look::Day,
            () if is_ascii && letters == 18 && digits >= 8 && compact.chars().all(|c| c.is_ascii_alphanumeric()) => {
                Look::Code
            }
            () if is_ascii && digits > 0 && parse_number(&compact).is_ok() => Look::Number,
            () if digits > 0 && has(&["万元", "(元)", "人民币"]) && letters <= 20 => Look::Amount,
            () if letters <= 12 && STATES.contains(&compact.as_str()) => Look::State,
            () if letters >= 6
                && has(&["省", "市", "县", "区", "镇", "乡", "街道"])
                && has(&["路", "街", "村", "号", "室", "镇", "乡", "道", "园区", "大厦", "组"])
                && !has(&["公司", "厂", "合作社", "商店", "经营部", "分行", "支行", "中心", "学校", "医院"]) =>
            {
                Look::Address
            }
            () => Look::Other,
        }
    }
}

const STATES: &[&str] =
    &["存续", "在业", "在营", "开业", "注销", "吊销", "迁出", "正常", "停业", "歇业", "清算", "存续(在营、开业、在册)"];

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let has_only_marks =
        text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | '年' | '月' | '日' | ':' | 'T'));
    let year = |part: &str| part.len() == 4 && ("1900".."2200").contains(&part);
    match parts.as_slice() {
        [whole] => whole.len() == 8 && year(whole.get(..4).unwrap_or_default()) && text.len() == 8 && in_year(whole),
        [first, _, _, ..] => has_only_marks && year(first) && parts.len() <= 6,
        _ => false,
    }
}

fn in_year(whole: &str) -> bool {
    let part = |range| whole.get(range).unwrap_or_default();
    ("01"..="12").contains(&part(4..6)) && ("01"..="31").contains(&part(6..8))
}

/// What stands in a column that never stands there: the row, or the whole file, is shifted by a column.
fn foreign(column: Column, text: &str) -> Option<Look> {
    let look = Look::of(text);
    let is_foreign = match column {
        Column::Name => matches!(look, Look::Code | Look::Day | Look::Amount | Look::Number | Look::State),
        Column::Code => matches!(look, Look::Day | Look::State | Look::Address | Look::Amount) || is_words(text),
        Column::Address => matches!(look, Look::Code | Look::Day | Look::Amount | Look::State),
        Column::Opened => matches!(look, Look::Code | Look::Address | Look::Amount | Look::State),
        Column::Standing => matches!(look, Look::Code | Look::Day | Look::Address | Look::Amount),
        Column::Phone => matches!(look, Look::Address | Look::State | Look::Amount) || is_whole_code(text),
        Column::Revenue => matches!(look, Look::Code | Look::Day | Look::Address | Look::State),
        Column::Town | Column::Industry => matches!(look, Look::Day | Look::Amount | Look::State),
        Column::Capital | Column::Line => false,
    };
    is_foreign.then_some(look)
}

fn is_whole_code(text: &str) -> bool {
    Usci::parse(text).is_ok()
}

/// A name where a code should be.
fn is_words(text: &str) -> bool {
    text.chars().filter(|c| !c.is_ascii()).count() > 3
}

/// Reads a row. What cannot be used is refused with the reason; what can, but is doubtful, is told with the row.
pub fn judge(values: &BTreeMap<Column, String>) -> Result<Taken, String> {
    let get = |column: Column| values.get(&column).map(|text| text.trim()).unwrap_or_default();
    if let Some((column, text, look)) = values
        .iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .find_map(|(column, text)| foreign(*column, text.trim()).map(|look| (column, text.trim(), look)))
    {
        let shown: String = text.chars().take(30).collect();
        return Err(format!(
            "“{}”一列是“{shown}”,像{},这一行可能错了列。请对照表头移回原位。",
            column.label(),
            look.label()
        ));
    }
    let name = get(Column::Name);
    if name.is_empty() {
        return Err("没有单位名称。请补上名称。".to_owned());
    }
    for (column, text) in values {
        let (count, max) =
            (text.chars().count(), if *column == Column::Name { NAME_CHARS_MAX } else { VALUE_CHARS_MAX });
        if count > max {
            return Err(format!("“{}”有 {count} 个字,超过 {max} 个。请核对是否混入了别的内容。", column.label()));
        }
    }
    let mut taken = Taken {
        code: normalise(get(Column::Code)).trim().to_uppercase(),
        name: name.to_owned(),
        address: get(Column::Address).to_owned(),
        town: get(Column::Town).to_owned(),
        phone: get(Column::Phone).to_owned(),
        industry: get(Column::Industry).to_owned(),
        opened: get(Column::Opened).to_owned(),
        ..Taken::default()
    };
    taken.remarks.extend(about_code(&taken.code));
    taken.remarks.extend(about_capital(get(Column::Capital)));
    match Standing::read(get(Column::Standing)) {
        Some(standing) => taken.standing = standing,
        None => taken.remarks.push(format!("登记状态“{}”不认识,按在业处理。", get(Column::Standing))),
    }
    if !taken.industry.is_empty() && Industry::parse(&digits(&taken.industry)).is_err() {
        taken.remarks.push(format!("行业“{}”没有行业代码,不参与比对。", taken.industry));
    }
    match get(Column::Revenue) {
        "" => {}
        text => match parse_number(text) {
            Ok(figure) => taken.revenue = Some(figure),
            Err(_) => taken.remarks.push(format!("营业收入“{text}”不是数字,没有读取。")),
        },
    }
    Ok(taken)
}

fn digits(text: &str) -> String {
    text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).take(4).collect()
}

/// What is wrong with a code. The row is used all the same: matching is made for damaged codes.
fn about_code(code: &str) -> Option<String> {
    match code.chars().count() {
        0 => Some("没有代码,只能按名称和地址比对。".to_owned()),
        18 => Usci::parse(code).err().map(|error| format!("统一社会信用代码不对:{}。按其余各项比对。", error.reason)),
        9 => OrgCode::parse(code).err().map(|error| format!("组织机构代码不对:{}。按其余各项比对。", error.reason)),
        13..=15 if code.bytes().all(|b| b.is_ascii_digit()) => None,
        count => Some(format!("代码有 {count} 位,不是统一社会信用代码(18 位)。按其余各项比对。")),
    }
}

const FIGURES: &str = "0123456789一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟";

/// Words in the column of the capital: something slipped, though not in a column that is kept.
fn about_capital(text: &str) -> Option<String> {
    if text.is_empty() || normalise(text).chars().any(|c| FIGURES.contains(c)) {
        return None;
    }
    let shown: String = text.chars().take(30).collect();
    Some(format!("“注册资本”一列是“{shown}”,不是金额,这一行可能错了列。其余各列看不出错,按所写读取。"))
}
