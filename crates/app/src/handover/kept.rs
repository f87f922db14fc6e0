//! What somebody keeps in a post, beside what waits for them: ledgers, imports and files of a unit, keys, seats.

use chrono::{Datelike, NaiveDate};
use youju_domain::access::Scope;
use youju_domain::handover::Item;
use youju_domain::person::Person;
use youju_domain::staff::{Staff, Workplace};
use youju_store::report::Listed;
use youju_store::staff::Held;
use youju_store::{api_key, archive, book, seat};

use crate::context::Cx;
use crate::error::Result;
use crate::organisation::today;

/// A report by name.
pub(super) fn name(report: &Listed) -> String {
    format!("{} {} {}", report.form, report.period.cumulative_label(), report.unit_name)
}

fn item(title: &str, named: Vec<String>) -> Option<Item> {
    let number = u64::try_from(named.len()).unwrap_or_default();
    (number > 0).then(|| Item { title: title.to_owned(), number, named })
}

/// What is kept: of a unit the ledgers and files of this year and the last, of anybody their keys and seats.
pub(super) async fn of(cx: &mut Cx<'_>, giver: &Staff, account: Option<&Person>, held: &Held) -> Result<Vec<Item>> {
    let on = today(cx);
    let mut items = Vec::new();
    if let Workplace::Unit(unit) = held.tenure.at {
        let years = [on.year() - 1, on.year()];
        let first = NaiveDate::from_ymd_opt(on.year() - 1, 1, 1).unwrap_or(on);
        let last = NaiveDate::from_ymd_opt(on.year(), 12, 31).unwrap_or(on);
        let mut ledgers = Vec::new();
        for one in book::listed(cx.tx(), unit, first, last).await? {
            let known = cx.app().programmes().values().find_map(|programme| programme.ledger(&one.ledger));
            let ledger = known.map_or(one.ledger.as_str(), |ledger| ledger.name.as_str());
            ledgers.push(format!("{ledger} {}", one.period.label()));
        }
        items.extend(item("电子台账(今年和上年)", ledgers));
        let (mut imports, mut files) = (Vec::new(), 0);
        for year in years {
            let read = archive::imports(cx.tx(), unit, year).await?;
            imports.extend(read.into_iter().map(|one| format!("{} {}", one.period.label(), one.file_name)));
            files += archive::materials(cx.tx(), &Scope::Unit(unit), year).await?.len();
        }
        items.extend(item("导入的账簿和原始记录(今年和上年)", imports));
        let number = u64::try_from(files).unwrap_or_default();
        if number > 0 {
            items.push(Item { title: "归档的文件和附件(今年和上年)".into(), number, named: Vec::new() });
        }
        if let Some(account) = account {
            let own = |key: &youju_domain::api_key::ApiKey| key.by == account.id && key.revoked.is_none();
            let keys = api_key::of_unit(cx.tx(), unit).await?.into_iter().filter(own);
            items.extend(item("本人创建的接口密钥(交接完成时失效)", keys.map(|key| key.name).collect()));
        }
    }
    let seats = seat::of_staff(cx.tx(), giver.id).await?.into_iter().filter(|(seat, _)| seat.until.is_none());
    items.extend(item("网格(单元)任职(交接完成时免去)", seats.map(|(_, place)| place).collect()));
    let sponsorships =
        crate::sponsorship::of_staff(cx, giver.id).await?.into_iter().filter(|(one, _)| one.one.until.is_none());
    let named = sponsorships.map(|(one, tier)| format!("{tier} {}", one.one.subject.name)).collect();
    items.extend(item("包保(须另行指定接替的人,曾经包保的仍可查)", named));
    Ok(items)
}
