//! A county's register and the lists of departments, with a known truth.

use youju_linkage::{
    Band, Clusters, Coverage, Difference, Entry, Field, Linked, Lists, Notice, Outcome, Review, Settings, Side,
    Standing, Withdrawal, clusters, doubled, link, outcome,
};

/// A unit as the register has it.
#[derive(Clone, Default)]
pub struct Row {
    pub code: String,
    pub name: String,
    pub address: String,
    pub phone: String,
    pub person: String,
    pub profession: &'static str,
    pub standing: Standing,
}

impl Row {
    pub fn entry(&self) -> Entry<'_> {
        Entry {
            code: &self.code,
            name: &self.name,
            address: &self.address,
            phone: &self.phone,
            person: &self.person,
            profession: self.profession,
            standing: self.standing,
            ..Entry::default()
        }
    }
}

const FIRST: [&str; 20] = [
    "红", "华", "兴", "鑫", "宏", "达", "永", "盛", "天", "丰", "明", "顺", "利", "美", "佳", "恒", "安", "泰", "福",
    "源",
];
const SECOND: [&str; 15] = ["发", "龙", "凤", "春", "阳", "光", "辉", "煌", "星", "辰", "腾", "越", "瑞", "祥", "吉"];
const TRADES: [&str; 6] = ["针织内衣厂", "商贸有限公司", "食品有限公司", "五金厂", "经营部", "建材有限责任公司"];
const TOWNS: [&str; 5] = ["兰江街道", "云山街道", "游埠镇", "诸葛镇", "马涧镇"];
const ROADS: [&str; 12] = [
    "人民路",
    "解放路",
    "丹溪大道",
    "三江路",
    "横山路",
    "振兴路",
    "工业路",
    "府前街",
    "劳动路",
    "延安路",
    "李渔路",
    "溪西路",
];

/// The units of a county, 300 of them, each name once.
pub fn register() -> Vec<Row> {
    (0..300)
        .map(|n| {
            let (first, second) = (FIRST[n % 20], SECOND[n / 20]);
            let code = youju_codes::Usci::with_check(&format!("91330781MA{:07}", n * 31 + 1000)).unwrap();
            Row {
                code: code.to_string(),
                name: format!("兰溪市{first}{second}{}", TRADES[(n * 7 + n / 20) % 6]),
                address: format!("浙江省兰溪市{}{}{}号", TOWNS[n % 5], ROADS[(n * 5 + n / 11) % 12], n * 3 % 97 + 1),
                phone: format!("138{:08}", n * 7919 + 12345),
                person: format!(
                    "{}{}{}",
                    ["王", "李", "张", "陈", "徐"][n * 3 % 5],
                    FIRST[(n * 7) % 20],
                    SECOND[(n * 11 + 3) % 15]
                ),
                profession: "批零",
                standing: Standing::Active,
            }
        })
        .collect()
}

pub fn lists(register: &[Row], list: &[Row], threads: usize) -> Lists {
    let mut lists = Lists::new();
    for (side, rows) in [(Side::Register, register), (Side::List, list)] {
        let entries: Vec<Entry<'_>> = rows.iter().map(Row::entry).collect();
        lists.add(side, &entries, threads);
    }
    lists
}

pub fn settings(threads: usize) -> Settings {
    Settings { threads, random_pairs: 200_000, ..Settings::default() }
}

/// What the tax office has: the first 240 units, with codes lost, names shortened, telephones changed, some moved; and 60 units of its own.
pub fn tax_office(register: &[Row]) -> Vec<Row> {
    let mut list: Vec<Row> = register.iter().take(240).cloned().collect();
    for (n, row) in list.iter_mut().enumerate() {
        if n % 3 != 0 {
            row.code.clear();
        }
        match n % 6 {
            1 => row.name = row.name.replace("兰溪市", ""),
            2 => row.name = row.name.replace("有限公司", "有限责任公司"),
            4 => row.name = row.name.replace("兰溪市", "浙江省兰谿市"),
            _ => {}
        }
        if n % 5 == 0 {
            row.phone.clear();
        }
        if n % 8 == 0 {
            row.address = row.address.replace("浙江省", "").replace('1', "一");
        }
    }
    list.extend((0..60).map(|n| Row {
        code: String::new(),
        name: format!("兰溪市{}{}{}", SECOND[n % 15], ["舟", "帆", "桥", "梁"][n / 15], TRADES[n % 6]),
        address: format!("兰溪市{}{}{}号", TOWNS[n % 5], ROADS[n % 12], 200 + n),
        phone: format!("139{:08}", n * 104_729),
        person: format!("赵{}{}", SECOND[n % 15], FIRST[n % 20]),
        profession: "批零",
        standing: Standing::Active,
    }));
    list
}

fn right(linked: &Linked) -> (usize, usize) {
    let right = linked.links.iter().filter(|link| link.left == link.right).count();
    (right, linked.links.len() - right)
}

#[test]
fn the_list_of_the_tax_office_finds_its_units_although_most_codes_are_lost() {
    let register = register();
    let list = tax_office(&register);
    let linked = link(&lists(&register, &list, 2), &settings(2));
    let (right, wrong) = right(&linked);
    assert!(right >= 238, "{right} of 240 found");
    assert_eq!(wrong, 0);
    let accepted = linked.links.iter().filter(|link| linked.bands.band(link) == Band::Accepted).count();
    assert!(accepted >= 230, "{accepted} without a look");
}

#[test]
fn what_is_to_be_done_is_told_by_kinds() {
    let register = register();
    let mut list = tax_office(&register);
    list[0].standing = Standing::Closed;
    list[9].phone = "13900000001".into();
    list[7].standing = Standing::Active;
    let lists = lists(&register, &list, 2);
    let linked = link(&lists, &settings(2));
    let Outcome { enrol, amend, withdraw, .. } = outcome(&lists, &linked, Coverage::Whole);
    assert!(enrol.iter().all(|row| *row >= 240) && enrol.len() >= 58, "{enrol:?}");
    let closed: Vec<u32> = withdraw
        .iter()
        .filter_map(|one| if let Withdrawal::Closed(link) = one { Some(link.left) } else { None })
        .collect();
    assert_eq!(closed, [0]);
    let absent = withdraw.iter().filter(|one| matches!(one, Withdrawal::Absent(row) if *row >= 240)).count();
    assert!(absent >= 58, "{absent}");
    let changed = amend.iter().find(|one| one.link.left == 9).unwrap();
    assert!(changed.differences.contains(&Difference::Differs(Field::Phone, 3)), "{:?}", changed.differences);
    // A list that does not claim to be whole says nothing of those it does not name.
    let part = outcome(&lists, &linked, Coverage::Part);
    assert_eq!(part.withdraw.len(), 1);
}

#[test]
fn a_row_that_comes_twice_is_told_and_not_enrolled() {
    let register = register();
    let mut list = tax_office(&register);
    let again = list[5].clone();
    list.push(Row { phone: String::new(), ..again });
    let lists = lists(&register, &list, 2);
    let linked = link(&lists, &settings(2));
    let todo = outcome(&lists, &linked, Coverage::Part);
    assert!(!todo.enrol.contains(&300), "{:?}", todo.enrol);
    let taken =
        todo.review.iter().any(|one| matches!(one, Review::Taken { lost, kept } if lost.left == 5 && kept.left == 5));
    assert!(taken, "{:?}", todo.review);
}

#[test]
fn a_unit_of_two_professions_or_counties_is_one_cluster() {
    let mut rows = register();
    let mut twin = rows[17].clone();
    twin.profession = "工业";
    twin.code.clear();
    twin.name = twin.name.replace("兰溪市", "");
    rows.push(twin);
    let mut moved = rows[40].clone();
    moved.address = "浙江省义乌市稠城街道光明路8号".into();
    rows.push(moved);
    let lists = lists(&[], &rows, 2);
    let found = doubled(&lists, Side::List, &settings(2));
    let Clusters { clusters, .. } = clusters(&lists, Side::List, &found);
    let with = |row: u32| clusters.iter().find(|cluster| cluster.rows.contains(&row));
    let professions = with(300).expect("the twin");
    assert_eq!((professions.rows.as_slice(), professions.crosses_professions), ([17, 300].as_slice(), true));
    let counties = with(301).expect("the one that moved");
    assert_eq!((counties.rows.as_slice(), counties.crosses_counties, counties.codes), ([40, 301].as_slice(), true, 1));
    assert_eq!(clusters.len(), 2);
}

#[test]
fn threads_change_nothing() {
    let register = register();
    let list = tax_office(&register);
    let one = link(&lists(&register, &list, 1), &settings(1));
    for threads in [2, 3, 8] {
        assert_eq!(link(&lists(&register, &list, threads), &settings(threads)), one);
    }
}

#[test]
fn branches_of_one_bank_stay_apart() {
    let mut register = register();
    let mut list = tax_office(&register);
    for (n, place) in ["城西", "城东", "横山", "游埠", "诸葛", "马涧"].into_iter().enumerate() {
        let bank = Row {
            name: format!("中国银行股份有限公司兰溪{place}支行"),
            address: format!("浙江省兰溪市{}{}{}号", TOWNS[n % 5], ROADS[n], 10 + n),
            ..Row::default()
        };
        let theirs = Row { name: bank.name.replace("股份有限公司", "有限公司"), ..bank.clone() };
        register.push(bank);
        if n != 1 {
            list.push(theirs);
        }
    }
    let linked = link(&lists(&register, &list, 2), &settings(2));
    let banks: Vec<(u32, u32)> =
        linked.links.iter().filter(|link| link.left >= 300).map(|link| (link.left, link.right)).collect();
    assert_eq!(banks, [(300, 300), (302, 301), (303, 302), (304, 303), (305, 304)]);
}

#[test]
fn what_was_not_looked_at_is_told() {
    let crowd: Vec<Row> = (0..400)
        .map(|n| Row {
            name: "便民超市".into(),
            address: format!("兰溪市游埠镇{}村", ["上", "下", "前", "后"][n % 4]),
            ..Row::default()
        })
        .collect();
    let linked = link(&lists(&crowd, &crowd, 2), &settings(2));
    let left_out = linked.passes.iter().map(|pass| pass.left_pairs).sum::<u64>();
    assert!(left_out >= 160_000, "{left_out}");
    assert!(linked.notices.iter().any(|notice| matches!(notice, Notice::LeftOut(..))));
}
