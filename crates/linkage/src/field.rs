//! Fields that are compared, and how well they agree. A level is a small number: 0 says that a side has nothing, 1 is the best agreement.

/// A field that two rows are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// 统一社会信用代码, 组织机构代码, 注册号.
    Code,
    /// 字号.
    Name,
    /// Trade in the name.
    Trade,
    /// Legal form in the name.
    Form,
    /// Whether the name is that of a branch.
    Rank,
    /// Branch and ordinals in the name, where both have them.
    Branch,
    /// Area, from address or name.
    Place,
    /// Street, number and what stands inside.
    Address,
    /// Telephone.
    Phone,
    /// 法定代表人 or 负责人.
    Person,
    /// Industry.
    Industry,
    /// Day of registration.
    Date,
}

/// How many fields there are.
pub const FIELDS: usize = 12;

/// How many levels a field has at most, with the one for "missing".
pub const LEVELS: usize = 8;

const BITS: u32 = 3; // a level; 2^3 = LEVELS

impl Field {
    /// All fields in the order in which they are told.
    pub const ALL: [Field; FIELDS] = [
        Field::Code,
        Field::Name,
        Field::Trade,
        Field::Form,
        Field::Rank,
        Field::Branch,
        Field::Place,
        Field::Address,
        Field::Phone,
        Field::Person,
        Field::Industry,
        Field::Date,
    ];

    /// Where it stands among all.
    pub fn index(self) -> usize {
        Field::ALL.iter().position(|field| *field == self).unwrap_or(0)
    }

    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Field::Code => "代码",
            Field::Name => "字号",
            Field::Trade => "行业用语",
            Field::Form => "组织形式",
            Field::Rank => "主体或分支",
            Field::Branch => "分支名称",
            Field::Place => "地区",
            Field::Address => "门址",
            Field::Phone => "电话",
            Field::Person => "负责人",
            Field::Industry => "行业代码",
            Field::Date => "成立日期",
        }
    }

    /// What the levels say, from the best agreement down; "missing" is not among them.
    pub fn levels(self) -> &'static [&'static str] {
        match self {
            Field::Code => &["相同", "组织机构代码相同", "只差一位", "不同,且至少一方校验不通过", "不同,两方各自有效"],
            Field::Name => &["相同", "只差一字或字序不同", "相近", "不同"],
            Field::Trade => &["相同", "有相同的词", "不同"],
            Field::Form => &["相同", "不同"],
            Field::Rank => &["两方同为主体或同为分支", "一方是分支,另一方不是"],
            Field::Branch => &["相同", "相近", "不同"],
            Field::Place => &[
                "同一乡镇(街道)",
                "同一县,乡镇未都写明",
                "一方只写到上级地区",
                "同一县,乡镇不同",
                "同一市,县不同",
                "不在同一市",
            ],
            Field::Address => &[
                "门牌相同",
                "门牌相同,室内部分不同或未写",
                "路名相近、号相同,或有一方未写号",
                "同一条路,号不同",
                "不同",
            ],
            Field::Phone => &["相同", "只差一位或未写区号", "不同"],
            Field::Person => &["相同", "只差一字", "不同"],
            Field::Industry => &["小类相同", "中类相同", "大类相同", "不同"],
            Field::Date => &["相同", "相差不到一个月,或月日颠倒、年份差一", "不同"],
        }
    }

    /// The levels that must not weigh more than the one before them. The others stand apart: less exact is not less alike.
    pub fn ordered(self) -> &'static [usize] {
        match self {
            Field::Code => &[1, 2, 3, 4, 5],
            Field::Name | Field::Industry => &[1, 2, 3, 4],
            Field::Trade | Field::Branch | Field::Phone | Field::Person | Field::Date => &[1, 2, 3],
            Field::Form | Field::Rank => &[1, 2],
            Field::Place => &[1, 2, 5, 6],
            Field::Address => &[1, 2, 3, 5],
        }
    }

    /// Whether an agreement on something rare says more than one on something common.
    pub fn is_by_frequency(self) -> bool {
        matches!(self, Field::Name | Field::Trade | Field::Branch | Field::Address | Field::Person)
    }
}

/// The levels of all fields of one pair, as one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pattern(pub(crate) u64);

impl Pattern {
    /// With the level of one field.
    #[must_use]
    pub fn with(self, field: Field, level: usize) -> Pattern {
        let at = shift(field);
        Pattern(self.0 & !(0b111 << at) | (level as u64 & 0b111) << at)
    }

    /// The level of a field, 0 for missing.
    pub fn level(self, field: Field) -> usize {
        usize::try_from(self.0 >> shift(field) & 0b111).unwrap_or(0)
    }

    /// Every field with its level.
    pub fn levels(self) -> impl Iterator<Item = (Field, usize)> {
        Field::ALL.into_iter().map(move |field| (field, self.level(field)))
    }
}

fn shift(field: Field) -> u32 {
    BITS * (field as u32)
}
