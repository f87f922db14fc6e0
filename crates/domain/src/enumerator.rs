//! Enumerators 辅助调查员: people of the register of staff who collect in the field: what they are engaged for, how they are appraised, and what
//! they are paid. Pay is computed from work and rates, confirmed by who supervises, and paid by somebody else.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use youju_codes::{Period, PeriodKind, format_number};

use crate::Instant;
use crate::id::{AppraisalId, EngagementId, PersonId, RateId, StaffId, TenureId, WorkId};
use crate::problem::Problem;
use crate::staff::line;

/// Villages, cells or routes that one person can walk.
const DUTY_AREAS_MAX: usize = 40;
/// Days before its first one on which an engagement may be written down.
const DAYS_AHEAD_MAX: i64 = 60;
/// Most yuan for one piece: more than a month's work for one household is a slip of the pen.
const AMOUNT_MAX: i64 = 10_000;
/// Most pieces of one entry.
const QUANTITY_MAX: i64 = 100_000;
/// Full marks of an appraisal.
pub const SCORE_MAX: u32 = 100;
/// Fewest marks with which somebody has passed.
pub const SCORE_PASSED: u32 = 60;

fn bad(reason: impl Into<String>) -> Problem {
    Problem::BadInput { reason: reason.into() }
}

/// Terms 聘用约定 of an engagement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// Villages, cells or sample units that they answer for, by name.
    pub area: Vec<String>,
    /// The surveys that they work for.
    pub surveys: String,
    /// Who supervises them.
    pub supervisor: Option<StaffId>,
    /// The agreement, by its number; empty before there is one.
    pub agreement: String,
    /// When they signed to keep what they learn to themselves.
    pub secrecy_on: Option<NaiveDate>,
}

/// Reads an area of duty: names with a comma, a stop or a line between them.
pub fn read_area(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in text.split(['、', ',', '，', ';', '；', '\n']).map(str::trim).filter(|name| !name.is_empty()) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

impl Terms {
    /// Refuses what cannot be, and gives it back as it is kept.
    pub fn read(self, staff: StaffId, today: NaiveDate) -> Result<Terms, Problem> {
        if self.area.is_empty() || self.area.len() > DUTY_AREAS_MAX {
            return Err(bad(format!("请写明责任区域(村、网格或样本单位),1 至 {DUTY_AREAS_MAX} 个,用顿号隔开。")));
        }
        let area = self.area.iter().map(|name| line("责任区域", name)).collect::<Result<_, _>>()?;
        let (surveys, agreement) = (line("调查项目", &self.surveys)?, line("聘用协议", &self.agreement)?);
        if surveys.is_empty() {
            return Err(bad("请写明承担的调查项目。"));
        }
        if self.supervisor == Some(staff) {
            return Err(bad("督导人员应为别人。"));
        }
        if self.secrecy_on.is_some_and(|on| on > today) {
            return Err(bad("保密承诺的签订日期不能晚于今天。"));
        }
        Ok(Terms { area, surveys, agreement, ..self })
    }
}

/// Engagement 聘用 — that somebody collects in the field from one day to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engagement {
    /// Its id.
    pub id: EngagementId,
    /// The post that it goes with: who, and where.
    pub tenure: TenureId,
    /// For what.
    pub terms: Terms,
    /// The first day.
    pub since: NaiveDate,
    /// The first day on which it is no more.
    pub until: Option<NaiveDate>,
    /// Why it ended.
    pub left_by: Option<String>,
    /// Changes at every write.
    pub revision: i64,
}

impl Engagement {
    /// An engagement that begins.
    pub fn begin(
        id: EngagementId,
        tenure: TenureId,
        terms: Terms,
        since: NaiveDate,
        today: NaiveDate,
    ) -> Result<Engagement, Problem> {
        if (since - today).num_days() > DAYS_AHEAD_MAX {
            return Err(bad(format!("聘用日期最多提前 {DAYS_AHEAD_MAX} 天登记,请核对。")));
        }
        Ok(Engagement { id, tenure, terms, since, until: None, left_by: None, revision: 0 })
    }

    /// True when it holds on a day.
    pub fn holds_on(&self, on: NaiveDate) -> bool {
        self.since <= on && self.until.is_none_or(|until| on < until)
    }

    /// Ends it from a day on.
    pub fn end(&self, on: NaiveDate, why: &str) -> Result<Engagement, Problem> {
        if self.until.is_some() {
            return Err(bad("这项聘用已经结束。"));
        }
        if on < self.since {
            return Err(bad(format!("结束日期不能早于聘用日期 {}。", self.since)));
        }
        let why = crate::grid::read_reason(why)?;
        Ok(Engagement { until: Some(on), left_by: Some(why), ..self.clone() })
    }
}

/// What an enumerator lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// No training before the first work.
    Training,
    /// No signed promise of secrecy.
    Secrecy,
    /// No agreement.
    Agreement,
    /// Nobody supervises them.
    Supervisor,
}

impl Lack {
    /// The words on a page.
    pub fn label(self) -> &'static str {
        match self {
            Lack::Training => "没有上岗前的培训记录",
            Lack::Secrecy => "没有签订保密承诺",
            Lack::Agreement => "没有聘用协议",
            Lack::Supervisor => "没有督导人员",
        }
    }
}

/// What somebody lacks, by what is known about them.
pub fn lacks(terms: &Terms, is_trained: bool) -> Vec<Lack> {
    let lacks = [
        (!is_trained, Lack::Training),
        (terms.secrecy_on.is_none(), Lack::Secrecy),
        (terms.agreement.is_empty(), Lack::Agreement),
        (terms.supervisor.is_none(), Lack::Supervisor),
    ];
    lacks.into_iter().filter(|(is_lacking, _)| *is_lacking).map(|(_, lack)| lack).collect()
}

/// Appraisal 考核 of somebody over a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appraisal {
    /// Its id.
    pub id: AppraisalId,
    /// Whose.
    pub engagement: EngagementId,
    /// Over which period.
    pub period: Period,
    /// Marks of 100.
    pub score: u32,
    /// What they rest on.
    pub grounds: String,
    /// By whom.
    pub by: PersonId,
    /// The name of who appraised.
    pub by_name: String,
    /// When.
    pub at: Instant,
}

/// Refuses an appraisal that is none; gives the period, the marks and their grounds as they are kept.
pub fn read_appraisal(
    period: &str,
    score: u32,
    grounds: &str,
    today: NaiveDate,
) -> Result<(Period, u32, String), Problem> {
    let period = Period::parse(period).map_err(|error| bad(error.to_string()))?;
    if period.first_day() > today {
        return Err(bad("考核的时期还没有开始。"));
    }
    if score > SCORE_MAX {
        return Err(bad(format!("分数应为 0 至 {SCORE_MAX}。")));
    }
    Ok((period, score, crate::grid::read_reason(grounds)?))
}

/// Rate 报酬标准: what a piece of work is paid, from one day to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Its id.
    pub id: RateId,
    /// The area that it holds in.
    pub area: youju_codes::AreaCode,
    /// The work.
    pub task: String,
    /// What is counted: 户, 天, 份.
    pub per: String,
    /// Yuan for each.
    pub amount: Decimal,
    /// The document.
    pub document: String,
    /// The first day.
    pub since: NaiveDate,
    /// The first day on which it holds no more.
    pub until: Option<NaiveDate>,
}

/// A rate before it is set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewRate {
    /// The work.
    pub task: String,
    /// What is counted.
    pub per: String,
    /// Yuan for each.
    pub amount: Decimal,
    /// The document.
    pub document: String,
}

impl NewRate {
    /// Refuses what is no rate.
    pub fn read(self) -> Result<NewRate, Problem> {
        let (task, per, document) =
            (line("工作内容", &self.task)?, line("计量单位", &self.per)?, line("依据文件", &self.document)?);
        if task.is_empty() || per.is_empty() || document.is_empty() {
            return Err(bad("请写明工作内容、计量单位和依据文件。"));
        }
        if self.amount <= Decimal::ZERO
            || self.amount > Decimal::from(AMOUNT_MAX)
            || self.amount.normalize().scale() > 2
        {
            return Err(bad(format!("标准应大于 0、不超过 {AMOUNT_MAX} 元,最多两位小数。")));
        }
        Ok(NewRate { task, per, document, amount: self.amount.normalize() })
    }
}

impl Rate {
    /// True when it holds on a day.
    pub fn holds_on(&self, on: NaiveDate) -> bool {
        self.since <= on && self.until.is_none_or(|until| on < until)
    }
}

/// Work 工作量: how much was done on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Its id.
    pub id: WorkId,
    /// When.
    pub done_on: NaiveDate,
    /// By which rate it is paid.
    pub rate: RateId,
    /// How much.
    pub quantity: Decimal,
    /// What it was.
    pub note: String,
    /// Who entered it.
    pub by_name: String,
}

/// Work before it is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWork {
    /// When.
    pub done_on: NaiveDate,
    /// How much.
    pub quantity: Decimal,
    /// What it was.
    pub note: String,
}

impl NewWork {
    /// Refuses work that cannot have been done, or is not paid by this rate. A deduction says why.
    pub fn read(self, engagement: &Engagement, rate: &Rate, today: NaiveDate) -> Result<NewWork, Problem> {
        if self.done_on > today {
            return Err(bad("日期不能晚于今天。"));
        }
        if !engagement.holds_on(self.done_on) {
            return Err(bad(format!("{} 不在聘用期内。", self.done_on)));
        }
        if !rate.holds_on(self.done_on) {
            return Err(bad(format!("“{}”的标准在 {} 不适用。", rate.task, self.done_on)));
        }
        let quantity = self.quantity.normalize();
        if quantity.is_zero() || quantity.abs() > Decimal::from(QUANTITY_MAX) || quantity.scale() > 2 {
            return Err(bad(format!("数量不能为 0,不超过 {QUANTITY_MAX},最多两位小数。")));
        }
        let note = line("说明", &self.note)?;
        if quantity.is_sign_negative() && note.chars().count() < 4 {
            return Err(bad("冲减以前的数量,请写明原因,不少于 4 个字。"));
        }
        Ok(NewWork { quantity, note, ..self })
    }
}

/// Line 报酬表的行: what was earned by one rate in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The work.
    pub task: String,
    /// What is counted.
    pub per: String,
    /// How much in all.
    pub quantity: Decimal,
    /// From how many entries.
    pub entries: u32,
    /// Yuan for each.
    pub amount: Decimal,
    /// Yuan in all.
    pub sum: Decimal,
    /// The document of the rate.
    pub document: String,
}

impl Line {
    /// How the sum came about, with its figures.
    pub fn ground(&self) -> String {
        let [quantity, amount, sum] = [self.quantity, self.amount, self.sum].map(|one| format_number(&one.normalize()));
        format!("{quantity} {} × {amount} 元 = {sum} 元({} 次登记;{})", self.per, self.entries, self.document)
    }
}

/// Computes what was earned, rate by rate, exactly. Work whose rate is not there is an accident that must not be paid as nothing.
pub fn compute(work: &[Work], rates: &BTreeMap<RateId, Rate>) -> Result<Vec<Line>, Problem> {
    let mut lines: BTreeMap<RateId, Line> = BTreeMap::new();
    for one in work {
        let rate = rates.get(&one.rate).ok_or(Problem::NotFound { what: "报酬标准" })?;
        let line = lines.entry(one.rate).or_insert_with(|| Line {
            task: rate.task.clone(),
            per: rate.per.clone(),
            quantity: Decimal::ZERO,
            entries: 0,
            amount: rate.amount,
            sum: Decimal::ZERO,
            document: rate.document.clone(),
        });
        line.quantity += one.quantity;
        line.entries += 1;
        // To the cent; half a cent goes up.
        line.sum = (line.quantity * line.amount)
            .round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    }
    let mut lines: Vec<Line> = lines.into_values().collect();
    lines.sort_by(|one, other| one.task.cmp(&other.task).then(one.document.cmp(&other.document)));
    Ok(lines)
}

/// What the lines come to.
pub fn total(lines: &[Line]) -> Decimal {
    lines.iter().map(|line| line.sum).sum()
}

/// Pay 报酬 of somebody for a month, from its confirmation on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pay {
    /// Whose.
    pub engagement: EngagementId,
    /// For which month.
    pub month: Period,
    /// What it is made of, as it was confirmed.
    pub lines: Vec<Line>,
    /// Who confirmed it.
    pub confirmed_by: PersonId,
    /// Their name.
    pub confirmed_name: String,
    /// When.
    pub confirmed_at: Instant,
    /// Who marked it as paid, when, and the voucher.
    pub paid: Option<Paid>,
}

/// That pay went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// Who marked it.
    pub by: PersonId,
    /// Their name.
    pub by_name: String,
    /// When.
    pub at: Instant,
    /// The voucher, or the run of the bank.
    pub document: String,
}

/// Who confirms: the supervisor where they have an account, and never the enumerator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hands {
    /// The account of the enumerator.
    pub own: Option<PersonId>,
    /// The account of who supervises.
    pub supervisor: Option<PersonId>,
}

/// A month for which people are paid.
pub fn read_month(text: &str) -> Result<Period, Problem> {
    let month = Period::parse(text).map_err(|error| bad(error.to_string()))?;
    if month.kind() == PeriodKind::Month { Ok(month) } else { Err(bad("请写一个月份,如 2026-03。")) }
}

impl Pay {
    /// Confirms what was computed for a month that is over.
    pub fn confirm(
        (engagement, month): (EngagementId, Period),
        lines: Vec<Line>,
        (by, by_name): (PersonId, &str),
        hands: Hands,
        (now, today): (Instant, NaiveDate),
    ) -> Result<Pay, Problem> {
        if today <= month.last_day() {
            return Err(bad(format!("{}还没有过完,次月起可以确认。", month.label())));
        }
        if lines.is_empty() {
            return Err(bad(format!("{}没有登记工作量。", month.label())));
        }
        if total(&lines) < Decimal::ZERO {
            return Err(bad("冲减以后为负数,不能确认。请核对登记的工作量。"));
        }
        if hands.own == Some(by) {
            return Err(bad("本人的报酬由督导人员确认。"));
        }
        if hands.supervisor.is_some_and(|supervisor| supervisor != by) {
            return Err(bad("督导人员有账号,应由督导人员确认。"));
        }
        let confirmed_name = by_name.to_owned();
        Ok(Pay { engagement, month, lines, confirmed_by: by, confirmed_name, confirmed_at: now, paid: None })
    }

    /// Marks it as paid, by somebody else than who confirmed it.
    pub fn pay(
        &self,
        (by, by_name): (PersonId, &str),
        hands: Hands,
        document: &str,
        now: Instant,
    ) -> Result<Pay, Problem> {
        if self.paid.is_some() {
            return Err(bad("这个月的报酬已经标记为发放。"));
        }
        if by == self.confirmed_by || hands.own == Some(by) {
            return Err(bad("确认的人和领取的人都不能标记发放,请由另一位办理。"));
        }
        let document = line("发放凭证", document)?;
        if document.is_empty() {
            return Err(bad("请写明发放凭证(凭证号或银行批次)。"));
        }
        let paid = Paid { by, by_name: by_name.to_owned(), at: now, document };
        Ok(Pay { paid: Some(paid), ..self.clone() })
    }
}
