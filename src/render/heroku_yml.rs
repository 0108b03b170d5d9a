//! heroku.yml: what [`crate::manifest`] makes of a plan, below the comments that every file of ours starts with.

use crate::error::Result;
use crate::manifest::{Found, Manifest, Place, manifest};
use crate::plan::Plan;

use super::{MARK, head};

/// Brings a project's heroku.yml in line with a plan, or writes one.
///
/// Errors: as [`manifest`].
pub fn heroku_yml(plan: &Plan, found: &Found, place: &dyn Fn(&str) -> Place) -> Result<Manifest> {
    let flags = plan.again.iter().cloned();
    let flags: Vec<String> = std::iter::once("heroku-yml".to_owned())
        .chain(flags)
        .collect();
    let head = format!(
        "{MARK}{} for {}. It is yours to edit:\n# nixdyno changes only what differs from the plan, and only when told to.\n# Again: {}\n",
        env!("CARGO_PKG_VERSION"),
        head::target(&plan.build),
        head::again(&flags),
    );
    manifest(plan, found, &head, MARK, place)
}
