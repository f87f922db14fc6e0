//! A large file for the recount: published accounts, with the columns and periods that they lack, and errors planted in it.

use std::collections::BTreeMap;

/// Published annual accounts of 240 units and three years; see the README beside them.
const ACCOUNTS: &str = include_str!("../../src/demo/accounts.csv");
const ITEMS: &str = "201 202 205 206 213 217 301 302 307 308 309 312 313 331 317 318 319 320 334 333 322 335 321 332 323 \
    325 326 327 328 401 402 601";
/// Planted errors for each row, on average.
const ERRORS_PER_ROW: usize = 3;

type Row = BTreeMap<String, String>;

/// Chance that always falls the same way (a linear congruential generator).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// The file as csv.
pub fn file() -> String {
    let mut rows = rows();
    let mut dice = Dice(203);
    for _ in 0..rows.len() * ERRORS_PER_ROW {
        let at = dice.roll(rows.len());
        plant(&mut rows[at], &mut dice);
    }
    let mut heads = vec!["unit".to_owned(), "period".to_owned(), "acct".to_owned(), "备注".to_owned()];
    heads.extend(ITEMS.split_whitespace().flat_map(|item| [item.to_owned(), format!("{item}_ly")]));
    let cell = |row: &Row, head: &String| {
        let text = row.get(head).cloned().unwrap_or_default();
        if text.contains(',') { format!("\"{text}\"") } else { text }
    };
    let line = |row: &Row| heads.iter().map(|head| cell(row, head)).collect::<Vec<_>>().join(",");
    let rows: Vec<String> = rows.iter().map(line).collect();
    format!("{}\n{}\n", heads.join(","), rows.join("\n"))
}

/// Every year's accounts as the report of December; before the last one that of November, after it 1—2月 and March.
fn rows() -> Vec<Row> {
    let mut lines = ACCOUNTS.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let heads = lines.next().unwrap();
    let accounts: Vec<Row> = lines
        .map(|cells| heads.iter().zip(cells).map(|(head, cell)| ((*head).to_owned(), cell.to_owned())).collect())
        .collect();
    let mut rows: Vec<Row> = Vec::new();
    for account in &accounts {
        let december = completed(account);
        let unit = &december["unit"];
        let before = rows.iter().rev().find(|row| row["unit"] == *unit && row["period"].ends_with("-12")).cloned();
        let december = with_last_year(december, before.as_ref());
        if december["period"] == "2021-12" {
            rows.push(scaled(&december, "2021-11", 9));
            rows.push(scaled(&december, "2022-01~02", 2));
            rows.push(with_last_year(scaled(&december, "2022-03", 3), None));
        }
        rows.push(december);
    }
    // A row that stands twice, one of no unit, one of no period that the form has.
    rows.push(rows[7].clone());
    for (head, text) in [("unit", ""), ("period", "三月"), ("period", "2021")] {
        let mut row = rows[8].clone();
        row.insert(head.to_owned(), text.to_owned());
        rows.push(row);
    }
    rows
}

fn number(row: &Row, item: &str) -> Option<i64> {
    row.get(item)?.parse().ok()
}

/// The items that nobody publishes, from those that they belong to.
fn completed(account: &Row) -> Row {
    let mut row = account.clone();
    let number_of = |item| number(account, item);
    let mut put =
        |item: &str, value: Option<i64>| row.insert(item.to_owned(), value.map_or_else(String::new, |n| n.to_string()));
    put("206", number_of("205").map(|n| n / 2));
    put("302", number_of("301").map(|n| n - n / 10));
    put("308", number_of("307").map(|n| n - n / 10));
    put("319", number_of("317").map(|n| n / 2));
    put("335", number_of("335").or(Some(0)));
    put("401", number_of("601").map(|n| n * 96));
    put("402", number_of("301").map(|n| n / 30));
    put("acct", number(account, "unit").map(|n| n % 4).filter(|standard| *standard > 0));
    row
}

fn with_last_year(mut row: Row, before: Option<&Row>) -> Row {
    for item in ITEMS.split_whitespace() {
        let text = before.and_then(|before| before.get(item)).cloned().unwrap_or_default();
        row.insert(format!("{item}_ly"), text);
    }
    row
}

/// Another period with so many tenths of the year's figures; what is counted at the end of a period stays as it is.
fn scaled(december: &Row, period: &str, tenths: i64) -> Row {
    let mut row = december.clone();
    for item in ITEMS.split_whitespace() {
        let is_stock = item.starts_with('2') || item == "601";
        if let Some(figure) = number(december, item).filter(|_| !is_stock) {
            row.insert(item.to_owned(), (figure * tenths / 10).to_string());
        }
    }
    row.insert("period".to_owned(), period.to_owned());
    row
}

/// One error such as people make them.
fn plant(row: &mut Row, dice: &mut Dice) {
    let items: Vec<&str> = ITEMS.split_whitespace().collect();
    let item = items[dice.roll(items.len())];
    let column = if dice.roll(3) == 0 { format!("{item}_ly") } else { item.to_owned() };
    let figure = number(row, &column).unwrap_or(50);
    let wrong = match dice.roll(13) {
        0 => String::new(),
        1 => (-figure).to_string(),
        2 => (figure * 1000).to_string(),
        3 => (figure * 10).to_string(),
        4 => (figure / 1000).to_string(),
        5 => "12万".to_owned(),
        6 => "0".to_owned(),
        7 => row.get(&format!("{item}_ly")).cloned().unwrap_or_default(),
        8 => (figure + 9).to_string(),
        9 => "1,234".to_owned(),
        10 => (number(row, &format!("{item}_ly")).unwrap_or(0) * 10).to_string(),
        11 => number(row, "301").unwrap_or(0).to_string(),
        _ => {
            let double = number(row, "201").map(|figure| (figure * 2).to_string());
            row.insert("213".to_owned(), double.unwrap_or_default());
            return;
        }
    };
    row.insert(column, wrong);
}
