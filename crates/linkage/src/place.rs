//! Places at the beginning of names and addresses: provinces, cities, counties and townships by the published list (`codes/`), in full and,
//! above the township, as people shorten them (浙江, 金华, 兰溪).

use std::sync::OnceLock;

use youju_codes::{AreaLevel, area};

use crate::hash::{self, Map};

/// An area as a number of nine digits: 330781001 is a township, 330781000 its county, 330700000 the city, 330000000 the province; 0 is unknown.
pub type Place = u32;

struct Gazetteer {
    names: Map<Vec<Named>>,
    longest: usize,
}

#[derive(Clone, Copy)]
struct Named {
    place: Place,
    /// A name whose last syllable was left out; of districts only in addresses, because 江北 and 城关 are words of names as well.
    short_district: bool,
}

/// What was read at the beginning of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Read {
    /// The deepest area that is certain.
    pub place: Place,
    /// How many characters named it.
    pub length: usize,
}

/// The number by which everything in the same area divides: an area covers `place / span` of its own level.
fn span(place: Place) -> u32 {
    match place {
        _ if place.is_multiple_of(10_000_000) => 10_000_000,
        _ if place.is_multiple_of(100_000) => 100_000,
        _ if place.is_multiple_of(1_000) => 1_000,
        _ => 1,
    }
}

/// Whether one area is the other or lies in it; unknown lies nowhere.
pub(crate) fn within(inner: Place, outer: Place) -> bool {
    outer != 0 && inner / span(outer) == outer / span(outer)
}

/// The county of an area, or 0 when it is not known.
pub(crate) fn county(place: Place) -> u32 {
    let county = place / 1_000;
    if county.is_multiple_of(100) { 0 } else { county }
}

/// The city of an area, or 0 when it is not known.
pub(crate) fn city(place: Place) -> u32 {
    let city = place / 100_000;
    if city.is_multiple_of(100) { 0 } else { city }
}

/// Whether the township is known.
pub(crate) fn has_township(place: Place) -> bool {
    !place.is_multiple_of(1_000)
}

fn shortened(name: &str, level: AreaLevel) -> Option<(&str, bool)> {
    const PROVINCES: &[&str] = &["壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市"];
    const CITIES: &[&str] = &["地区", "市", "盟"];
    let (suffixes, shortest) = match level {
        AreaLevel::Province => (PROVINCES, 2),
        AreaLevel::City => (CITIES, 2),
        AreaLevel::County => (&["县", "市", "区"] as &[&str], 2),
        AreaLevel::Township | AreaLevel::Village => return None,
    };
    let suffix = suffixes.iter().find(|suffix| name.ends_with(**suffix))?;
    let short = name.strip_suffix(suffix)?;
    let is_district = level == AreaLevel::County && *suffix == "区";
    (short.chars().count() >= shortest && !short.ends_with("自治")).then_some((short, is_district))
}

fn gazetteer() -> &'static Gazetteer {
    static GAZETTEER: OnceLock<Gazetteer> = OnceLock::new();
    GAZETTEER.get_or_init(|| {
        let mut gazetteer = Gazetteer { names: Map::default(), longest: 0 };
        let mut waiting = area::provinces();
        while let Some(area) = waiting.pop() {
            if area.code.level() < AreaLevel::Township {
                waiting.extend(area::children(&area.code));
            }
            if area::is_bookkeeping(&area.code) {
                continue;
            }
            let Some(place) = area.code.as_str().get(..9).and_then(|digits| digits.parse().ok()) else { continue };
            gazetteer.add(area.name, Named { place, short_district: false });
            if let Some((short, short_district)) = shortened(area.name, area.code.level()) {
                gazetteer.add(short, Named { place, short_district });
            }
        }
        gazetteer
    })
}

impl Gazetteer {
    fn add(&mut self, name: &str, named: Named) {
        let name: Vec<char> = crate::text::folded(name);
        self.longest = self.longest.max(name.len());
        let all = self.names.entry(hash::of_chars(&name)).or_default();
        all.push(named);
        all.sort_unstable_by_key(|named| named.place);
    }

    /// The longest name that the text begins with and that lies under what was read before.
    fn next(&self, text: &[char], under: &[Place], districts: bool) -> Option<(usize, Vec<Place>)> {
        (2..=self.longest.min(text.len())).rev().find_map(|length| {
            let named = self.names.get(&hash::of_chars(text.get(..length)?))?;
            let fits =
                |place: Place| under.is_empty() || under.iter().any(|above| *above != place && within(place, *above));
            let usable = named.iter().filter(|named| districts || !named.short_district);
            let places: Vec<Place> = usable.map(|named| named.place).filter(|place| fits(*place)).collect();
            (!places.is_empty()).then_some((length, places))
        })
    }
}

/// What several areas of one name have in common: none of them is certain, unless there is one only.
fn certain(places: &[Place]) -> Place {
    match places {
        [one] => *one,
        [first, rest @ ..] => [100_000, 10_000_000]
            .into_iter()
            .find(|span| rest.iter().all(|place| place / span == first / span))
            .map_or(0, |span| first / span * span),
        [] => 0,
    }
}

/// Reads areas from the beginning of a text, at most until `keep` characters are left. In an address districts may be shortened too, and
/// something may end after every area.
pub(crate) fn read(text: &[char], keep: usize, is_address: bool) -> Read {
    let gazetteer = gazetteer();
    let mut read = Read::default();
    let mut under: Vec<Place> = Vec::new();
    while let Some(rest) = text.get(read.length..) {
        let Some((length, places)) = gazetteer.next(rest, &under, is_address) else { break };
        if rest.len() < length + keep {
            break;
        }
        read.length += length;
        read.place = certain(&places);
        under = places;
    }
    read
}
