//! Effects 办理结果: what else happens when an act of a case is complete, in the same transaction. A case type names them; a name that is
//! not in the table is refused when the type is loaded.
//!
//! To add one: write `fn name<'c>(cx: &'c mut Cx<'_>, done: Done<'c>) -> Pending<'c> { Box::pin(async move { … }) }` in the room that it belongs to,
//! and a line with its name in [`ALL`]. It reads fields and materials of the case, writes by the use cases of its room, and refuses by a
//! `Problem`, which takes the whole step back.

use std::pin::Pin;

use youju_domain::case::{Case, CaseType};

use crate::context::Cx;
use crate::error::{Error, Fault, Result};

/// What an effect is told: the case after the step, which is its last, and its type.
#[derive(Debug, Clone, Copy)]
pub struct Done<'c> {
    /// The case.
    pub case: &'c Case,
    /// Its type.
    pub kind: &'c CaseType,
}

/// An effect that is on its way.
pub type Pending<'c> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'c>>;

/// Effect 办理结果.
#[derive(Clone, Copy)]
pub struct Effect {
    /// Its name in case types: `room.what`.
    pub name: &'static str,
    /// What it does.
    pub run: for<'c> fn(&'c mut Cx<'_>, Done<'c>) -> Pending<'c>,
}

/// The effects of the program.
pub const ALL: &[Effect] = &[
    Effect { name: "staff.appoint", run: crate::staff::consent::appoint },
    Effect { name: "enumerator.engage", run: crate::enumerator::engage_selected },
    Effect { name: "register.list", run: crate::register::effect::list },
    Effect { name: "register.amend", run: crate::register::effect::amend },
    Effect { name: "register.withdraw", run: crate::register::effect::withdraw },
    Effect { name: "register.replace_sample", run: crate::register::effect::replace_sample },
    Effect { name: "project.enter", run: crate::project::enter },
];

/// The names of effects, for whoever loads case types.
pub fn names(effects: &[Effect]) -> Vec<&'static str> {
    effects.iter().map(|effect| effect.name).collect()
}

/// Runs effects by name, in their order.
pub(super) async fn run(cx: &mut Cx<'_>, names: &[String], done: Done<'_>) -> Result<()> {
    for name in names {
        let effect = cx.app().effects().iter().find(|effect| effect.name == name);
        // A type that was kept by another version of the program may know more than this one.
        let effect = effect.ok_or_else(|| Error::Fault(Fault::new("looking for an effect", name.clone())))?;
        (effect.run)(cx, done).await?;
    }
    Ok(())
}
