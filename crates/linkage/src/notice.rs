//! What has to be said about a result before anybody relies on it.

use crate::field::Field;

/// Which pairs a part of the estimate was learnt from, by what they were looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Session {
    /// The same code.
    Code,
    /// Alike by name.
    Name,
    /// The same telephone.
    Phone,
    /// The same door.
    Door,
    /// The same person.
    Person,
}

impl Session {
    /// All of them.
    pub const ALL: [Session; 5] = [Session::Code, Session::Name, Session::Phone, Session::Door, Session::Person];

    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Session::Code => "代码相同的对",
            Session::Name => "名称相近的对",
            Session::Phone => "电话相同的对",
            Session::Door => "门牌相同的对",
            Session::Person => "负责人相同的对",
        }
    }
}

/// Something to know about a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// A list has no rows.
    NothingThere,
    /// Too few matches are known from any pairs in which the field was free; the usual chances hold.
    NotLearnt(Field),
    /// No pair has the field on both sides.
    NoData(Field),
    /// The estimate still moved when it was stopped.
    NotConverged(Session, usize),
    /// Two beginnings led to two answers.
    TwoAnswers(Session, Field),
    /// Weights of a field rose while the agreement fell; the levels were put together.
    LeveledOut(Field),
    /// More matches were expected than one-to-one allows.
    MoreThanRows,
    /// No pair at all was looked at.
    NoPairs,
    /// So many pairs of so many keys were not looked at.
    LeftOut(&'static str, u64, u64),
    /// Groups that were too large to be solved exactly: how many, rows in the largest.
    Greedy(usize, usize),
    /// The asked error rate could not be kept at any threshold: nothing was accepted without a look.
    NothingAccepted,
}

impl Notice {
    /// The notice as a full sentence.
    pub fn says(&self) -> String {
        match self {
            Notice::NothingThere => "有一方没有任何单位,没有可匹配的内容。请检查名单是否读入。".to_owned(),
            Notice::NotLearnt(field) => {
                format!(
                    "“{}”的权重无法从这两份名单估计(可参照的匹配太少),采用的是通常值。结果偏重这一项时请多看几对。",
                    field.label()
                )
            }
            Notice::NoData(field) => format!("没有一对单位两方都有“{}”,这一项没有参与匹配。", field.label()),
            Notice::NotConverged(session, rounds) => {
                format!("由{}估计权重时,算到第 {rounds} 轮仍在变动,估计没有收敛。概率只可作排序用。", session.label())
            }
            Notice::TwoAnswers(session, field) => format!(
                "由{}估计“{}”的权重时,从两个起点得到两个不同的结果,取了更符合数据的一个。建议人工复核一批后再用。",
                session.label(),
                field.label()
            ),
            Notice::LeveledOut(field) => {
                format!("“{}”估计出的权重不随相符程度下降,已把颠倒的几级合并,按同一权重计。", field.label())
            }
            Notice::MoreThanRows => {
                "按概率推算的匹配数多于一对一所允许的数目,已按较小一方的单位数封顶。名单中可能有重复。".to_owned()
            }
            Notice::NoPairs => "没有任何一对单位有共同的代码、名称用字、电话、门牌或负责人,一对也没有比较。".to_owned(),
            Notice::LeftOut(pass, keys, pairs) => format!(
                "按“{pass}”分块时,有 {keys} 个值因共有的单位太多(或所在县不明)没有逐对比较,涉及 {pairs} 对;这些对若在别的分块中相遇仍会比较。"
            ),
            Notice::Greedy(groups, rows) => {
                format!("有 {groups} 组互相牵连的单位太多(最多一组 {rows} 个),没有求最优,按概率从高到低依次配对。")
            }
            Notice::NothingAccepted => {
                "在要求的差错率下,没有一个概率界限可以免看直接认定,全部列入人工复核。".to_owned()
            }
        }
    }
}
