//! An upload that did not succeed, as an error a user can act on. Pure.
//!
//! The place is a store of files beside Heroku, which answers in XML and lets in whoever has the address: so no error
//! shows more of it than its host.

use url::Url;

use crate::error::Error;
use crate::heroku::net::{Answer, Failure};
use crate::heroku::refusal::{quote, untrusted};

/// The error for an answer that is no success.
pub(in crate::heroku) fn refused(url: &Url, answer: &Answer) -> Error {
    let text = String::from_utf8_lossy(&answer.body);
    let said: Vec<&str> = ["Code", "Message"]
        .into_iter()
        .filter_map(|name| element(&text, name))
        .collect();
    let said = match said.as_slice() {
        [] => String::new(),
        said => format!(": {}", quote(&said.join(", "), &[])),
    };
    Error::transient(
        "heroku/upload-refused",
        format!("the place for the sources answers {}{said}", answer.status),
        "deploy again: each deploy is given a new place",
    )
    .because("the address of such a place holds for a short time only")
    .at(place(url))
}

/// The error for no answer at all.
pub(in crate::heroku) fn failed(url: &Url, failure: Failure) -> Error {
    let error = match failure {
        Failure::Stopped(error) => return error,
        Failure::Untrusted { what } => untrusted(&what),
        Failure::Network { what, .. } => Error::transient(
            "heroku/upload",
            format!("the sources can't be sent: {}", quote(&what, &[])),
            "check the network, and HTTPS_PROXY if you need one; then deploy again",
        ),
        Failure::TooLarge { limit } => Error::transient(
            "heroku/upload",
            format!("the answer to the sources is longer than {limit} bytes"),
            "deploy again",
        ),
    };
    error.at(place(url))
}

/// The error for an address that would show the sources to everybody on the way.
pub(in crate::heroku) fn not_encrypted(url: &Url) -> Error {
    Error::transient(
        "heroku/upload-plain",
        "the place for the sources has an address that is not encrypted",
        "deploy again, and ask Heroku's support if it stays so",
    )
    .at(place(url))
}

fn place(url: &Url) -> String {
    format!("PUT to {}", url.host_str().unwrap_or_default())
}

/// The text of the first element of that name.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (inner, _) = rest.split_once(&format!("</{name}>"))?;
    Some(inner)
}
