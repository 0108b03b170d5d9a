//! How dialoguer's questions look: as its own theme has them, but where one stands in a list shows without colour, too.
//!
//! Takes what dialoguer shows, gives its text; never writes to a terminal itself.

use std::fmt::{Result, Write};
use std::ops::Deref;

use dialoguer::theme::{ColorfulTheme, Theme};

/// dialoguer's own theme, with a sign for the place in a list of marks.
#[derive(Default)]
pub(super) struct Signs(ColorfulTheme);

impl Deref for Signs {
    type Target = ColorfulTheme;

    fn deref(&self) -> &ColorfulTheme {
        &self.0
    }
}

impl Theme for Signs {
    fn format_prompt(&self, f: &mut dyn Write, prompt: &str) -> Result {
        self.0.format_prompt(f, prompt)
    }

    fn format_confirm_prompt(
        &self,
        f: &mut dyn Write,
        prompt: &str,
        default: Option<bool>,
    ) -> Result {
        self.0.format_confirm_prompt(f, prompt, default)
    }

    fn format_confirm_prompt_selection(
        &self,
        f: &mut dyn Write,
        prompt: &str,
        chosen: Option<bool>,
    ) -> Result {
        self.0.format_confirm_prompt_selection(f, prompt, chosen)
    }

    fn format_input_prompt_selection(
        &self,
        f: &mut dyn Write,
        prompt: &str,
        chosen: &str,
    ) -> Result {
        self.0.format_input_prompt_selection(f, prompt, chosen)
    }

    fn format_multi_select_prompt_selection(
        &self,
        f: &mut dyn Write,
        prompt: &str,
        chosen: &[&str],
    ) -> Result {
        self.0
            .format_multi_select_prompt_selection(f, prompt, chosen)
    }

    fn format_select_prompt_item(&self, f: &mut dyn Write, text: &str, active: bool) -> Result {
        self.0.format_select_prompt_item(f, text, active)
    }

    fn format_multi_select_prompt_item(
        &self,
        f: &mut dyn Write,
        text: &str,
        checked: bool,
        active: bool,
    ) -> Result {
        let sign = if active {
            &self.0.active_item_prefix
        } else {
            &self.0.inactive_item_prefix
        };
        write!(f, "{sign} ")?;
        self.0
            .format_multi_select_prompt_item(f, text, checked, active)
    }
}
