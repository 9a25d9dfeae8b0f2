//! Suggests the contract attribute for a recorded key.

use otel_contract_model::{Compiled, Location, Privacy, names, semconv};
use std::collections::HashMap;

/// Attributes of the known contracts.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    keys: HashMap<String, KnownAttribute>,
    /// Replaced names and their current keys.
    instead_of: HashMap<String, String>,
}

#[derive(Debug)]
struct KnownAttribute {
    contract: String,
    at: Location,
    secret: bool,
}

/// Advice for a key.
#[derive(Debug)]
pub(super) struct Suggestion {
    pub(super) help: String,
    /// Declaration of the attribute.
    pub(super) declared: Option<Location>,
}

impl Vocabulary {
    /// Adds the attributes of a contract. A file that could not be read as a contract adds none.
    pub(crate) fn add(&mut self, compiled: &Compiled) {
        let Some(contract) = &compiled.contract else {
            return;
        };
        for attribute in &contract.attributes {
            let known = KnownAttribute {
                contract: contract.name.clone(),
                at: attribute.at.clone(),
                secret: attribute.privacy == Privacy::Secret,
            };
            self.keys.entry(attribute.key.clone()).or_insert(known);
            for name in &attribute.instead_of {
                let owner = self.instead_of.entry(name.clone());
                owner.or_insert_with(|| attribute.key.clone());
            }
        }
    }

    /// Returns the advice for a key.
    pub(super) fn suggest(&self, key: Option<&str>) -> Suggestion {
        let plain = |help: String| Suggestion {
            help,
            declared: None,
        };
        let Some(key) = key else {
            return plain(
                "record it with an operation of the contract; see `#[instrumented_operation]`"
                    .to_owned(),
            );
        };
        if key == "error.type" {
            return plain("remove it: every operation records its errors".to_owned());
        }
        if let Some(suggest) = self.suggest_known(key, |contract| {
            format!("record attribute `{key}` of contract `{contract}` with an operation")
        }) {
            return suggest;
        }
        if let Some(owner) = self.instead_of.get(key)
            && let Some(suggest) = self.suggest_known(owner, |contract| {
                format!("record it as `{owner}` of contract `{contract}` with an operation")
            })
        {
            return suggest;
        }
        if semconv::find(key).is_some() {
            return plain(format!(
                "import it with `semconv: [{key}]`, and record it with an operation"
            ));
        }
        let mut keys: Vec<&str> = self.keys.keys().map(String::as_str).collect();
        keys.sort_unstable();
        let near = names::nearest(key, keys).and_then(|near| {
            self.suggest_known(near, |contract| {
                format!("did you mean `{near}` of contract `{contract}`?")
            })
        });
        near.unwrap_or_else(|| {
            plain("declare it in a contract, and record it with an operation".to_owned())
        })
    }

    fn suggest_known(&self, key: &str, help: impl Fn(&str) -> String) -> Option<Suggestion> {
        let known = self.keys.get(key)?;
        let help = if known.secret {
            format!(
                "remove it: `{key}` is a secret of contract `{}`, and secrets are never recorded",
                known.contract
            )
        } else {
            help(&known.contract)
        };
        Some(Suggestion {
            help,
            declared: Some(known.at.clone()),
        })
    }
}
