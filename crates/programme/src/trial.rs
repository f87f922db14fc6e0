//! Trial 试审: a new or changed check, run beside those in force before anybody adopts it.

use youju_domain::finding::Finding;

use crate::check::{Check, Checks};
use crate::facts::Facts;
use crate::form::Form;
use crate::load::{LoadError, trial};

/// Checks that are tried on a form. They are not its checks.
#[derive(Debug)]
pub struct Trial<'f> {
    form: &'f Form,
    checks: Checks,
    rows: Vec<Checks>,
}

impl Form {
    /// Reads rules that shall be tried: lines of 审核公式, or VTL rulesets named like the form's own.
    pub fn trial(&self, text: &str) -> Result<Trial<'_>, Vec<LoadError>> {
        let (checks, rows) = trial(&self.code, self.measure, &self.tables, text)?;
        Ok(Trial { form: self, checks, rows })
    }
}

impl Trial<'_> {
    /// The checks that are tried.
    pub fn checks(&self) -> impl Iterator<Item = &Check> {
        std::iter::once(&self.checks).chain(&self.rows).flat_map(|checks| &checks.list)
    }

    /// What they say about a report.
    pub fn check(&self, facts: &Facts) -> Vec<Finding> {
        self.form.check_by(&self.checks, &self.rows, facts)
    }
}
