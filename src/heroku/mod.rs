//! Heroku: its Platform API, typed.
//!
//! Takes names, image ids and a token; gives what Heroku answered, as [`Api`] says. [`HttpApi`]
//! asks, [`DryApi`] shows what would be asked. [`release`] and [`dynos`] wait for what Heroku does
//! later. Never: success while a release is pending, a token in an error, a write sent twice that
//! could count twice.

mod api;
pub mod builds;
mod call;
mod clock;
mod credentials;
mod dry;
pub mod dynos;
pub(crate) mod endpoints;
mod http;
pub(crate) mod net;
mod netrc;
pub(crate) mod refusal;
pub mod release;
mod symptoms;
#[cfg(test)]
pub(crate) mod testing;
mod types;

pub use api::Api;
pub use clock::{Clock, WallClock};
pub use credentials::{CredentialSettings, Credentials};
pub use dry::DryApi;
pub use endpoints::{Endpoints, HostSettings, RegistryHost};
pub use http::HttpApi;
pub use types::{
    Account, App, Dyno, DynoRelease, Formation, NewApp, Release, ReleaseId, ReleaseStatus,
    StreamEnd,
};
