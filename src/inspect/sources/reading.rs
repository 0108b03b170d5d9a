//! What an expression says of address and port, piece by piece.
//!
//! Takes pieces in the order in which they stand; gives [`Reading::address`] and [`Reading::port`]. What is not
//! understood leaves its side open, and an open side is never a value.

use super::{Address, Port};

/// The part an expression plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Host,
    Port,
}

/// The sides of which something was said that is not understood.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Open {
    host: bool,
    port: bool,
}

/// What was read, in pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) host: Option<Address>,
    pub(super) port: Option<Port>,
    /// The variable that gives the address.
    pub(super) host_variable: Option<String>,
    /// One variable gives address and port.
    pub(super) whole: bool,
    open: Open,
    /// This expression itself reads a variable: what else stands there is its default, or its treatment.
    pub(super) treated: bool,
    /// What the next parts of a text with places to fill stand for.
    pub(super) pending: Vec<Part>,
    pub(super) filled: usize,
}

impl Reading {
    /// The address, when the expression says one.
    pub(super) fn address(&self) -> Option<Address> {
        if self.open.host || self.host_variable.is_some() || self.whole {
            return Some(Address::Elsewhere);
        }
        self.host.clone()
    }

    /// The port, when the expression says one.
    pub(super) fn port(&self) -> Option<Port> {
        match &self.port {
            Some(Port::Variable(name)) => Some(Port::Variable(name.clone())),
            _ if self.open.port => Some(Port::Elsewhere),
            other => other.clone(),
        }
    }

    /// Takes over what another expression says.
    pub(super) fn join(&mut self, other: Reading) {
        self.open.host |= other.open.host;
        self.open.port |= other.open.port;
        self.whole |= other.whole;
        self.host_variable = self.host_variable.take().or(other.host_variable);
        if let Some(host) = other.host {
            self.see_host(host);
        }
        if let Some(port) = other.port {
            self.see_port(port);
        }
        if !other.pending.is_empty() {
            self.pending = other.pending;
            self.filled = 0;
        }
    }

    pub(super) fn see_host(&mut self, host: Address) {
        self.open.host |= self.host.as_ref().is_some_and(|it| *it != host);
        self.host.get_or_insert(host);
    }

    pub(super) fn see_port(&mut self, port: Port) {
        match (&self.port, &port) {
            (Some(Port::Variable(_)), _) => return,
            (Some(old), Port::Fixed(_)) if *old != port => self.open.port = true,
            _ => {}
        }
        self.port = Some(port);
    }

    /// Nothing stands before the colon: all addresses, or what was said before.
    pub(super) fn no_host(&mut self) {
        let said = self.host_variable.is_some() || self.open.host || self.whole;
        if !said {
            self.see_host(Address::All);
        } else if self.whole
            && let Some(Port::Variable(name)) = self.port.take()
        {
            self.host_variable = Some(name);
            self.whole = false;
        }
    }

    pub(super) fn variable(&mut self, name: &str, part: Part) {
        match part {
            Part::Host => self.host_variable = Some(name.to_owned()),
            Part::Port => self.see_port(Port::Variable(name.to_owned())),
            Part::Whole => {
                // `("0.0.0.0", port)`, or a variable that says by its name what it holds.
                let is_port = self.host.is_some() || name.ends_with("PORT");
                if is_port || self.port.is_some() {
                    self.see_port(Port::Variable(name.to_owned()));
                } else if name.ends_with("HOST") {
                    self.host_variable = Some(name.to_owned());
                } else {
                    self.whole = true;
                    self.see_port(Port::Variable(name.to_owned()));
                }
            }
        }
    }

    pub(super) fn unknown(&mut self, part: Part) {
        if self.treated && self.pending.is_empty() {
            return;
        }
        match part {
            Part::Host => self.open.host = true,
            Part::Port => self.open.port = true,
            Part::Whole => {
                self.open.host |= self.host.is_none();
                self.open.port |= !matches!(self.port, Some(Port::Variable(_)));
            }
        }
    }

    /// The part that the next word plays.
    pub(super) fn part(&self, part: Part) -> Part {
        let tuple = part == Part::Whole && self.host.is_some() && self.port.is_none();
        let otherwise = if tuple { Part::Port } else { part };
        self.pending.get(self.filled).copied().unwrap_or(otherwise)
    }
}
