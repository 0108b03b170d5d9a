//! Whether to use colour: `--color`, then `NO_COLOR`, then `CLICOLOR_FORCE`, then the terminal.

/// What `--color` says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The environment's part of the decision.
#[derive(Debug, Clone, Default)]
pub struct ColorEnv {
    /// `NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// `CLICOLOR_FORCE` is set, not empty and not `0`.
    pub force: bool,
}

impl ColorChoice {
    /// Decides for one stream.
    pub(super) fn decide(self, env: &ColorEnv, is_terminal: bool) -> bool {
        match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if env.no_color => false,
            ColorChoice::Auto => env.force || is_terminal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_wins_then_no_color_then_force() {
        let both = ColorEnv {
            no_color: true,
            force: true,
        };
        assert!(ColorChoice::Always.decide(&both, false));
        assert!(!ColorChoice::Never.decide(&ColorEnv::default(), true));
        assert!(!ColorChoice::Auto.decide(&both, true));
        assert!(ColorChoice::Auto.decide(
            &ColorEnv {
                no_color: false,
                force: true
            },
            false
        ));
        assert!(!ColorChoice::Auto.decide(&ColorEnv::default(), false));
        assert!(ColorChoice::Auto.decide(&ColorEnv::default(), true));
    }
}
