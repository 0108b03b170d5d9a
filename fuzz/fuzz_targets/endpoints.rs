//! Addresses as typed, and the Heroku CLI's netrc file beside them.
//!
//! The input's first line is an address, the rest a netrc file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nixdyno::heroku::{CredentialSettings, Credentials, Endpoints, HostSettings};
use nixdyno::shell::Recorded;

fuzz_target!(|text: &str| {
    let (address, netrc) = text.split_once('\n').unwrap_or((text, ""));
    for settings in [
        HostSettings {
            api_url: Some(address),
            ..HostSettings::default()
        },
        HostSettings {
            registry: Some(address),
            ..HostSettings::default()
        },
        HostSettings {
            heroku_host: Some(address),
            ..HostSettings::default()
        },
    ] {
        let Ok((endpoints, _)) = Endpoints::resolve(settings) else {
            continue;
        };
        // In the clear only to this machine.
        for url in [&endpoints.api, endpoints.registry.base()] {
            let here = match url.host() {
                Some(url::Host::Domain(name)) => {
                    name == "localhost" || name.ends_with(".localhost")
                }
                Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
                Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
                None => false,
            };
            assert!(
                url.scheme() == "https" || (url.scheme() == "http" && here),
                "{url}"
            );
        }
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), netrc).expect("a file");
        let settings = CredentialSettings {
            api_key: None,
            netrc: Some(file.path().to_owned()),
        };
        let silent = Recorded::new().answer("heroku", 1, "", "");
        if let Ok(found) = Credentials::find(&settings, &endpoints, &silent) {
            // A token goes into a header.
            assert!(found.token.reveal().chars().all(|c| c.is_ascii_graphic()));
        }
    }
});
