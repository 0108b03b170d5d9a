//! The HTTP client's settings: which certificates are trusted, how long things may take.

use std::time::Duration;

use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::error::{Error, Result};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// What every request says of itself.
const USER_AGENT: &str = concat!("nixdyno/", env!("CARGO_PKG_VERSION"));

/// A client that trusts what the system trusts, and goes through the proxy the environment names.
///
/// Errors: `heroku/no-certificates`.
pub(super) fn agent() -> Result<ureq::Agent> {
    let tls = TlsConfig::builder().root_certs(roots()?).build();
    let config = ureq::Agent::config_builder()
        .tls_config(tls)
        .user_agent(USER_AGENT)
        .http_status_as_error(false)
        .timeout_resolve(Some(CONNECT))
        .timeout_connect(Some(CONNECT))
        .build();
    Ok(config.new_agent())
}

/// The system's certificates (`SSL_CERT_FILE` and `SSL_CERT_DIR` count), or Mozilla's built-in ones
/// where the system has none at all, as in a bare container.
fn roots() -> Result<RootCerts> {
    let found = rustls_native_certs::load_native_certs();
    if !found.certs.is_empty() {
        let certs = found
            .certs
            .iter()
            .map(|cert| Certificate::from_der(cert).to_owned());
        return Ok(certs.into());
    }
    // A path that was named and can't be read must not silently give way to other roots.
    if found.errors.is_empty() {
        return Ok(RootCerts::WebPki);
    }
    Err(Error::user(
        "heroku/no-certificates",
        "no certificate authority could be read, so no server can be trusted",
        "set SSL_CERT_FILE to a PEM file such as `/etc/ssl/certs/ca-certificates.crt`",
    )
    .detail(found.errors.iter().map(ToString::to_string)))
}
