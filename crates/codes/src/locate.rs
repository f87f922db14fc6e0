//! The township that an address speaks of, by the names of the list. Nothing is guessed: an address that names no township, or names that
//! two townships could mean, gives nothing.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::area::{self, AreaCode, AreaLevel};
use crate::uniform::clean;

/// Characters by which names are looked up; a name of a county or a township has two at least.
const START: usize = 2;

/// A name that stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Named {
    code: AreaCode,
    at: usize,
    length: usize,
}

/// The listed names of some levels, by their first characters.
struct Names(BTreeMap<Vec<char>, Vec<(Vec<char>, AreaCode)>>);

impl Names {
    fn of(areas: impl Iterator<Item = area::Area>) -> Names {
        let mut names: BTreeMap<Vec<char>, Vec<(Vec<char>, AreaCode)>> = BTreeMap::new();
        for area in areas.filter(|area| !area::is_bookkeeping(&area.code)) {
            let name: Vec<char> = clean(area.name).chars().collect();
            if let Some(start) = name.get(..START) {
                names.entry(start.to_vec()).or_default().push((name.clone(), area.code));
            }
        }
        Names(names)
    }

    fn in_text(&self, text: &[char]) -> Vec<Named> {
        let mut found = Vec::new();
        for at in 0..text.len() {
            let rest = text.get(at..).unwrap_or_default();
            for (name, code) in rest.get(..START).and_then(|start| self.0.get(start)).into_iter().flatten() {
                if rest.starts_with(name) {
                    found.push(Named { code: *code, at, length: name.len() });
                }
            }
        }
        found
    }
}

struct Lists {
    above: Names,
    counties: Names,
}

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| {
        let provinces = area::provinces();
        let cities: Vec<area::Area> = provinces.iter().flat_map(|province| area::children(&province.code)).collect();
        let counties: Vec<area::Area> = cities.iter().flat_map(|city| area::children(&city.code)).collect();
        let is_county = |area: &area::Area| area.code.level() == AreaLevel::County;
        Lists {
            above: Names::of(provinces.into_iter().chain(cities)),
            counties: Names::of(counties.into_iter().filter(is_county)),
        }
    })
}

/// The one township that a text names: the address, and before it whatever else says where that is (province, city, county). A county that
/// bears a name which others bear too counts only where the text names what is above it.
///
/// ```
/// let township = youju_codes::locate::township("浙江省金华市兰溪市兰江街道振兴路15号").unwrap();
/// assert_eq!(youju_codes::area::path(&township), "浙江省 › 金华市 › 兰溪市 › 兰江街道");
/// assert_eq!(youju_codes::locate::township("浙江省东阳市东义路2号"), None);
/// ```
pub fn township(text: &str) -> Option<AreaCode> {
    let text: Vec<char> = clean(text).chars().collect();
    let above = lists().above.in_text(&text);
    let counties = narrowed(&lists().counties.in_text(&text), &above);
    let mut found: Vec<(AreaCode, &'static str)> = Vec::new();
    for county in &counties {
        let rest = text.get(county.at + county.length..).unwrap_or_default();
        for township in area::children(&county.code) {
            let name: Vec<char> = clean(township.name).chars().collect();
            let is_named = name.len() > START && rest.windows(name.len()).any(|part| part == name);
            if is_named && !found.iter().any(|(code, _)| *code == township.code) {
                found.push((township.code, township.name));
            }
        }
    }
    // 大成镇 stands in 西大成镇 too: of names of which one holds the other, the longer is meant.
    let is_part = |(code, name): &(AreaCode, &str)| {
        found.iter().any(|(other, long)| code != other && long != name && long.contains(name))
    };
    let meant: Vec<AreaCode> = found.iter().filter(|one| !is_part(one)).map(|(code, _)| *code).collect();
    match meant.as_slice() {
        [township] => Some(*township),
        _ => None,
    }
}

/// The counties that lie in what the text names above them; where it names nothing above, those whose name nobody else bears.
fn narrowed(counties: &[Named], above: &[Named]) -> Vec<Named> {
    // 江北区 of 重庆 and of 宁波 stand at the same place of the text.
    let lies_in = |county: &Named| above.iter().any(|above| above.code.contains(&county.code));
    let deepest = above.iter().map(|above| above.code.level()).max();
    let lies_deepest = |county: &Named| {
        above.iter().any(|above| Some(above.code.level()) == deepest && above.code.contains(&county.code))
    };
    let inside: Vec<Named> = counties.iter().copied().filter(lies_deepest).collect();
    if !inside.is_empty() {
        return inside;
    }
    let inside: Vec<Named> = counties.iter().copied().filter(lies_in).collect();
    if !inside.is_empty() || !above.is_empty() {
        return inside;
    }
    let is_alone = |county: &Named| !counties.iter().any(|other| other.at == county.at && other.code != county.code);
    counties.iter().copied().filter(is_alone).collect()
}
