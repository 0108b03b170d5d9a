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

/// A default: its address, and its text where that stands in one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) address: Address,
    pub(super) text: Option<String>,
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
    /// The flag that gives the address.
    host_flag: Option<String>,
    /// The flag that gives the port.
    port_flag: Option<String>,
    /// The flag in `host_flag` gives address and port.
    whole_flag: bool,
    /// The default of `host_flag`, or of the variable that it stands beside.
    default: Option<Said>,
    /// The default of `port_flag`.
    port_default: Option<String>,
    /// The text in which the address stood.
    said: Option<String>,
    /// The text in which the port stood.
    port_said: Option<String>,
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
        let given = self.host_variable.is_some() || self.whole || self.host_flag.is_some();
        if self.open.host || given {
            return Some(Address::Elsewhere);
        }
        self.host.clone()
    }

    /// The port, when the expression says one.
    pub(super) fn port(&self) -> Option<Port> {
        match &self.port {
            Some(Port::Variable(name)) => Some(Port::Variable(name.clone())),
            _ if self.open.port || self.whole_flag || self.port_flag.is_some() => {
                Some(Port::Elsewhere)
            }
            other => other.clone(),
        }
    }

    /// Takes over what another expression says.
    pub(super) fn join(&mut self, other: Reading) {
        self.open.host |= other.open.host;
        self.open.port |= other.open.port;
        self.whole |= other.whole;
        self.host_variable = self.host_variable.take().or(other.host_variable);
        if self.host_flag.is_none() {
            self.host_flag = other.host_flag;
            self.whole_flag = other.whole_flag;
        }
        self.port_flag = self.port_flag.take().or(other.port_flag);
        self.default = self.default.take().or(other.default);
        self.port_default = self.port_default.take().or(other.port_default);
        self.said = self.said.take().or(other.said);
        self.port_said = self.port_said.take().or(other.port_said);
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
        let given = self.host_variable.is_some() || self.host_flag.is_some();
        // `*host + ":8080"`: the flag gave the address only.
        self.whole_flag = false;
        if !given && !self.open.host && !self.whole {
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

    /// Whether address and port are said.
    pub(super) fn known(&self) -> (bool, bool) {
        let port = matches!(self.port, Some(Port::Fixed(_)));
        (self.host.is_some(), port)
    }

    /// Keeps the piece of text that said what was not known `before`; one with places to fill is none.
    pub(super) fn note(&mut self, text: &str, before: (bool, bool)) {
        let now = self.known();
        if text.contains(['{', '%']) {
            return;
        }
        if now.0 && !before.0 {
            self.said = Some(text.to_owned());
        }
        if now.1 && !before.1 {
            self.port_said = Some(text.to_owned());
        }
    }

    /// A flag gives this part; without it, `default` does. No name: a variable gives it, and this is its default.
    pub(super) fn flag(&mut self, name: Option<&str>, part: Part, default: Reading) {
        let both = default.host.is_some() && default.port.is_some();
        let ends = |end: &str| name.is_some_and(|it| it.ends_with(end));
        let part = match part {
            Part::Whole if both => Part::Whole,
            Part::Whole if ends("port") || self.host.is_some() => Part::Port,
            Part::Whole if ends("host") || ends("ip") => Part::Host,
            part => part,
        };
        let mut default = default;
        if part == Part::Port {
            self.port_flag = self.port_flag.take().or(name.map(str::to_owned));
            // `(args.bind, args.port)`: the first is no place by itself.
            self.whole_flag = false;
            self.port_default = self.port_default.take().or(default.port_said);
        } else {
            if self.host_flag.is_none() && name.is_some() {
                self.host_flag = name.map(str::to_owned);
                self.whole_flag = part == Part::Whole && self.port_flag.is_none();
            }
            let text = default.said.take();
            let text = text.filter(|it| part != Part::Whole || !both || it.contains(':'));
            let address = default.host.take().filter(|_| !default.open.host);
            let said = address.map(|address| Said { address, text });
            self.default = self.default.take().or(said);
        }
        // The default is a variable: what it holds is what counts without the flag.
        self.host_variable = self.host_variable.take().or(default.host_variable);
        if let Some(Port::Variable(variable)) = default.port {
            self.whole |= default.whole;
            self.see_port(Port::Variable(variable));
        }
        self.treated = true;
    }

    /// Whether a flag gives something.
    pub(super) fn is_flagged(&self) -> bool {
        self.host_flag.is_some() || self.port_flag.is_some()
    }

    /// The flag for the address, whether it gives both, and that for the port. A port that a variable gives says
    /// how the two are written: a flag that wants it otherwise is not told.
    pub(super) fn flags(&self) -> (Option<String>, bool, Option<String>) {
        let by_variable = matches!(self.port, Some(Port::Variable(_)));
        if by_variable && self.whole_flag != self.whole {
            let host = self
                .host_flag
                .clone()
                .filter(|_| !self.whole_flag && !self.whole);
            return (host, self.whole, self.port_flag.clone());
        }
        let whole = self.whole || self.whole_flag;
        (self.host_flag.clone(), whole, self.port_flag.clone())
    }

    /// What the address is when nothing gives it, and the port's text.
    pub(super) fn defaults(&self) -> (Option<Said>, Option<String>) {
        let given = self.host_variable.is_some() || self.whole || self.host_flag.is_some();
        let beside = self.host.clone().filter(|_| given && !self.open.host);
        let text = self.said.clone();
        let beside = beside.map(|address| Said { address, text });
        let port = self.port_said.clone();
        let port = port.filter(|_| self.port_flag.is_some() && !self.open.port);
        let port = self.port_default.clone().or(port);
        (self.default.clone().or(beside), port)
    }
}
