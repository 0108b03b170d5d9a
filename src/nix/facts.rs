//! Facts on values, read from what `facts.nix` and `classic.nix` give.

use std::collections::BTreeMap;

use serde_json::Value;

/// What Nix knows of one value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of nixpkgs, each for itself"
)]
pub struct Facts {
    /// Whether it is a derivation.
    pub derivation: bool,
    /// Whether looking at it failed.
    pub failed: bool,
    /// `name`, with the version.
    pub name: Option<String>,
    /// `pname`.
    pub pname: Option<String>,
    /// `meta.mainProgram`.
    pub program: Option<String>,
    /// Whether it has `inputDerivation`.
    pub inputs: bool,
    /// `meta.broken`: nixpkgs refuses to build it.
    pub broken: bool,
    /// `meta.unsupported`: not for this system.
    pub unsupported: bool,
    /// `meta.insecure`, or it names known vulnerabilities.
    pub insecure: bool,
    /// `meta.unfree`, or its licence says so.
    pub unfree: bool,
    /// Whether it is a shell to develop in, as `mkShell` makes it.
    pub shell: bool,
    /// The container image that it builds.
    pub image: Option<ImageFacts>,
    /// What is in it, where it is a set with `recurseForDerivations`. Only of a default.nix.
    pub children: BTreeMap<String, Facts>,
}

/// What nixpkgs' `dockerTools` tell of an image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageFacts {
    /// Its `Cmd`, or else its `Entrypoint`; empty where the builder doesn't tell.
    pub command: Vec<String>,
}

/// What Nix says of a default.nix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClassicFacts {
    /// A derivation.
    Derivation(Facts),
    /// A set, with facts on each attribute.
    Set(BTreeMap<String, Facts>),
    /// It fails, or lacks arguments, on a machine that has no `<nixpkgs>`.
    NoNixpkgs,
    /// A set too large to look at each attribute.
    Many,
    /// A function with required arguments, and `<nixpkgs>` does not have all of them.
    Function(Vec<String>),
    /// A function with required arguments that `<nixpkgs>` has: `callPackage` calls it.
    CallPackage {
        /// Names of the required arguments, sorted.
        required: Vec<String>,
        /// What it then gives.
        gives: Box<ClassicFacts>,
    },
    /// The asked attribute isn't there.
    Absent,
    /// A value of another type, such as `lambda` or `string`.
    Other(String),
}

/// Facts from the set that `facts.nix` gives.
pub(super) fn facts(value: &Value) -> Option<Facts> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let is = |key: &str| value.get(key).and_then(Value::as_bool).unwrap_or(false);
    let children = match value.get("children") {
        Some(children) => facts_by_name(children)?,
        None => BTreeMap::new(),
    };
    value.is_object().then(|| Facts {
        derivation: is("derivation"),
        failed: is("failed"),
        name: text("name"),
        pname: text("pname"),
        program: text("program"),
        inputs: is("inputs"),
        broken: is("broken"),
        unsupported: is("unsupported"),
        insecure: is("insecure"),
        unfree: is("unfree"),
        shell: is("shell"),
        image: is("image").then(|| ImageFacts {
            command: texts(value, "imageCommand"),
        }),
        children,
    })
}

fn texts(value: &Value, key: &str) -> Vec<String> {
    let list = value.get(key).and_then(Value::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

/// Facts by attribute.
pub(super) fn facts_by_name(value: &Value) -> Option<BTreeMap<String, Facts>> {
    let attributes = value.as_object()?.iter();
    attributes
        .map(|(name, value)| Some((name.clone(), facts(value)?)))
        .collect()
}

/// The set that `classic.nix` gives.
pub(super) fn classic(value: &Value) -> Option<ClassicFacts> {
    let facts = shape(value)?;
    let fails = match &facts {
        ClassicFacts::Function(_) => true,
        ClassicFacts::Derivation(facts) => facts.failed,
        ClassicFacts::Set(facts) => facts.values().any(|facts| facts.failed),
        _ => false,
    };
    let nixpkgs = value.get("nixpkgs").and_then(Value::as_bool);
    Some(match (fails, nixpkgs) {
        (true, Some(false)) => ClassicFacts::NoNixpkgs,
        _ => facts,
    })
}

fn shape(value: &Value) -> Option<ClassicFacts> {
    let required = || Some(texts(value, "required"));
    Some(match value.get("is").and_then(Value::as_str)? {
        "derivation" => ClassicFacts::Derivation(facts(value.get("facts")?)?),
        "set" => ClassicFacts::Set(facts_by_name(value.get("attributes")?)?),
        "many" => ClassicFacts::Many,
        "absent" => ClassicFacts::Absent,
        "function" => ClassicFacts::Function(required()?),
        "callPackage" => ClassicFacts::CallPackage {
            required: required()?,
            gives: Box::new(shape(value.get("about")?)?),
        },
        other => ClassicFacts::Other(other.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_default_nix_is_read_through_call_package_and_nested_sets() {
        let value = serde_json::json!({"is": "callPackage", "required": ["lib", "stdenv"], "about": {
            "is": "set", "attributes": {
                "web": {"derivation": true, "name": "web-1", "unfree": true, "program": null},
                "more": {"derivation": false, "children": {"worker": {"derivation": true}}},
                "bad": {"derivation": false, "failed": true},
            },
        }});
        let Some(ClassicFacts::CallPackage { required, gives }) = classic(&value) else {
            panic!("called")
        };
        assert_eq!(required, ["lib", "stdenv"]);
        let ClassicFacts::Set(found) = *gives else {
            panic!("a set")
        };
        assert!(found["web"].unfree && found["web"].program.is_none());
        assert!(found["more"].children["worker"].derivation && found["bad"].failed);
    }

    proptest! {
        #[test]
        fn no_json_makes_it_panic(text in "[{}\\[\\]\":,a-z0-9]{0,60}", key in "is|about|attributes|program") {
            if let Ok(value) = serde_json::from_str::<Value>(&text) {
                let value = serde_json::json!({key: value});
                classic(&value);
                facts_by_name(&value);
            }
        }
    }
}
