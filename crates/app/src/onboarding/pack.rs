//! Service pack 统计服务包: what a new unit gets into its hands, put together for it alone from what the program knows: letter and notice, the
//! forms that it owes with their calendar, who to ask, how to sign in, ledgers, what checks find most, what has to be archived.

use std::collections::BTreeSet;
use std::io::Cursor;

use chrono::NaiveDate;
use youju_codes::{AreaLevel, area};
use youju_domain::Instant;
use youju_domain::access::{Action, Actor, Object};
use youju_domain::finding::Severity;
use youju_domain::id::UnitId;
use youju_domain::onboarding::Order;
use youju_domain::register::{Owes, Unit};
use youju_domain::survey::{local, print_instant, starts};
use youju_profile::onboarding_for;
use youju_programme::{Check, Form, Programme};
use youju_sheet::{CellOut, ColumnOut, FileOut, Table, write_csv, write_zip};
use youju_store::{person, sponsorship, survey};

use crate::context::{App, Cx};
use crate::error::{Fault, Result};
use crate::organisation::today;
use crate::register::{self, owed};

/// Checks of one form that the pack shows: more are not read by anybody, and all of them stand on the form's page.
const CHECKS_MAX: usize = 6;

/// A form that the unit owes.
#[derive(Debug, Clone)]
pub struct FormLine {
    /// 表号.
    pub form: String,
    /// Its title.
    pub title: String,
    /// How often.
    pub kind: &'static str,
    /// Why the unit owes it.
    pub why: String,
    /// Windows that are open or to come: the period's label, 开网, 截止.
    pub windows: Vec<(String, Instant, Instant)>,
    /// What has to be looked at before it is handed in.
    pub checks: Vec<Checked>,
}

/// A check as the pack tells it.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Its number.
    pub id: String,
    /// What should hold.
    pub words: String,
}

/// Somebody to ask.
#[derive(Debug, Clone)]
pub struct Contact {
    /// What for.
    pub role: String,
    /// Name.
    pub name: String,
    /// Where.
    pub place: String,
}

/// The pack of a unit.
#[derive(Debug, Clone)]
pub struct Pack {
    /// The unit.
    pub unit: Unit,
    /// The county, by name.
    pub place: String,
    /// The day on which it was put together.
    pub on: NaiveDate,
    /// 致企业的一封信.
    pub letter: Vec<String>,
    /// 统计法律事务告知书, 登录说明, 其他材料.
    pub order: Order,
    /// 报表目录和报送日历.
    pub forms: Vec<FormLine>,
    /// 联系人.
    pub contacts: Vec<Contact>,
    /// Ledgers: name, and the records that they are kept from.
    pub ledgers: Vec<(String, String)>,
    /// What has to be archived: programme, item, for how long or why.
    pub archive: Vec<(String, String, String)>,
}

/// Puts the pack of a unit together, for its own people and the officers of its area.
pub async fn pack(cx: &mut Cx<'_>, id: UnitId) -> Result<Pack> {
    let unit = register::get(cx, id).await?;
    cx.allow(Action::View, Object::Unit { id, area: &unit.area })?;
    let on = today(cx);
    let order = onboarding_for(cx.app().profiles(), &unit.area).clone();
    let county = unit.area.ancestors().into_iter().find(|code| code.level() == AreaLevel::County);
    let place = county.and_then(|code| area::name(&code)).unwrap_or_default().to_owned();
    let forms = forms(cx, &unit, on).await?;
    let contacts = contacts(cx, &unit, on).await?;
    let codes: BTreeSet<&str> = forms.iter().map(|line| line.form.as_str()).collect();
    let programmes = cx.app().programmes().values();
    let owed: Vec<&Programme> = programmes
        .filter(|programme| programme.forms().iter().any(|form| codes.contains(form.code.as_str())))
        .collect();
    let ledger = |ledger: &youju_programme::Ledger| (ledger.name.clone(), ledger.originals.join("、"));
    let letter =
        order.letter.iter().map(|line| line.replace("{unit}", &unit.name).replace("{place}", &place)).collect();
    Ok(Pack {
        ledgers: owed.iter().flat_map(|programme| programme.ledgers().iter().map(ledger)).collect(),
        archive: owed.iter().flat_map(|programme| archive(programme)).collect(),
        letter,
        place,
        on,
        order,
        forms,
        contacts,
        unit,
    })
}

fn archive(programme: &Programme) -> Vec<(String, String, String)> {
    let items = programme.archive().items.iter();
    items.map(|item| (programme.name.clone(), item.name.clone(), item.note.clone())).collect()
}

async fn forms(cx: &mut Cx<'_>, unit: &Unit, on: NaiveDate) -> Result<Vec<FormLine>> {
    let answers = owed::of_unit(cx, unit.id, on).await?;
    let (all, now) = (survey::list(cx.tx()).await?, cx.now());
    let mut lines = Vec::new();
    for answer in answers.into_iter().filter(|answer| answer.owes == Owes::Owed) {
        let form = cx.app().form(&answer.form)?;
        let windows = all.iter().filter(|window| {
            window.form == answer.form && window.area.contains(&unit.area) && window.times.closes_at >= now
        });
        let mut windows: Vec<(String, Instant, Instant)> = windows
            .map(|window| (window.period.cumulative_label(), window.times.opens_at, window.times.due_at))
            .collect();
        windows.sort_by_key(|(_, opens_at, _)| *opens_at);
        lines.push(FormLine {
            kind: form.period_kind().label(),
            checks: checks(form),
            title: answer.title,
            form: answer.form,
            why: answer.why,
            windows,
        });
    }
    Ok(lines)
}

/// Relations between figures that must hold: that a cell be filled needs no telling.
fn checks(form: &Form) -> Vec<Checked> {
    let tells = |check: &&Check| check.severity == Severity::Blocking && !check.asks_presence();
    let checked = |check: &Check| Checked { id: check.id.clone(), words: check.message.clone() };
    form.checks().iter().filter(tells).take(CHECKS_MAX).map(checked).collect()
}

async fn contacts(cx: &mut Cx<'_>, unit: &Unit, on: NaiveDate) -> Result<Vec<Contact>> {
    let mut contacts = Vec::new();
    for one in sponsorship::of_unit(cx.tx(), unit.id).await? {
        if one.one.until.is_none() {
            let role = format!("包保人({})", crate::sponsorship::name_of(cx, &one.one));
            contacts.push(Contact { role, name: one.sponsor, place: one.one.subject.name });
        }
    }
    let near = |code: &youju_codes::AreaCode| matches!(code.level(), AreaLevel::Township | AreaLevel::County);
    let officers = person::officers(cx.tx(), on).await?;
    let mut officers: Vec<_> =
        officers.into_iter().filter(|one| near(&one.area) && one.area.contains(&unit.area)).collect();
    // The township first: whoever is near is asked first.
    officers.sort_by_key(|one| std::cmp::Reverse(one.area.prefix().len()));
    contacts.extend(officers.into_iter().map(|one| Contact {
        role: one.role.label().to_owned(),
        name: one.name,
        place: area::path(&one.area),
    }));
    Ok(contacts)
}

fn lines(title: &str, lines: &[String]) -> String {
    let mut text = format!("{title}\r\n\r\n");
    for (number, line) in (1..).zip(lines) {
        text.extend([number.to_string().as_str(), ". ", line, "\r\n"]);
    }
    text
}

fn csv(names: &[&str], rows: Vec<Vec<String>>) -> Result<Vec<u8>> {
    let columns = names.iter().map(|name| ColumnOut::new(name)).collect();
    let rows = rows.into_iter().map(|row| row.into_iter().map(CellOut::Text).collect());
    let mut file = Vec::new();
    write_csv(&mut file, Table { title: String::new(), columns, rows })
        .map_err(|error| Fault::new("writing a service pack", error))?;
    Ok(file)
}

/// The files of a pack, without the blank forms.
fn texts(pack: &Pack) -> Result<Vec<(String, Vec<u8>)>> {
    let letter =
        format!("致企业的一封信\r\n\r\n{}\r\n\r\n{}统计局\r\n{}\r\n", pack.letter.join("\r\n"), pack.place, pack.on);
    // Notepad of older systems takes a text without a mark for GBK.
    let text = |text: String| format!("\u{feff}{text}").into_bytes();
    let calendar = pack.forms.iter().flat_map(|form| {
        let line = |label: &str, opens: &str, due: &str| {
            [&form.form, &form.title, form.kind, label, opens, due, &form.why].map(str::to_owned).to_vec()
        };
        let mut lines: Vec<Vec<String>> = form
            .windows
            .iter()
            .map(|(label, opens, due)| line(label, &print_instant(*opens), &print_instant(*due)))
            .collect();
        if lines.is_empty() {
            lines.push(line("", "", ""));
        }
        lines
    });
    let checks = pack.forms.iter().flat_map(|form| {
        form.checks.iter().map(|check| vec![form.form.clone(), check.id.clone(), check.words.clone()])
    });
    let contacts = pack.contacts.iter().map(|one| vec![one.role.clone(), one.name.clone(), one.place.clone()]);
    let ledgers = pack.ledgers.iter().map(|(name, from)| vec![name.clone(), from.clone()]);
    let archive =
        pack.archive.iter().map(|(programme, item, note)| vec![programme.clone(), item.clone(), note.clone()]);
    Ok(vec![
        ("1_致企业的一封信.txt".into(), text(letter)),
        ("2_统计法律事务告知书.txt".into(), text(lines("统计法律事务告知书", &pack.order.notice))),
        (
            "3_报表目录和报送日历.csv".into(),
            csv(&["表号", "表名", "报告期别", "报告期", "开网", "截止", "为什么要报"], calendar.collect())?,
        ),
        ("4_联系人.csv".into(), csv(&["职责", "姓名", "所在地"], contacts.collect())?),
        ("5_登录和填报.txt".into(), text(lines("登录和填报", &pack.order.sign_in))),
        ("6_审核要点.csv".into(), csv(&["表号", "审核编号", "应当怎样"], checks.collect())?),
        ("7_统计台账.csv".into(), csv(&["台账", "原始记录"], ledgers.collect())?),
        ("8_归档清单.csv".into(), csv(&["报表制度", "应归档的资料", "说明"], archive.collect())?),
        ("9_其他材料.txt".into(), text(lines("其他材料", &pack.order.more))),
    ])
}

/// The pack as one zip: the texts, and the blank forms as PDF. The same day gives the same bytes.
pub async fn file(app: &App, actor: Actor, id: UnitId) -> Result<(String, Vec<u8>)> {
    let pack = app.read(Some(actor), async |cx| pack(cx, id).await).await?;
    let at = local(starts(pack.on));
    let mut files = texts(&pack)?;
    for form in &pack.forms {
        let blank = crate::paper::pdf(app, crate::paper::blank(app, &form.form)?).await?;
        files.push((format!("空白表/{}.pdf", form.form), blank));
    }
    let files: Vec<FileOut> = files.into_iter().map(|(path, bytes)| FileOut { path, at, bytes }).collect();
    let mut out = Cursor::new(Vec::new());
    write_zip(&mut out, &files).map_err(|error| Fault::new("packing a service pack", error))?;
    Ok((format!("{}统计服务包.zip", pack.unit.name.replace(['/', '\\', ':'], "")), out.into_inner()))
}
