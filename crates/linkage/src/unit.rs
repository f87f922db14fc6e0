//! Rows as lists have them, and the same rows prepared for comparison: a hundred bytes each, texts kept once beside them.

use std::mem::take;

use crate::address::{Address, address};
use crate::code::Code;
use crate::field::Field;
use crate::hash;
use crate::lexicon::{Lexicon, Side};
use crate::name::{Name, deeper, name};
use crate::place::Place;
use crate::side::by_side;
use crate::value::{date, industry, person, phone};
use crate::words::Form;

/// What a list says about whether a unit is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// Open for business, or the list says nothing else.
    #[default]
    Active,
    /// 注销, 吊销 or closed by its own word.
    Closed,
}

/// A row of a list, every field as the list has it; what it has not is the empty text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Entry<'a> {
    /// 统一社会信用代码, 组织机构代码 or 注册号.
    pub code: &'a str,
    /// Name of the unit.
    pub name: &'a str,
    /// Address.
    pub address: &'a str,
    /// Telephone.
    pub phone: &'a str,
    /// 法定代表人 or 负责人.
    pub person: &'a str,
    /// Industry by GB/T 4754.
    pub industry: &'a str,
    /// Day of registration or opening.
    pub date: &'a str,
    /// 专业 that the unit reports to; not compared, but a unit in two of them is told.
    pub profession: &'a str,
    /// Whether it is still there.
    pub standing: Standing,
}

/// A row prepared for comparison.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Unit {
    pub code: Code,
    pub place: Place,
    pub core: u32,
    pub trade: u32,
    pub branch: u32,
    pub door: u32,
    pub person: u32,
    pub ordinals: u32,
    /// Hash of what stands inside the house.
    pub inside: u32,
    pub date: i32,
    pub phone: u64,
    pub industry: u16,
    pub profession: u16,
    /// How many characters of the door are its street.
    pub street: u8,
    pub form: Form,
    pub standing: Standing,
}

/// The two lists that are matched, prepared; or one list alone, whose duplicates are looked for.
#[derive(Debug, Default)]
pub struct Lists {
    pub(crate) cores: Lexicon,
    pub(crate) trades: Lexicon,
    pub(crate) branches: Lexicon,
    pub(crate) doors: Lexicon,
    pub(crate) persons: Lexicon,
    professions: Lexicon,
    register: Vec<Unit>,
    list: Vec<Unit>,
}

/// What one row is before its texts have ids.
struct Parts {
    unit: Unit,
    name: Name,
    address: Address,
    person: String,
    profession: String,
}

const PIECE: usize = 2_048; // rows that one thread takes at a time

/// At most so many rows in either list: row numbers have 32 bits, and one is kept free.
pub const ROWS_MAX: usize = 0xFFFF_FFFE;

impl Lists {
    /// Two empty lists.
    pub fn new() -> Lists {
        Lists::default()
    }

    /// Adds rows to a list, in their order: the first row ever added is row 0. A list of millions is best handed in by parts, so that its
    /// texts need not all be there at once.
    pub fn add(&mut self, side: Side, rows: &[Entry<'_>], threads: usize) {
        let room = ROWS_MAX - self.rows(side);
        let rows = rows.get(..room).unwrap_or(rows);
        let prepared = by_side(threads, rows.len(), PIECE, |range| {
            rows.get(range).unwrap_or_default().iter().map(prepare).collect::<Vec<Parts>>()
        });
        for mut parts in prepared.into_iter().flatten() {
            let unit = self.keep(&mut parts, side);
            match side {
                Side::Register => self.register.push(unit),
                Side::List => self.list.push(unit),
            }
        }
    }

    fn keep(&mut self, parts: &mut Parts, side: Side) -> Unit {
        let mut door = take(&mut parts.address.street);
        let street = u8::try_from(door.chars().count()).unwrap_or(u8::MAX);
        door.push_str(&parts.address.number);
        Unit {
            core: self.cores.add(&parts.name.core, side),
            trade: self.trades.add(&parts.name.trade, side),
            branch: self.branches.add(&parts.name.branch, side),
            door: self.doors.add(&door, side),
            person: self.persons.add(&parts.person, side),
            profession: u16::try_from(self.professions.add(&parts.profession, side)).unwrap_or(u16::MAX),
            street,
            ..parts.unit
        }
    }

    /// How many rows a list has.
    pub fn rows(&self, side: Side) -> usize {
        self.units(side).len()
    }

    pub(crate) fn units(&self, side: Side) -> &[Unit] {
        match side {
            Side::Register => &self.register,
            Side::List => &self.list,
        }
    }

    pub(crate) fn unit(&self, side: Side, row: u32) -> Unit {
        usize::try_from(row).ok().and_then(|row| self.units(side).get(row)).copied().unwrap_or_default()
    }

    /// The text of a field whose weight goes by how common it is.
    pub(crate) fn text_of(&self, unit: &Unit, field: Field) -> (&Lexicon, u32) {
        match field {
            Field::Trade => (&self.trades, unit.trade),
            Field::Branch => (&self.branches, unit.branch),
            Field::Person => (&self.persons, unit.person),
            Field::Address => (&self.doors, unit.door),
            _ => (&self.cores, unit.core),
        }
    }

    /// The street of a door and the number after it.
    pub(crate) fn street(&self, unit: &Unit) -> (&[char], &[char]) {
        let door = self.doors.text(unit.door);
        door.split_at(usize::from(unit.street).min(door.len()))
    }
}

fn prepare(entry: &Entry<'_>) -> Parts {
    let name = name(entry.name);
    let address = address(entry.address);
    let inside = if address.inside.is_empty() { 0 } else { hash::short(hash::of_bytes(address.inside.as_bytes())) };
    let unit = Unit {
        code: Code::read(entry.code),
        place: deeper(address.place, name.place),
        ordinals: name.ordinals,
        inside,
        date: date(entry.date),
        phone: phone(entry.phone),
        industry: industry(entry.industry),
        form: name.form,
        standing: entry.standing,
        ..Unit::default()
    };
    Parts { unit, name, address, person: person(entry.person), profession: crate::clean(entry.profession) }
}
