//! Trace 报送痕迹 — from where and how a unit's people acted on their reports. It is evidence for independence of reporting
//! (统计法: nobody fills in for a unit): a signal is never proof, because an accountant may rightly serve many units.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::Instant;
use crate::id::{ReportId, UnitId};
use crate::look::Purpose;

/// How figures came into the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// 键入.
    Typed,
    /// 粘贴.
    Pasted,
    /// 导入 from a file.
    Imported,
    /// 台账生成.
    Generated,
    /// An act without figures: signing, handing in.
    #[default]
    Act,
}

impl Method {
    /// All of them.
    pub const ALL: [Method; 5] = [Method::Typed, Method::Pasted, Method::Imported, Method::Generated, Method::Act];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Method::Typed => "键入",
            Method::Pasted => "粘贴",
            Method::Imported => "导入",
            Method::Generated => "台账生成",
            Method::Act => "",
        }
    }

    /// The name in storage and on the wire.
    pub fn key(self) -> &'static str {
        match self {
            Method::Typed => "typed",
            Method::Pasted => "pasted",
            Method::Imported => "imported",
            Method::Generated => "generated",
            Method::Act => "act",
        }
    }

    /// Reads [`Method::key`].
    pub fn from_key(key: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.key() == key)
    }
}

/// From where and how somebody acts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// Network address; empty where it is not known.
    pub address: String,
    /// Key of the browser, drawn once and kept in a cookie; empty where there is none.
    pub device: String,
    /// How figures came.
    pub method: Method,
    /// Seconds that the person took, as their browser says.
    pub seconds: u32,
    /// What a look from there is for; none where nothing of a unit is shown.
    pub purpose: Option<Purpose>,
}

/// Trace 报送痕迹 of one act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The journal entry of the act.
    pub seq: i64,
    /// On which report.
    pub report: ReportId,
    /// Of which unit.
    pub unit: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// Name of the person.
    pub person_name: String,
    /// When.
    pub at: Instant,
    /// What was done, as the journal calls it.
    pub action: String,
    /// From where and how.
    pub origin: Origin,
}

/// Units that share a device are a signal from this number on.
pub const DEVICE_UNITS_MIN: usize = 2;
/// Units that hand in from one network address are a signal from this number on (parks have one address for many).
pub const ADDRESS_UNITS_MIN: usize = 3;
/// … within so many minutes.
pub const ADDRESS_MINUTES: i64 = 60;

/// What units have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignalKind {
    /// 同一设备.
    Device,
    /// 同一网络地址 within an hour.
    Address,
}

impl SignalKind {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            SignalKind::Device => "多家单位用同一台设备",
            SignalKind::Address => "一小时内多家单位从同一网络地址上报",
        }
    }
}

/// Signal 线索: to be asked about by another officer, never a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// What the units have in common.
    pub kind: SignalKind,
    /// The address, or the beginning of the device's key.
    pub what: String,
    /// The units, each with its name.
    pub units: BTreeMap<UnitId, String>,
}

/// Looks for signals among the acts in one window.
pub fn signals(traces: &[Trace]) -> Vec<Signal> {
    let mut by_device: BTreeMap<&str, BTreeMap<UnitId, String>> = BTreeMap::new();
    for trace in traces.iter().filter(|trace| !trace.origin.device.is_empty()) {
        by_device.entry(&trace.origin.device).or_default().insert(trace.unit, trace.unit_name.clone());
    }
    let devices = by_device.into_iter().filter(|(_, units)| units.len() >= DEVICE_UNITS_MIN);
    let devices = devices.map(|(device, units)| Signal {
        kind: SignalKind::Device,
        what: device.chars().take(8).collect(),
        units,
    });
    devices.chain(addresses(traces)).collect()
}

fn addresses(traces: &[Trace]) -> Vec<Signal> {
    let mut by_address: BTreeMap<&str, Vec<&Trace>> = BTreeMap::new();
    let handed_in = |trace: &&Trace| trace.action == "report.submitted" && !trace.origin.address.is_empty();
    for trace in traces.iter().filter(handed_in) {
        by_address.entry(&trace.origin.address).or_default().push(trace);
    }
    let mut found = Vec::new();
    for (address, mut acts) in by_address {
        acts.sort_by_key(|act| act.at);
        let together = |first: &&Trace| -> BTreeSet<UnitId> {
            let until = first.at + TimeDelta::minutes(ADDRESS_MINUTES);
            acts.iter().filter(|act| act.at >= first.at && act.at <= until).map(|act| act.unit).collect()
        };
        let most = acts.iter().map(together).max_by_key(BTreeSet::len).unwrap_or_default();
        if most.len() >= ADDRESS_UNITS_MIN {
            let units = acts.iter().filter(|act| most.contains(&act.unit));
            let units = units.map(|act| (act.unit, act.unit_name.clone())).collect();
            found.push(Signal { kind: SignalKind::Address, what: address.to_owned(), units });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(unit: u128, minute: i64, address: &str, device: &str) -> Trace {
        let id = uuid::Uuid::from_u128(unit);
        Trace {
            seq: minute,
            report: ReportId::new(id),
            unit: UnitId::new(id),
            unit_name: format!("虚构第{unit}号厂"),
            person_name: "王敏".into(),
            at: Instant::UNIX_EPOCH + TimeDelta::minutes(minute),
            action: "report.submitted".into(),
            origin: Origin { address: address.into(), device: device.into(), ..Origin::default() },
        }
    }

    #[test]
    fn a_device_of_two_units_and_an_address_of_three_within_an_hour_are_signals() {
        let apart = [act(1, 0, "10.0.0.1", "a"), act(2, 5, "10.0.0.1", "b"), act(3, 70, "10.0.0.1", "c")];
        assert!(signals(&apart).is_empty(), "two within an hour, the third later");
        let near = [act(1, 0, "10.0.0.1", "a"), act(2, 5, "10.0.0.1", "b"), act(3, 59, "10.0.0.1", "a")];
        let found = signals(&near);
        let kinds: Vec<(SignalKind, usize)> = found.iter().map(|signal| (signal.kind, signal.units.len())).collect();
        assert_eq!(kinds, [(SignalKind::Device, 2), (SignalKind::Address, 3)]);
        // The same unit again and again is no signal, and neither is an unknown origin.
        let own = [act(1, 0, "10.0.0.1", "a"), act(1, 1, "10.0.0.1", "a"), act(2, 2, "", ""), act(3, 3, "", "")];
        assert!(signals(&own).is_empty());
    }
}
