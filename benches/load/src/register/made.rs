//! Units that do not exist, with names, addresses and codes as such units have them: counties and townships of the published list, each
//! list of words by nothing but a multiplication, so that the same number is the same unit.

use std::io::{self, Write};
use std::sync::OnceLock;

use youju_codes::{Area, AreaLevel, Usci, area};

/// First and second character of what tells a unit from others.
const FIRST: &str = "永兴华金宏瑞恒鑫隆盛德万福祥泰顺安康和利达丰源发荣昌茂裕诚信义仁同庆益振新正东南西北中明光辉星海江河山川云天龙凤鹏虎骏马梅兰竹菊松柏银宝珠玉翠碧青蓝红紫";
const SECOND: &str = "进达来源发隆盛昌茂丰裕顺泰安康宁和平利民生益诚信德义仁礼智勇强伟宏远博雅文彬思慧聪明亮光辉耀华荣贵富宝珍玲珑瑞祥福禄寿喜乐欣悦畅通捷飞腾跃升起航帆舟";
const THIRD: &str = "　　　　　　　　　　　　大天海东江源林森磊鑫淼焱垚众品晶";
const TRADES: [&str; 40] = [
    "纺织",
    "服装",
    "针织",
    "水泥",
    "建材",
    "机械",
    "五金",
    "电器",
    "电子",
    "塑料",
    "橡胶",
    "化工",
    "医药",
    "食品",
    "茶叶",
    "粮油",
    "饲料",
    "木业",
    "家具",
    "纸业",
    "印刷",
    "包装",
    "玩具",
    "工艺品",
    "汽车配件",
    "物流",
    "运输",
    "餐饮管理",
    "酒店管理",
    "信息技术",
    "网络科技",
    "环保科技",
    "农业开发",
    "园林绿化",
    "建筑工程",
    "装饰工程",
    "房地产开发",
    "贸易",
    "商贸",
    "文化传媒",
];
const FORMS: [&str; 12] = [
    "有限公司",
    "有限公司",
    "有限公司",
    "有限公司",
    "有限公司",
    "有限责任公司",
    "股份有限公司",
    "厂",
    "经营部",
    "商行",
    "专业合作社",
    "有限公司分公司",
];
const ROADS: [&str; 24] = [
    "人民路",
    "解放路",
    "振兴路",
    "工人路",
    "建设路",
    "和平路",
    "中山路",
    "文化路",
    "新华路",
    "光明路",
    "胜利路",
    "团结路",
    "幸福路",
    "学府路",
    "站前路",
    "滨江路",
    "环城北路",
    "环城南路",
    "工业大道",
    "创业大道",
    "开发大道",
    "科技路",
    "商城路",
    "迎宾大道",
];
const INDUSTRIES: [&str; 16] = [
    "1311", "1411", "1711", "1721", "1811", "2110", "2231", "3011", "3311", "3812", "5165", "5211", "5432", "6210",
    "7010", "7212",
];
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗";
const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂";

/// Changes nothing in a number that has every bit in its place, and mixes it well.
fn mixed(number: u64, salt: u64) -> u64 {
    let mut mixed = number.wrapping_add(salt.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

fn of<T: Copy>(list: &[T], number: u64) -> Option<T> {
    let length = u64::try_from(list.len()).ok()?;
    list.get(usize::try_from(number % length.max(1)).ok()?).copied()
}

fn letter(letters: &str, number: u64) -> char {
    let letters: Vec<char> = letters.chars().collect();
    of(&letters, number).unwrap_or('永')
}

/// A place with its county.
struct Place {
    township: Area,
    county: Area,
    path: String,
}

fn places() -> &'static [Place] {
    static PLACES: OnceLock<Vec<Place>> = OnceLock::new();
    PLACES.get_or_init(|| {
        let cities = area::provinces().into_iter().flat_map(|province| area::children(&province.code));
        let counties = cities.flat_map(|city| area::children(&city.code));
        let mut places = Vec::new();
        for county in counties.filter(|county| county.code.level() == AreaLevel::County) {
            for township in area::children(&county.code) {
                let path = area::path(&township.code).replace(" › ", "");
                places.push(Place { township, county, path });
            }
        }
        places
    })
}

/// A unit of the list.
pub struct Made {
    /// 统一社会信用代码.
    pub usci: String,
    /// Name.
    pub name: String,
    /// What tells it from others.
    pub core: String,
    /// Its trade.
    pub trade: &'static str,
    /// Address.
    pub address: String,
    /// Its county.
    pub county: Area,
    cells: [String; 6],
}

/// The unit with a number, as it is after so many changes; none only where the list of townships is empty.
pub fn unit(number: u64, round: u32) -> Option<Made> {
    let salted = |salt: u64| mixed(number, salt);
    let at = usize::try_from(salted(1)).unwrap_or_default() % places().len().max(1);
    let place = places().get(at)?;
    // From one round to the next the name changes, or the address, or the number of people.
    let renamed = u64::from(round.div_ceil(3));
    let moved = u64::from((round + 1) / 3);
    let core: String = [
        letter(FIRST, salted(2 + 100 * renamed)),
        letter(SECOND, salted(3 + 100 * renamed)),
        letter(THIRD, salted(4 + 100 * renamed)),
    ]
    .into_iter()
    .filter(|c| !c.is_whitespace())
    .collect();
    let trade = of(&TRADES, salted(5)).unwrap_or("贸易");
    let form = of(&FORMS, salted(6)).unwrap_or("厂");
    let road = of(&ROADS, salted(7 + 100 * moved)).unwrap_or("人民路");
    let person: String =
        [letter(SURNAMES, salted(8)), letter(GIVEN, salted(9)), letter(GIVEN, salted(10))].iter().collect();
    let founded = format!("{}-{:02}-{:02}", 1990 + salted(11) % 35, 1 + salted(12) % 12, 1 + salted(13) % 28);
    Some(Made {
        usci: code(&place.county, number)?,
        name: format!("{}{core}{trade}{form}", place.county.name),
        core,
        trade,
        address: format!("{}{road}{}号", place.path, 1 + salted(14 + 100 * moved) % 900),
        county: place.county,
        cells: [
            place.township.code.to_string(),
            of(&INDUSTRIES, salted(15)).unwrap_or("1311").to_owned(),
            person,
            founded,
            format!("0{}-8{:07}", 300 + salted(16) % 600, salted(17) % 10_000_000),
            (1 + salted(18) % 300 + u64::from(round)).to_string(),
        ],
    })
}

/// The code of a unit whose part of nine characters has its own right check character too.
fn code(county: &Area, number: u64) -> Option<String> {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body: String = (0..6_u32).rev().map(|place| letter(ALPHABET, number / 31_u64.pow(place))).collect();
    let whole = |check: char| Usci::with_check(&format!("91{}MA{body}{check}", county.code.prefix())).ok();
    let mut codes = "0123456789X".chars().filter_map(whole);
    codes.find(|code| code.org_code().has_valid_check()).map(|code| code.to_string())
}

/// Writes units as an office would export them.
pub fn list(out: &mut impl Write, units: impl Iterator<Item = Made>) -> io::Result<()> {
    writeln!(
        out,
        "统一社会信用代码,单位详细名称,详细地址,区划代码,行业代码,法定代表人,成立时间,联系电话,从业人员期末人数"
    )?;
    for unit in units {
        writeln!(out, "{},{},{},{}", unit.usci, unit.name, unit.address, unit.cells.join(","))?;
    }
    Ok(())
}
