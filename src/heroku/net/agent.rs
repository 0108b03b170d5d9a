//! The HTTP client's settings: which certificates are trusted, how long things may take.

use std::time::Duration;

use rustls_native_certs::CertificateResult;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::error::{Error, Result};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// How much is read and sent at once: layers go through here, and small pieces cost half as much time again.
const PIECE: usize = 512 * 1024;

/// What every request says of itself.
const USER_AGENT: &str = concat!("nixdyno/", env!("CARGO_PKG_VERSION"));

/// A client that trusts what the system trusts, and goes through the proxy the environment names.
///
/// Errors: `heroku/no-certificates`.
pub(super) fn agent() -> Result<ureq::Agent> {
    let roots = roots(&rustls_native_certs::load_native_certs())?;
    let tls = TlsConfig::builder().root_certs(roots).build();
    let config = ureq::Agent::config_builder()
        .tls_config(tls)
        .user_agent(USER_AGENT)
        .http_status_as_error(false)
        .input_buffer_size(PIECE)
        .output_buffer_size(PIECE)
        .timeout_resolve(Some(CONNECT))
        .timeout_connect(Some(CONNECT))
        .build();
    Ok(config.new_agent())
}

/// The system's certificates (`SSL_CERT_FILE` and `SSL_CERT_DIR` count), or Mozilla's built-in ones
/// where the system has none at all, as in a bare container.
fn roots(found: &CertificateResult) -> Result<RootCerts> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use rustls_native_certs::load_certs_from_paths;
    use std::path::Path;

    #[test]
    fn none_at_all_means_the_built_in_ones() {
        let none = CertificateResult::default();
        assert!(matches!(roots(&none), Ok(RootCerts::WebPki)));
    }

    #[test]
    fn a_path_that_cannot_be_read_is_not_passed_over() {
        let missing = load_certs_from_paths(Some(Path::new("/no/such/certificates.pem")), None);
        insta::assert_snapshot!(roots(&missing).unwrap_err());
    }
}
