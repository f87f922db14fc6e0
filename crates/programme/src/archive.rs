//! Archive 档案盒 as a programme declares it: what belongs into the box of a unit and year, and into that of a project where the
//! programme has lists of projects.

use youju_domain::archive::Item;

/// What belongs into the boxes of a programme; empty where it declares none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Archive {
    /// The items of a unit's box.
    pub items: Vec<Item>,
    /// The boxes of projects, if there are any.
    pub project: Option<Project>,
}

/// A project is a row of a list: one box for each 一个项目一个档案盒.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// The form 表号 that reports projects.
    pub form: String,
    /// The list of it: one row per project, told apart by the list's key.
    pub list: String,
    /// The column in which a project's name stands.
    pub name: String,
    /// The items of a project's box.
    pub items: Vec<Item>,
}

impl Archive {
    /// Every item of either box.
    pub fn all_items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().chain(self.project.iter().flat_map(|project| &project.items))
    }
}
