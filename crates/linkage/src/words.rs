//! Words of company names: legal forms, what may stand in brackets, and trades. Each list is sorted by nothing but its subject; the longest
//! word that fits is taken.

/// The kinds of body that a legal form speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// No form in the name.
    #[default]
    None,
    /// 公司.
    Company,
    /// 合作社.
    Cooperative,
    /// 厂.
    Works,
    /// 店, 经营部 and whatever an individual runs.
    Shop,
    /// 事务所, 医院, 学校, 协会 and other bodies.
    Body,
}

impl Form {
    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Form::None => "",
            Form::Company => "公司",
            Form::Cooperative => "合作社",
            Form::Works => "厂",
            Form::Shop => "店铺",
            Form::Body => "其他机构",
        }
    }
}

/// At the end of a name, or in its middle, when the name of a branch follows.
pub(crate) const HEADS: &[(&str, Form)] = &[
    ("股份有限责任公司", Form::Company),
    ("股份有限公司", Form::Company),
    ("有限责任公司", Form::Company),
    ("有限公司", Form::Company),
    ("股份合作公司", Form::Company),
    ("集团公司", Form::Company),
    ("总公司", Form::Company),
    ("公司", Form::Company),
    ("农民专业合作社联合社", Form::Cooperative),
    ("农民专业合作社", Form::Cooperative),
    ("专业合作社", Form::Cooperative),
    ("供销合作社", Form::Cooperative),
    ("信用合作社", Form::Cooperative),
    ("股份经济合作社", Form::Cooperative),
    ("经济合作社", Form::Cooperative),
    ("合作社", Form::Cooperative),
];

/// Words for a part of a company, so that 公司 in them begins no branch.
pub(crate) const PARTS: &[char] = &['分', '支', '子'];

/// At the end only.
pub(crate) const ENDS: &[(&str, Form)] = &[
    ("有限合伙", Form::Company),
    ("集团", Form::Company),
    ("总厂", Form::Works),
    ("加工厂", Form::Works),
    ("制造厂", Form::Works),
    ("分厂", Form::Works),
    ("厂", Form::Works),
    ("个体工商户", Form::Shop),
    ("经营部", Form::Shop),
    ("经销部", Form::Shop),
    ("批发部", Form::Shop),
    ("门市部", Form::Shop),
    ("服务部", Form::Shop),
    ("销售部", Form::Shop),
    ("加工部", Form::Shop),
    ("小卖部", Form::Shop),
    ("便利店", Form::Shop),
    ("专卖店", Form::Shop),
    ("商店", Form::Shop),
    ("商行", Form::Shop),
    ("商场", Form::Shop),
    ("超市", Form::Shop),
    ("工作室", Form::Shop),
    ("店", Form::Shop),
    ("铺", Form::Shop),
    ("行", Form::Shop),
    ("馆", Form::Shop),
    ("坊", Form::Shop),
    ("摊", Form::Shop),
    ("部", Form::Shop),
    ("家庭农场", Form::Shop),
    ("联合社", Form::Cooperative),
    ("事务所", Form::Body),
    ("研究所", Form::Body),
    ("研究院", Form::Body),
    ("设计院", Form::Body),
    ("幼儿园", Form::Body),
    ("委员会", Form::Body),
    ("基金会", Form::Body),
    ("办公室", Form::Body),
    ("协会", Form::Body),
    ("医院", Form::Body),
    ("学校", Form::Body),
    ("中心", Form::Body),
    ("联社", Form::Body),
    ("站", Form::Body),
    ("所", Form::Body),
    ("院", Form::Body),
    ("社", Form::Body),
    ("会", Form::Body),
    ("局", Form::Body),
];

/// In brackets, these say nothing that tells one unit from another.
pub(crate) const ASIDES: &[(&str, Form)] = &[
    ("中国", Form::None),
    ("集团", Form::None),
    ("普通合伙", Form::None),
    ("特殊普通合伙", Form::None),
    ("有限合伙", Form::None),
    ("合伙", Form::None),
    ("个人独资", Form::None),
    ("独资", Form::None),
    ("个体", Form::None),
    ("个体工商户", Form::Shop),
    ("自然人独资", Form::None),
    ("筹", Form::None),
    ("本部", Form::None),
    ("总部", Form::None),
];

/// What a unit does, as names say it. Words of one character are left out: they are part of too many others.
pub(crate) fn trades() -> impl Iterator<Item = &'static str> {
    include_str!("trades.txt").split_whitespace()
}
