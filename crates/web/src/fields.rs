//! The names and values that a form sends, where a form has more of them than a struct would make clearer.

use chrono::NaiveDate;
use youju_domain::Problem;

use crate::request::{Answer, read};

/// What a form sends, in its order.
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads the body of a form.
    pub(crate) fn read(body: &[u8]) -> Answer<Fields> {
        Ok(Fields(read(&String::from_utf8_lossy(body))?))
    }

    /// A form that nobody has filled yet.
    pub(crate) fn none() -> Fields {
        Fields(Vec::new())
    }

    /// The first value of a name as it was typed: blanks of a password belong to it.
    pub(crate) fn exact(&self, name: &str) -> &str {
        self.0.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value)
    }

    /// The fields of a form of parts.
    pub(crate) fn of(pairs: Vec<(String, String)>) -> Fields {
        Fields(pairs)
    }

    /// The first value of a name, trimmed; empty where it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.trim())
    }

    /// Every value of a name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(one, _)| one == name).map(|(_, value)| value.trim())
    }

    /// Every name with its value, as they came.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// A day; none where nothing is typed.
    pub(crate) fn day(&self, name: &str) -> Result<Option<NaiveDate>, Problem> {
        day(self.get(name))
    }

    /// A day that has to be typed.
    pub(crate) fn must_day(&self, name: &str, word: &str) -> Result<NaiveDate, Problem> {
        let missing = || Problem::BadInput { reason: format!("请填写{word}。") };
        self.day(name)?.ok_or_else(missing)
    }

    /// A whole number; none where nothing is typed.
    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str, word: &str) -> Result<Option<T>, Problem> {
        match self.get(name) {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| Problem::BadInput { reason: format!("{word}应为整数,现为“{text}”。") }),
        }
    }

    /// One of a list.
    pub(crate) fn choice<T>(&self, name: &str, word: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Problem> {
        let bad = || Problem::BadInput { reason: format!("{word}应从列表中选择。") };
        read(self.get(name)).ok_or_else(bad)
    }
}

/// A day as it is typed; none where nothing is.
pub(crate) fn day(text: &str) -> Result<Option<NaiveDate>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let bad = || Problem::BadInput { reason: format!("日期应写成 2026-04-01 的样子,现为“{text}”。") };
    text.parse().map(Some).map_err(|_| bad())
}
