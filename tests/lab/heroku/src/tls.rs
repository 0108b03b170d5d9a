//! Certificates for every name under `localhost`.
//!
//! Makes an authority of its own at each start, gives its certificate as text, and signs a leaf for each name when
//! a client first asks for it: OpenSSL refuses a wildcard directly under `localhost`, and apps come and go. Never signs
//! for a name outside `localhost`, never writes a key to disk.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{ServerConfig, crypto::ring::sign::any_supported_type};

use crate::lab::locked;

/// Makes the authority; gives the configuration for all TLS listeners, and the certificate to trust as PEM.
pub fn config() -> io::Result<(Arc<ServerConfig>, String)> {
    let (authority, pem) = Authority::new().map_err(io::Error::other)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(authority));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((Arc::new(config), pem))
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    leaves: Mutex<BTreeMap<String, Arc<CertifiedKey>>>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Authority")
    }
}

impl Authority {
    fn new() -> Result<(Self, String), rcgen::Error> {
        let mut params = CertificateParams::new(Vec::new())?;
        params
            .distinguished_name
            .push(DnType::CommonName, "loopback-heroku test authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate()?;
        let pem = params.self_signed(&key)?.pem();
        let issuer = Issuer::new(params, key);
        Ok((
            Self {
                issuer,
                leaves: Mutex::default(),
            },
            pem,
        ))
    }

    fn leaf(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        let mut leaves = locked(&self.leaves);
        if let Some(leaf) = leaves.get(name) {
            return Some(Arc::clone(leaf));
        }
        let leaf = Arc::new(self.sign(name)?);
        leaves.insert(name.to_owned(), Arc::clone(&leaf));
        Some(leaf)
    }

    fn sign(&self, name: &str) -> Option<CertifiedKey> {
        let mut params = CertificateParams::new(vec![name.to_owned()]).ok()?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().ok()?;
        let certificate = params.signed_by(&key, &self.issuer).ok()?;
        let secret = PrivateKeyDer::try_from(key.serialize_der()).ok()?;
        let signer = any_supported_type(&secret).ok()?;
        Some(CertifiedKey::new(vec![certificate.der().clone()], signer))
    }
}

impl ResolvesServerCert for Authority {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        // Clients that connect to an address send no name.
        let name = hello.server_name().unwrap_or("localhost");
        if !is_ours(name) {
            return None;
        }
        self.leaf(name)
    }
}

fn is_ours(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_are_made_once() {
        let (authority, pem) = Authority::new().unwrap();
        assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"));
        let first = authority.leaf("app.localhost").unwrap();
        assert!(Arc::ptr_eq(
            &first,
            &authority.leaf("app.localhost").unwrap()
        ));
        assert!(!Arc::ptr_eq(
            &first,
            &authority.leaf("api.localhost").unwrap()
        ));
    }

    #[test]
    fn only_localhost_is_ours() {
        assert!(is_ours("localhost") && is_ours("a.localhost"));
        assert!(!is_ours("heroku.com") && !is_ours("alocalhost"));
    }
}
