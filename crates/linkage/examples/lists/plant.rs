//! What departments do to a row on its way into their list: codes are lost or mistyped, names shortened and mistyped, units moved.

use crate::chance::{Chance, Row};

const TYPED: &[char] = &[
    '宏', '鸿', '洪', '华', '发', '达', '兴', '新', '鑫', '欣', '永', '勇', '东', '冬', '明', '名', '盛', '胜', '利',
    '力', '立', '佳', '嘉', '家', '美', '建', '健', '伟', '维', '远', '源', '原', '元', '圆', '天', '田', '海', '林',
    '金', '锦', '正', '政', '国', '中', '大', '平', '安', '康', '和', '成',
];

const FIGURES: &[char] = &['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

const TRADITIONAL: &[(char, char)] = &[
    ('东', '東'),
    ('业', '業'),
    ('华', '華'),
    ('厂', '廠'),
    ('发', '發'),
    ('兴', '興'),
    ('国', '國'),
    ('机', '機'),
    ('电', '電'),
    ('贸', '貿'),
    ('义', '義'),
    ('乌', '烏'),
    ('兰', '蘭'),
    ('龙', '龍'),
    ('万', '萬'),
    ('达', '達'),
    ('车', '車'),
    ('农', '農'),
    ('药', '藥'),
    ('银', '銀'),
    ('针', '針'),
    ('织', '織'),
];

/// A row as a department would have it. `others` are rows whose addresses a moved unit may have.
pub fn planted(row: &Row, others: &[Row], chance: &mut Chance) -> Row {
    let mut row = row.clone();
    row.code = code(&row.code, chance);
    row.name = name(&row.name, chance);
    row.address = address(&row.address, others, chance);
    row.date = date(&row.date, chance);
    row.phone = phone(&row.phone, chance);
    if !row.person.is_empty() {
        row.person = match chance.below(10) {
            0 | 1 => String::new(),
            2 => others_person(others, chance),
            3 => mistyped(&row.person, chance),
            _ => row.person,
        };
    }
    if !row.industry.is_empty() && chance.percent(40) {
        row.industry =
            if chance.percent(50) { String::new() } else { row.industry.chars().take(2).chain("90".chars()).collect() };
    }
    row
}

fn others_person(others: &[Row], chance: &mut Chance) -> String {
    chance.one(others).map(|row| row.person.clone()).unwrap_or_default()
}

/// Lost in 45 of a hundred, one character wrong in 20, only the 组织机构代码 in 10, an old number in 5, as it is in 20.
fn code(code: &str, chance: &mut Chance) -> String {
    match chance.below(100) {
        0..45 => String::new(),
        45..65 => {
            let at = chance.below(code.len());
            let other = char::from_digit(u32::try_from(chance.below(10)).unwrap_or(0), 10).unwrap_or('0');
            code.chars().enumerate().map(|(n, c)| if n == at { other } else { c }).collect()
        }
        65..75 => code.get(8..17).unwrap_or_default().to_owned(),
        75..80 => format!("3307{:011}", chance.below(100_000_000_000)),
        _ => code.to_owned(),
    }
}

fn name(name: &str, chance: &mut Chance) -> String {
    let mut name = name.to_owned();
    if chance.percent(35) {
        return name;
    }
    for _ in 0..=chance.below(2) {
        name = match chance.below(10) {
            0 | 1 => moved_suffix(&name),
            2 | 3 => other_place(&name),
            4 | 5 => mistyped(&name, chance),
            6 => exchanged(&name, chance),
            7 => {
                name.chars().map(|c| TRADITIONAL.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to)).collect()
            }
            8 => name.replace('(', "（").replace(')', "）").replace("有限公司", "（有限公司）"),
            _ => shortened(&name, chance),
        };
    }
    name
}

fn moved_suffix(name: &str) -> String {
    if name.contains("有限责任公司") {
        name.replace("有限责任公司", "有限公司")
    } else if name.contains("股份有限公司") {
        name.replace("股份有限公司", "有限公司")
    } else if name.contains("有限公司") {
        name.replace("有限公司", "有限责任公司")
    } else if let Some(rest) = name.strip_suffix("经营部") {
        format!("{rest}商行")
    } else {
        format!("{name}(个体工商户)")
    }
}

/// Without 市 or 县, without the place, or with the province before it.
fn other_place(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    match chars.get(2) {
        Some('市' | '县') if chars.len().is_multiple_of(2) => {
            chars.iter().enumerate().filter(|(n, _)| *n != 2).map(|(_, c)| *c).collect()
        }
        Some('市' | '县') => chars.iter().skip(3).collect(),
        _ => name
            .strip_prefix("浙江")
            .or_else(|| name.strip_prefix("安徽省"))
            .map_or_else(|| name.to_owned(), str::to_owned),
    }
}

/// One character wrong.
fn mistyped(text: &str, chance: &mut Chance) -> String {
    let length = text.chars().count();
    let at = chance.below(length.saturating_sub(4).max(1)) + usize::from(length > 6) * 2;
    let other = chance.one(TYPED).copied().unwrap_or('新');
    text.chars().enumerate().map(|(n, c)| if n == at { other } else { c }).collect()
}

/// Two neighbours changed places.
fn exchanged(text: &str, chance: &mut Chance) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    if chars.len() > 3 {
        let at = chance.below(chars.len() - 2);
        chars.swap(at, at + 1);
    }
    chars.into_iter().collect()
}

/// One character missing.
fn shortened(text: &str, chance: &mut Chance) -> String {
    let at = 2 + chance.below(text.chars().count().saturating_sub(4).max(1));
    text.chars().enumerate().filter(|(n, _)| *n != at).map(|(_, c)| c).collect()
}

fn address(address: &str, others: &[Row], chance: &mut Chance) -> String {
    match chance.below(100) {
        0..25 => String::new(),
        25..37 => chance.one(others).map(|row| row.address.clone()).unwrap_or_default(),
        37..57 => ["浙江省金华市", "浙江省", "安徽省亳州市", "安徽省", "甘肃省武威市", "重庆市"]
            .into_iter()
            .find_map(|head| address.strip_prefix(head))
            .unwrap_or(address)
            .to_owned(),
        57..67 => address
            .chars()
            .map(|c| c.to_digit(10).and_then(|d| FIGURES.get(usize::try_from(d).ok()?)).copied().unwrap_or(c))
            .collect(),
        67..77 => address.chars().take_while(|c| !c.is_ascii_digit()).collect(),
        77..82 => format!("{address}(东侧)"),
        _ => address.to_owned(),
    }
}

fn date(date: &str, chance: &mut Chance) -> String {
    let day = |text: &str, day: usize| format!("{}{day:02}", text.get(..8).unwrap_or_default());
    match chance.below(100) {
        0..50 => String::new(),
        50..60 => day(date, 1 + chance.below(28)),
        60..63 => format!("{}{}", 1990 + chance.below(20), date.get(4..).unwrap_or_default()),
        63..75 => date.replace('-', "/"),
        _ => date.to_owned(),
    }
}

fn phone(phone: &str, chance: &mut Chance) -> String {
    if phone.is_empty() {
        return String::new();
    }
    match chance.below(10) {
        0..2 => String::new(),
        2..5 => format!("139{:08}", chance.below(100_000_000)),
        5 => mistyped_figure(phone, chance),
        _ => phone.to_owned(),
    }
}

fn mistyped_figure(text: &str, chance: &mut Chance) -> String {
    let at = chance.below(text.len());
    let other = char::from_digit(u32::try_from(chance.below(10)).unwrap_or(0), 10).unwrap_or('0');
    text.chars().enumerate().map(|(n, c)| if n == at { other } else { c }).collect()
}
