//! What is done on the spot 现场: photographs that say when and where, check lists, and the clock of the device. What does not fit together
//! is told in sentences beside the material; nobody is accused and nothing is hidden.

use chrono::{NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::kind::{CaseType, Check, Sort};
use super::value::{TEXT_CHARS_MAX, Values, read};
use super::{Case, Field, FieldKind, Material, Step};
use crate::Instant;
use crate::problem::Problem;
use crate::survey::local;

/// Fewest characters of why a photograph has no place.
pub const NO_PLACE_CHARS_MIN: usize = 4;
/// Fewest and most characters of the key of a sending, which the device makes.
const SENDING_CHARS: (usize, usize) = (16, 64);
/// How far the clock of a device may be off, in seconds, before it is told: phones that ask the network stay below a few.
const CLOCK_SECONDS: i64 = 5 * 60;
/// How far the time inside a photograph may be from the time of the device, in minutes: the camera's clock is the device's.
const PHOTO_MINUTES: i64 = 10;
/// After how many hours between picture and arrival it is told how long it took: two days in the field without a line.
const LATE_HOURS: i64 = 48;
/// How far two places of one photograph may lie apart, in metres, beyond what the device says of its accuracy.
const APART_METRES: f64 = 500.0;
/// An accuracy in metres from which on a place is only a hint.
const VAGUE_METRES: u32 = 200;

/// Point 位置 on earth, in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// North of the equator.
    pub latitude: i32,
    /// East of Greenwich.
    pub longitude: i32,
}

impl Point {
    /// A point, unless it is none of this earth.
    pub const fn new(latitude: i32, longitude: i32) -> Option<Point> {
        let is_there = latitude.unsigned_abs() <= 90_000_000 && longitude.unsigned_abs() <= 180_000_000;
        if is_there { Some(Point { latitude, longitude }) } else { None }
    }

    /// As people read it: 北纬 29.208300°,东经 119.460100°.
    pub fn label(self) -> String {
        let part = |value: i32, ahead: &str, behind: &str| {
            let (whole, rest) = (value.unsigned_abs() / 1_000_000, value.unsigned_abs() % 1_000_000);
            format!("{} {whole}.{rest:06}°", if value < 0 { behind } else { ahead })
        };
        format!("{},{}", part(self.latitude, "北纬", "南纬"), part(self.longitude, "东经", "西经"))
    }

    /// Metres to another point, on a ball as large as the earth: good to half a percent.
    pub fn metres_to(self, other: Point) -> f64 {
        const RADIUS: f64 = 6_371_000.0;
        let angle = |value: i32| (f64::from(value) / 1e6).to_radians();
        let (here, there) = (angle(self.latitude), angle(other.latitude));
        let (north, east) = (there - here, angle(other.longitude) - angle(self.longitude));
        let chord = (north / 2.0).sin().powi(2) + here.cos() * there.cos() * (east / 2.0).sin().powi(2);
        2.0 * RADIUS * chord.sqrt().min(1.0).asin()
    }
}

/// What the device said when a photograph was taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shot {
    /// When, by the clock of the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
    /// To how many metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<u32>,
    /// Why there is no place, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub no_place: String,
}

/// What stands inside the file of a photograph (EXIF), as the camera wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Inside {
    /// When, by the local clock of the camera.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<NaiveDateTime>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
    /// Maker and model.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub device: String,
}

/// The clock of a device that sent something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// What it showed when the step was sent.
    pub sent_at: Instant,
    /// How many seconds it was ahead of the server when the page was fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<i64>,
}

/// What three answers mean: what is kept and what is shown.
pub const ANSWERS: [(&str, &str); 3] = [("yes", "是"), ("no", "否"), ("na", "不适用")];

impl Check {
    /// Where its answer stands among the values.
    pub fn answer_key(&self) -> String {
        format!("check.{}", self.key)
    }

    /// Where the words beside it stand.
    pub fn remark_key(&self) -> String {
        format!("check.{}.remark", self.key)
    }
}

impl CaseType {
    /// The items of the check list that belong to a case with these values.
    pub fn checks_for(&self, values: &Values) -> Vec<&Check> {
        let chosen = self.checks_by.as_ref().and_then(|field| values.get(field));
        let belongs = |check: &&Check| check.only.is_empty() || chosen.is_some_and(|value| check.only.contains(value));
        self.checks.iter().filter(belongs).collect()
    }
}

fn bad<T>(reason: String) -> Result<T, Problem> {
    Err(Problem::BadInput { reason })
}

/// What an act writes of the check list: every item that belongs to the case is answered, and a "no" is explained.
pub(super) fn checked(kind: &CaseType, typed: &Values, stands: &Values) -> Result<Values, Problem> {
    let items = kind.checks_for(stands);
    let known = |key: &String| items.iter().any(|item| *key == item.answer_key() || *key == item.remark_key());
    if typed.keys().any(|key| !known(key)) {
        return bad("核查清单中没有送来的项目。请重新打开页面再填。".into());
    }
    let (mut written, mut missing) = (Values::new(), Vec::new());
    for item in items {
        let said = |key: &String| typed.get(key).or_else(|| stands.get(key)).map_or("", |said| said.trim()).to_owned();
        let answer = said(&item.answer_key());
        let remark = read(&remark_field(item), &said(&item.remark_key()))?;
        match answer.as_str() {
            "" => missing.push(format!("“{}”", item.label)),
            "no" if remark.is_empty() => return bad(format!("“{}”答“否”,请写明情况。", item.label)),
            answer if ANSWERS.iter().any(|(key, _)| *key == answer) => {}
            _ => return bad(format!("“{}”应答“是”“否”或“不适用”。", item.label)),
        }
        for (key, value) in [(item.answer_key(), answer), (item.remark_key(), remark)] {
            if stands.get(&key).map_or("", String::as_str) != value {
                written.insert(key, value);
            }
        }
    }
    if missing.is_empty() { Ok(written) } else { bad(format!("请回答核查清单中的{}。", missing.join("、"))) }
}

fn remark_field(item: &Check) -> Field {
    let label = format!("{}:说明", item.label);
    Field {
        key: item.remark_key(),
        label,
        kind: FieldKind::Text,
        choices: Vec::new(),
        help: String::new(),
        fact: None,
        is_more: false,
    }
}

/// Refuses photographs of which nobody can say where they were taken, unless it is said why.
pub(super) fn placed(kind: &CaseType, added: &[Material]) -> Result<(), Problem> {
    let is_photo = |file: &&Material| kind.material(&file.kind).is_some_and(|one| one.sort == Sort::Photo);
    for file in added.iter().filter(is_photo) {
        let shot = file.shot.clone().unwrap_or_default();
        let count = shot.no_place.trim().chars().count();
        if count > TEXT_CHARS_MAX {
            return bad(format!("没有定位的原因最多 {TEXT_CHARS_MAX} 个字,现为 {count} 个字。"));
        }
        let has_place = shot.point.is_some() || file.inside.as_ref().is_some_and(|inside| inside.point.is_some());
        if !has_place && count < NO_PLACE_CHARS_MIN {
            return bad(format!(
                "照片“{}”没有位置。请打开手机定位后重拍;不能定位的,写明原因(至少 {NO_PLACE_CHARS_MIN} 个字)。",
                file.name
            ));
        }
        if shot.point.is_some_and(|point| Point::new(point.latitude, point.longitude).is_none()) {
            return bad(format!("照片“{}”的位置不在地球上。请重新拍摄。", file.name));
        }
    }
    Ok(())
}

/// The key of a sending as it is kept; damaged ones are refused.
pub(super) fn sending(key: Option<String>) -> Result<Option<String>, Problem> {
    let (least, most) = SENDING_CHARS;
    let is_good = |key: &String| {
        (least..=most).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    match key {
        Some(key) if !is_good(&key) => bad(format!(
            "发送编号不对,应为 {least} 到 {most} 位十六进制数字和连字符。请重新打开页面再发送;用软件发送的,请换一个编号,例如 UUID。"
        )),
        key => Ok(key),
    }
}

impl Case {
    /// True when a person's device has sent this already: its answer was lost on the way, and it asks again.
    pub fn has_taken(&self, sending: &str, by: crate::id::PersonId) -> bool {
        self.steps.iter().any(|step| step.by == by && step.sending.as_deref() == Some(sending))
    }
}

/// A span of time in words, to the minute.
fn span(span: TimeDelta) -> String {
    let minutes = span.num_minutes().abs();
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let parts = [(days, "天"), (hours, "小时"), (minutes, "分钟")];
    let words: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    if words.is_empty() { "不到 1 分钟".into() } else { words.join(" ") }
}

fn ahead(seconds: i64) -> String {
    let word = if seconds > 0 { "快" } else { "慢" };
    format!("{word} {}", span(TimeDelta::seconds(seconds)))
}

/// What has to be said of the clock of the device that sent a step.
pub fn clock_remarks(step: &Step) -> Vec<String> {
    let Some(device) = step.device else { return Vec::new() };
    let now = (device.sent_at - step.at).num_seconds();
    let mut told = Vec::new();
    if now.abs() > CLOCK_SECONDS {
        told.push(format!("发送时,手机的时间比服务器{}。", ahead(now)));
    }
    if let Some(then) = device.ahead
        && (now - then).abs() > CLOCK_SECONDS
    {
        told.push(format!("打开页面以后,手机的时间改动过,比原来{}。", ahead(now - then)));
    }
    told
}

/// What has to be said of a photograph: where its file, the device and the server say different things, and what nobody says.
pub fn photo_remarks(case: &Case, step: &Step, file: &Material) -> Vec<String> {
    let mut told = Vec::new();
    let (shot, inside) = (file.shot.clone().unwrap_or_default(), file.inside.clone().unwrap_or_default());
    let before = case.steps.iter().take_while(|one| *one != step);
    if before.flat_map(|one| &one.materials).any(|one| one.hash == file.hash) {
        told.push("同一张照片以前的步骤中已经交过。".to_owned());
    }
    if file.inside.is_none() {
        told.push("照片内没有拍摄信息,可能经过转发、截图或修改。".to_owned());
    }
    let device = shot.at.map(local);
    match (inside.at, device) {
        (Some(inside), Some(device)) if (inside - device).abs() > TimeDelta::minutes(PHOTO_MINUTES) => told.push(
            format!("照片内的拍摄时间是 {},手机记的是 {},相差 {}。", day(inside), day(device), span(inside - device)),
        ),
        _ => {}
    }
    let arrived = local(step.at);
    if let Some(first) = inside.at.or(device) {
        let took = arrived - first;
        if took > TimeDelta::hours(LATE_HOURS) {
            told.push(format!("拍摄 {} 以后才收到。", span(took)));
        } else if took < -TimeDelta::seconds(CLOCK_SECONDS) {
            told.push(format!("拍摄时间比收到的时间晚 {},手机的时间不对。", span(took)));
        }
    }
    told.extend(place_remarks(&shot, &inside));
    told
}

fn place_remarks(shot: &Shot, inside: &Inside) -> Vec<String> {
    let mut told = Vec::new();
    let accuracy = shot.accuracy.unwrap_or(0);
    if let (Some(device), Some(inside)) = (shot.point, inside.point) {
        let apart = device.metres_to(inside);
        if apart > APART_METRES + f64::from(accuracy) {
            told.push(format!("照片内的位置和手机的定位相距 {apart:.0} 米。"));
        }
    }
    match (shot.point, inside.point) {
        (Some(_), _) if accuracy > VAGUE_METRES => told.push(format!("手机定位只准到 {accuracy} 米。")),
        (None, Some(_)) => told.push("手机没有定位,位置取自照片内的记录。".to_owned()),
        (None, None) => told.push(format!("没有位置,原因:{}。", shot.no_place.trim().trim_end_matches('。'))),
        _ => {}
    }
    told
}

fn day(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}

/// When and where a photograph was taken, in one line; the file's own word stands in where the device said nothing.
pub fn photo_facts(file: &Material) -> String {
    let (shot, inside) = (file.shot.clone().unwrap_or_default(), file.inside.clone().unwrap_or_default());
    let at = shot.at.map(local).or(inside.at);
    let mut facts = vec![at.map_or_else(|| "拍摄时间不详".to_owned(), |at| format!("拍摄于 {}", day(at)))];
    if let Some(point) = shot.point.or(inside.point) {
        let accuracy = shot.point.and(shot.accuracy).map(|metres| format!("(±{metres} 米)")).unwrap_or_default();
        facts.push(format!("{}{accuracy}", point.label()));
    }
    if !inside.device.is_empty() {
        facts.push(inside.device);
    }
    facts.join(" · ")
}
