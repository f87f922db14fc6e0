//! Programme 报表制度: the forms that belong together, who made them, and for whom.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use youju_domain::outside;

use crate::archive::Archive;
use crate::assessment::Item;
use crate::calendar::Calendar;
use crate::check_list::CheckListRule;
use crate::form::{Form, Provenance};
use crate::ledger::Ledger;

/// Programme 报表制度.
#[derive(Debug)]
pub struct Programme {
    /// Its id, e.g. `industry`.
    pub id: String,
    /// 制度名称.
    pub name: String,
    /// 制定机关.
    pub authority: String,
    /// 文号.
    pub document: String,
    /// First day of validity.
    pub valid_from: NaiveDate,
    /// Last day of validity 有效期至.
    pub valid_to: NaiveDate,
    /// Domain 专业, as officers' work is divided.
    pub domain: String,
    /// The word for it.
    pub domain_name: String,
    /// How sure the document number and the edition are.
    pub provenance: Provenance,
    /// What has to be known about this edition.
    pub note: String,
    /// Sources 来源 by key.
    pub sources: BTreeMap<String, Reference>,
    pub(crate) forms: Vec<Form>,
    pub(crate) ledgers: Arc<Vec<Ledger>>,
    pub(crate) calendar: Calendar,
    pub(crate) archive: Archive,
    pub(crate) assessment: Vec<Item>,
    pub(crate) check_lists: Vec<CheckListRule>,
    pub(crate) outside: Vec<outside::Item>,
}

/// Reference 来源 — a document that something was read in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its title.
    pub title: String,
    /// Where it can be read.
    pub url: Option<String>,
}

impl Programme {
    /// The form with this 表号.
    pub fn form(&self, code: &str) -> Option<&Form> {
        self.forms.iter().find(|form| form.code == code)
    }

    /// The ledger with this id.
    pub fn ledger(&self, id: &str) -> Option<&Ledger> {
        self.ledgers.iter().find(|ledger| ledger.id == id)
    }

    /// All ledgers, in the order of the programme.
    pub fn ledgers(&self) -> &[Ledger] {
        &self.ledgers
    }

    /// When its forms are reported.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// What belongs into the boxes of its units.
    pub fn archive(&self) -> &Archive {
        &self.archive
    }

    /// What is compared when the figures of a form are assessed; empty where no assessment is declared for it.
    pub fn assessment<'a>(&'a self, form: &'a str) -> impl Iterator<Item = &'a Item> {
        self.assessment.iter().filter(move |item| item.form == form)
    }

    /// What is declared for the check list of a form, if it has one.
    pub fn check_list(&self, form: &str) -> Option<&CheckListRule> {
        self.check_lists.iter().find(|rule| rule.forms.iter().any(|code| code == form))
    }

    /// What is declared for check lists.
    pub fn check_lists(&self) -> &[CheckListRule] {
        &self.check_lists
    }

    /// What departments hand over that its cells are compared with.
    pub fn outside(&self) -> &[outside::Item] {
        &self.outside
    }

    /// All forms, in the order of the programme.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }
}
