//! Which attribute of which contract somebody meant.

use otel_contract_model::{Compiled, Location, Privacy, names, semconv};
use std::collections::HashMap;

/// The attributes of the contracts in sight.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    keys: HashMap<String, Known>,
    /// Names people reach for, and the key they mean.
    instead_of: HashMap<String, String>,
}

#[derive(Debug)]
struct Known {
    contract: String,
    at: Location,
    secret: bool,
}

/// What is said of a key.
#[derive(Debug)]
pub(super) struct Meant {
    pub(super) help: String,
    /// Where the attribute is declared.
    pub(super) declared: Option<Location>,
}

impl Vocabulary {
    /// Takes up a contract, as far as it is sound.
    pub(crate) fn add(&mut self, compiled: &Compiled) {
        let Some(contract) = &compiled.contract else {
            return;
        };
        for attribute in &contract.attributes {
            let known = Known {
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

    /// What to do about a key.
    pub(super) fn meant(&self, key: Option<&str>) -> Meant {
        let plain = |help: String| Meant {
            help,
            declared: None,
        };
        let Some(key) = key else {
            return plain(
                "let an operation of the contract record it; see `#[instrumented_operation]`"
                    .to_owned(),
            );
        };
        if key == "error.type" {
            return plain("remove it: every operation records how it ended".to_owned());
        }
        if let Some(meant) = self.known(key, |contract| {
            format!("it is an attribute of contract `{contract}`: let an operation record it")
        }) {
            return meant;
        }
        if let Some(owner) = self.instead_of.get(key)
            && let Some(meant) = self.known(owner, |contract| {
                format!("contract `{contract}` calls it `{owner}`: let an operation record it")
            })
        {
            return meant;
        }
        if semconv::find(key).is_some() {
            return plain(format!(
                "take it over with `semconv: [{key}]`, and let an operation record it"
            ));
        }
        let mut keys: Vec<&str> = self.keys.keys().map(String::as_str).collect();
        keys.sort_unstable();
        let near = names::nearest(key, keys).and_then(|near| {
            self.known(near, |contract| {
                format!("did you mean `{near}` of contract `{contract}`?")
            })
        });
        near.unwrap_or_else(|| {
            plain("declare it in a contract, and let an operation record it".to_owned())
        })
    }

    fn known(&self, key: &str, help: impl Fn(&str) -> String) -> Option<Meant> {
        let known = self.keys.get(key)?;
        let help = if known.secret {
            format!(
                "remove it: `{key}` is secret in contract `{}` and never recorded",
                known.contract
            )
        } else {
            help(&known.contract)
        };
        Some(Meant {
            help,
            declared: Some(known.at.clone()),
        })
    }
}
