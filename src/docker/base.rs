//! Builds an image to build on, for the nixpkgs of a project.

use crate::context::{Context, Staged};
use crate::error::Result;
use crate::plan::NixpkgsImage;
use crate::render::base_recipe;
use crate::shell::Runner;
use crate::ui::Ui;

use super::{Facts, build, explain_base};

/// Builds it under its name, from the recipe alone.
///
/// Errors: those of [`Staged::new`] and [`explain_base`].
pub fn build_base(
    image: &NixpkgsImage,
    facts: &Facts,
    runner: &dyn Runner,
    ui: &Ui,
    no_cache: bool,
) -> Result<()> {
    let topic = ui.topic(&format!("Building {} on {}", image.image, image.from));
    let recipe = base_recipe(image)?;
    if runner.is_dry() {
        recipe.lines().for_each(|line| ui.echo(line));
    }
    let nothing = Context::default();
    let staged = Staged::new(".".as_ref(), &nothing)?;
    staged.dockerfile("dockerfile", &recipe)?;
    let tag = image.image.as_str();
    let cmd = build(facts, &staged.context(), None, tag, &[], no_cache);
    let built = runner.stream(&cmd, &mut |line| ui.echo(line))?;
    explain_base(image, &built)?;
    topic.done();
    Ok(())
}
