//! A registry's refusals of what is pushed, as errors a user can act on. Pure.

use crate::error::Error;

/// The error for a registry that gave no usable answer.
pub(super) fn unreachable(what: &str) -> Error {
    Error::transient(
        "registry/unreachable",
        format!("the registry can't be written to: {what}"),
        "run the same command again: layers that are already there are not pushed twice",
    )
}

/// The error for a repository that isn't there.
pub(super) fn no_repository(says: &str) -> Error {
    Error::user(
        "registry/not-found",
        format!("the registry has no such repository; {says}"),
        "check its name, and that it exists",
    )
}

/// The error for bytes that are not there as they were sent, time and again.
pub(super) fn arrived_otherwise(what: &str, says: &str) -> Error {
    Error::transient(
        "registry/arrived-otherwise",
        format!("what arrived at the registry is not the {what} that was sent: {says}"),
        "run the same command again; if that doesn't help, something on the way changes what passes through",
    )
    .because("nothing is released that isn't byte for byte what was built")
}

/// The error for an upload whose address can't be used.
pub(super) fn no_place() -> Error {
    Error::user(
        "registry/refused",
        "the registry doesn't say where the upload goes on, or not by an encrypted connection",
        "check that the address is a registry, and what stands in front of it",
    )
}

/// The error for a source that can't be read.
pub(super) fn unreadable(error: std::io::Error) -> Error {
    let what = error.to_string();
    match error.downcast::<Error>() {
        Ok(error) => error,
        Err(_) => Error::user(
            "registry/unreadable-source",
            format!("what is to be pushed can't be read: {what}"),
            "mend what it names, then run the same command again",
        ),
    }
}
