//! Who asks a registry.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::heroku::Credentials;
use crate::secret::Secret;

/// A login at a registry.
#[derive(Debug, Clone)]
pub struct Login {
    user: String,
    password: Secret,
    source: String,
    heroku: bool,
}

impl Login {
    /// The login of `user`, which came from `source`.
    pub fn new(user: &str, password: Secret, source: &str) -> Self {
        Login {
            user: user.to_owned(),
            password,
            source: source.to_owned(),
            heroku: false,
        }
    }

    pub(super) fn password(&self) -> &Secret {
        &self.password
    }

    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// Whether it is Heroku's, whose refusals have ways out of their own.
    pub(super) fn is_heroku(&self) -> bool {
        self.heroku
    }

    /// What Basic sends.
    pub(super) fn basic(&self) -> Secret {
        Secret::new(&STANDARD.encode(format!("{}:{}", self.user, self.password.reveal())))
    }
}

/// Heroku takes any user, and the token as password; its own documents write `_`.
impl From<Credentials> for Login {
    fn from(credentials: Credentials) -> Self {
        Login {
            user: "_".to_owned(),
            password: credentials.token,
            source: credentials.source,
            heroku: true,
        }
    }
}
