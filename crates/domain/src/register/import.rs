//! A list of units that is taken into the register 名单导入: what its columns are called, and what is wrong with a row. Whether a unit is in the
//! register already is not looked at here.

use chrono::NaiveDate;
use youju_codes::{AreaCode, AreaLevel, Industry, IndustryLevel, Usci, area, locate};

use super::fact::{Fact, Facts, Form, read_day};

/// What a column of a list may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// A fact of the register.
    Fact(Fact),
    /// The name of a province, a city or a county: says with the address where a unit is.
    Place(Level),
}

/// Which level a column of place names is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 省.
    Province,
    /// 市.
    City,
    /// 县.
    County,
    /// 乡镇.
    Township,
}

/// Facts that no list may say: units refer to others by identity, and whether a unit reports is decided by a case.
const NOT_BY_LIST: &[Fact] = &[Fact::Listing, Fact::Parent, Fact::Predecessor, Fact::Successor];

impl Field {
    /// Everything that a column may be.
    pub fn all() -> Vec<Field> {
        let facts = Fact::ALL.iter().copied().filter(|fact| !NOT_BY_LIST.contains(fact)).map(Field::Fact);
        facts.chain([Level::Province, Level::City, Level::County, Level::Township].map(Field::Place)).collect()
    }

    /// The name on a command line.
    pub fn key(self) -> &'static str {
        match self {
            Field::Fact(fact) => fact.key(),
            Field::Place(Level::Province) => "province",
            Field::Place(Level::City) => "city",
            Field::Place(Level::County) => "county",
            Field::Place(Level::Township) => "township",
        }
    }

    /// Reads the name.
    pub fn from_key(key: &str) -> Option<Field> {
        Field::all().into_iter().find(|field| field.key() == key)
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Field::Fact(fact) => fact.label(),
            Field::Place(Level::Province) => "省(名称)",
            Field::Place(Level::City) => "市(名称)",
            Field::Place(Level::County) => "县(名称)",
            Field::Place(Level::Township) => "乡镇(名称)",
        }
    }

    /// What such a column is called in the lists of offices and departments, its own name first.
    pub fn aliases(self) -> Vec<&'static str> {
        let others: &[&str] = match self {
            Field::Fact(fact) => names(fact),
            Field::Place(Level::Province) => &["省份", "省", "省级", "所在省"],
            Field::Place(Level::City) => &["城市", "市", "地市", "市级", "所在市"],
            Field::Place(Level::County) => &["区县", "县", "县区", "县市区", "所在县", "region"],
            Field::Place(Level::Township) => &["乡镇", "街道", "乡镇街道", "乡镇名称", "所在乡镇"],
        };
        [self.label(), self.key()].into_iter().chain(others.iter().copied()).collect()
    }
}

fn names(fact: Fact) -> &'static [&'static str] {
    match fact {
        Fact::Usci => &["社会信用代码", "信用代码", "统一代码", "统一社会信用代码(纳税人识别号)", "uscc", "uscc_code"],
        Fact::Name => {
            &["单位名称", "企业名称", "机构名称", "市场主体名称", "名称", "企业(机构)名称", "单位详细名称(全称)"]
        }
        Fact::Area => {
            &["区划代码", "行政区划代码", "统计用区划代码", "所在地区划代码", "单位所在地区划代码", "地址代码"]
        }
        Fact::Industry => {
            &["行业", "行业小类", "行业小类代码", "国民经济行业代码", "国民经济行业分类代码", "所属行业代码"]
        }
        Fact::Activity => &["主营业务", "主要经营活动", "主要业务活动1"],
        Fact::Address => {
            &["地址", "单位地址", "单位所在地", "所在地", "经营地址", "生产经营地址", "住所", "经营场所", "企业地址"]
        }
        Fact::RegisteredArea => &["单位注册地区划代码", "注册地区划代码"],
        Fact::RegisteredAddress => &["注册地", "单位注册地", "注册住所"],
        Fact::Representative => {
            &["法人代表", "法定代表人(负责人)", "法定代表人(单位负责人)", "单位负责人", "负责人", "法人"]
        }
        Fact::Phone => &["电话", "固定电话", "手机", "移动电话", "电话号码", "联系方式"],
        Fact::FoundedOn => &["成立日期", "注册日期", "登记日期", "注册时间", "登记时间", "registered_on"],
        Fact::OpenedOn => &["开业日期", "开业(成立)时间"],
        Fact::RegistrationType => &["登记注册类型", "企业类型", "公司类型", "市场主体类型", "主体类型", "company_type"],
        Fact::Holding => &["企业控股情况"],
        Fact::Status => &["运营状态(机构状态)", "企业(单位)运营状态", "营业状态", "经营状态", "登记状态"],
        Fact::Kind => &["机构类型", "单位类别"],
        Fact::Standard => &["执行会计标准类别", "执行会计准则情况", "会计制度"],
        Fact::Employees => &["从业人员", "从业人数", "从业人员期末人数", "期末人数", "员工人数"],
        // Without the unit of measure beside it, a sum of money is not known to be in 千元.
        Fact::Assets => &["资产总额(千元)"],
        Fact::OrgCode => &["机构代码", "组织机构代码证"],
        Fact::TaxNumber => &["税号", "纳税人识别码", "税务登记号"],
        Fact::RegistrationNumber => &["注册号", "工商注册号", "营业执照注册号"],
        _ => &[],
    }
}

/// What is said of rows that do not say it themselves, and what must hold of every row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Where units are whose rows do not say it.
    pub area: Option<AreaCode>,
    /// What units do whose rows do not say it.
    pub industry: Option<Industry>,
    /// Units elsewhere are refused.
    pub within: Option<AreaCode>,
    /// Nothing began after it.
    pub today: NaiveDate,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// In which column; none where the row itself is wrong.
    pub field: Option<Field>,
    /// Why, as a sentence.
    pub reason: String,
    /// True where nothing is wrong and something is missing that every unit of the register has.
    pub is_missing: bool,
}

impl Flaw {
    fn of(field: Field, reason: impl Into<String>) -> Flaw {
        Flaw { field: Some(field), reason: reason.into(), is_missing: false }
    }

    fn missing(fact: Fact, reason: &str) -> Flaw {
        Flaw { field: Some(Field::Fact(fact)), reason: reason.to_owned(), is_missing: true }
    }

    /// A flaw of the row itself.
    pub fn of_row(reason: impl Into<String>) -> Flaw {
        Flaw { field: None, reason: reason.into(), is_missing: false }
    }
}

/// A row that can be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// Who it is.
    pub usci: Usci,
    /// What the row says.
    pub said: Facts,
    /// What was added: from the address, or because the command said it of all rows.
    pub added: Facts,
    /// True where the township follows from the address.
    pub is_derived: bool,
    /// What a new unit would need besides.
    pub missing: Vec<Flaw>,
    /// What somebody should look at although the row is taken.
    pub notes: Vec<String>,
}

impl Sound {
    /// Everything, for a unit that is new.
    pub fn whole(&self) -> Facts {
        let mut facts = self.added.clone();
        facts.overlay(&self.said);
        facts
    }

    /// Why no new unit can be made of the row; what should be looked at is told with it.
    pub fn why_incomplete(&self) -> Option<Vec<Flaw>> {
        let told = || self.missing.iter().cloned().chain(noted(&self.notes)).collect();
        (!self.missing.is_empty()).then(told)
    }
}

/// Notes told with a row, but no reason of their own to leave it.
fn noted(notes: &[String]) -> impl Iterator<Item = Flaw> {
    notes.iter().map(|note| Flaw::missing(Fact::Usci, note))
}

/// Reads a row: what it says, or everything that is wrong with it. What is only missing stops nothing but a new unit.
pub fn judge(cells: &[(Field, &str)], rules: &Rules) -> Result<Sound, Vec<Flaw>> {
    let (mut said, mut flaws, mut missing) = (Facts::default(), Vec::new(), Vec::new());
    for (field, typed) in cells {
        let Field::Fact(fact) = field else { continue };
        match read(*fact, typed, rules.today) {
            Ok(value) if value.is_empty() => {}
            Ok(value) => said = said.with(*fact, value),
            Err(reason) => flaws.push(Flaw::of(*field, reason)),
        }
    }
    let is_wrong = |fact: Fact, flaws: &[Flaw]| flaws.iter().any(|flaw| flaw.field == Some(Field::Fact(fact)));
    let mut added = Facts::default();
    let mut is_derived = false;
    if said.get(Fact::Area).is_none() && !is_wrong(Fact::Area, &flaws) {
        let derived = locate::township(&where_it_is(cells));
        is_derived = derived.is_some();
        match derived.or(rules.area) {
            Some(area) => added = added.with(Fact::Area, area.as_str()),
            None => missing
                .push(Flaw::missing(Fact::Area, "没有区划代码,地址也没有写明唯一的乡镇(街道)。请补填 12 位区划代码。")),
        }
    }
    if said.get(Fact::Industry).is_none() && !is_wrong(Fact::Industry, &flaws) {
        match &rules.industry {
            Some(industry) => added = added.with(Fact::Industry, industry.code()),
            None => missing.push(Flaw::missing(Fact::Industry, "没有行业代码。请补填行业小类代码(4 位)。")),
        }
    }
    for fact in [Fact::Usci, Fact::Name] {
        if said.get(fact).is_none() && !is_wrong(fact, &flaws) {
            missing.push(Flaw::missing(fact, &format!("没有{}。", fact.label())));
        }
    }
    let known = |fact: Fact| said.get(fact).or(added.get(fact)).map(str::to_owned);
    if let Some(area) = known(Fact::Area).and_then(|code| AreaCode::parse(&code).ok())
        && let Some(reason) = why_no_place(&area, rules)
    {
        flaws.push(Flaw::of(Field::Fact(Fact::Area), reason));
    }
    let usci = said.get(Fact::Usci).and_then(|code| Usci::parse(code).ok());
    let notes = usci.map(notes).unwrap_or_default();
    match usci {
        Some(usci) if flaws.is_empty() => Ok(Sound { usci, said, added, is_derived, missing, notes }),
        _ => Err(flaws.into_iter().chain(missing).chain(noted(&notes)).collect()),
    }
}

/// Place names from above down, then the address.
fn where_it_is(cells: &[(Field, &str)]) -> String {
    let mut places: Vec<(Level, &str)> = Vec::new();
    let mut address = "";
    for (field, typed) in cells {
        match field {
            Field::Place(level) => places.push((*level, typed)),
            Field::Fact(Fact::Address) => address = typed,
            Field::Fact(Fact::RegisteredAddress) if address.is_empty() => address = typed,
            Field::Fact(_) => {}
        }
    }
    places.sort_by_key(|(level, _)| *level);
    places.iter().map(|(_, name)| *name).chain([address]).collect::<Vec<_>>().join(" ")
}

/// Why a code is no place of a unit of this list.
fn why_no_place(code: &AreaCode, rules: &Rules) -> Option<String> {
    let township = code.ancestors().into_iter().chain([*code]).find(|area| area.level() == AreaLevel::Township);
    match township {
        None => Some(format!("区划代码 {code} 没有写到乡镇(街道)。请填到乡镇或村(居)。")),
        Some(township) if area::find(&township).is_none() => {
            Some(format!("区划代码 {code} 所在的乡镇(街道)不在区划代码表中。请核对第 7 至 9 位。"))
        }
        Some(_) => rules
            .within
            .filter(|within| !within.contains(code))
            .map(|within| format!("{} 不在本辖区({})。", area::path(code), area::path(&within))),
    }
}

/// A cell as the register keeps it. What belongs under another heading is told as that: the columns of the row may have slipped.
fn read(fact: Fact, typed: &str, today: NaiveDate) -> Result<String, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(String::new());
    }
    let slipped = |what: &str| format!("“{typed}”是{what},不是{}。可能整行错了列,请核对本行各列。", fact.label());
    if let Some(like) = looks_like(typed)
        && like.may_not_stand_in(fact)
    {
        return Err(slipped(like.label()));
    }
    let is_word = |c: char| c.is_alphabetic();
    match fact.form() {
        Form::Usci | Form::Area | Form::Industry | Form::Day | Form::Number
            if typed.chars().filter(|c| is_han(*c)).count() > 3 =>
        {
            // 2026年4月1日 has three of them.
            return Err(slipped("文字"));
        }
        Form::Text if fact == Fact::Name && !typed.chars().any(is_word) => return Err(slipped("数字")),
        // A person's name, an address: every type of item 205, old or new, has one of these words.
        Form::Text if fact == Fact::RegistrationType && !TYPE_WORDS.iter().any(|word| typed.contains(word)) => {
            return Err(format!("“{typed}”不像{}。可能整行错了列,请核对本行各列。", fact.label()));
        }
        _ => {}
    }
    let value = fact.read(typed).map_err(|problem| problem.says())?;
    match fact.form() {
        Form::Industry => match Industry::parse(&value) {
            Ok(industry) if industry.level() != IndustryLevel::Class => {
                Err(format!("行业代码 {} 是{},应填到小类(4 位)。", industry.code(), industry.level().label()))
            }
            _ => Ok(value),
        },
        Form::Day if value.parse::<NaiveDate>().is_ok_and(|day| day > today) => {
            Err(format!("{} {value} 在今天({today})之后。", fact.label()))
        }
        _ => Ok(value),
    }
}

/// Words of the types of registration (登记注册统计类别).
const TYPE_WORDS: [&str; 15] = [
    "公司", "企业", "个体", "个人", "合作", "合伙", "法人", "机构", "资", "国有", "集体", "股份", "联营", "私营",
    "其他",
];

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// What nobody writes under another heading by intention.
#[derive(Clone, Copy)]
enum Like {
    Code,
    Day,
}

impl Like {
    fn label(self) -> &'static str {
        match self {
            Like::Code => "统一社会信用代码",
            Like::Day => "日期",
        }
    }

    fn may_not_stand_in(self, fact: Fact) -> bool {
        let is_number = matches!(
            fact,
            Fact::OrgCode | Fact::TaxNumber | Fact::RegistrationNumber | Fact::CensusCode | Fact::SampleCode
        );
        match self {
            Like::Code => !is_number && !matches!(fact.form(), Form::Usci),
            // 2026.5 is a month and a number.
            Like::Day => !is_number && fact != Fact::Phone && !matches!(fact.form(), Form::Day | Form::Number),
        }
    }
}

fn looks_like(typed: &str) -> Option<Like> {
    if Usci::parse(typed).is_ok() {
        return Some(Like::Code);
    }
    let is_day = typed.chars().count() <= 11 && typed.contains(['-', '/', '年', '.']) && read_day(typed).is_some();
    is_day.then_some(Like::Day)
}

/// A code that passes its own check while the code of the body inside it does not was issued so, or mistyped twice.
fn notes(usci: Usci) -> Vec<String> {
    if usci.org_code().has_valid_check() {
        return Vec::new();
    }
    vec![format!("{usci} 的校验码正确,其中的组织机构代码(第 9 至 17 位)校验不符,请对照证照核实。")]
}
