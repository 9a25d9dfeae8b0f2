//! Classification rules: the class for each pattern of keys, with a reason.

use std::collections::BTreeMap;

/// Rules of `classes.txt`.
pub(super) struct Rules<'r> {
    keys: BTreeMap<&'r str, Class<'r>>,
    endings: BTreeMap<&'r str, Class<'r>>,
    namespaces: BTreeMap<&'r str, Class<'r>>,
}

/// Classes that a rule assigns.
#[derive(Clone, Copy)]
pub(super) struct Class<'r> {
    pub(super) cardinality: Option<&'r str>,
    pub(super) privacy: Option<&'r str>,
}

impl<'r> Rules<'r> {
    pub(super) fn read(text: &'r str) -> Result<Rules<'r>, String> {
        let mut rules = Rules {
            keys: BTreeMap::new(),
            endings: BTreeMap::new(),
            namespaces: BTreeMap::new(),
        };
        let mut section = "";
        for (index, line) in text.lines().enumerate() {
            let error = |what: &str| Err(format!("classes.txt:{}: {what}: {line}", index + 1));
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.starts_with('[') {
                section = line;
                continue;
            }
            let Some((rule, why)) = line.split_once('#') else {
                return error("missing reason after `#`");
            };
            let columns: Vec<&str> = rule.split_whitespace().collect();
            let [pattern, cardinality, privacy] = columns[..] else {
                return error("expected three columns");
            };
            if why.trim().is_empty() {
                return error("missing reason after `#`");
            }
            if !is_cardinality(cardinality) {
                return error("unknown cardinality");
            }
            if !PRIVACY.contains(&privacy) {
                return error("unknown privacy class");
            }
            let value = |word: &'r str| (word != "-").then_some(word);
            let class = Class {
                cardinality: value(cardinality),
                privacy: value(privacy),
            };
            let section = match section {
                "[keys]" => &mut rules.keys,
                "[endings]" => &mut rules.endings,
                "[namespaces]" => &mut rules.namespaces,
                _ => return error("not below `[keys]`, `[endings]` or `[namespaces]`"),
            };
            if section.insert(pattern, class).is_some() {
                return error("duplicate pattern");
            }
        }
        Ok(rules)
    }

    /// Returns the rule of one attribute.
    pub(super) fn key(&self, key: &str) -> Option<&Class<'r>> {
        self.keys.get(key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'r str> {
        self.keys.keys().copied()
    }

    /// Returns the class in a column, from the rule with the longest matching ending that assigns one.
    pub(super) fn ending(
        &self,
        key: &str,
        column: impl Fn(&Class<'r>) -> Option<&'r str>,
    ) -> Option<&'r str> {
        let fitting = self
            .endings
            .iter()
            .filter(|(ending, _)| key.ends_with(**ending));
        longest(fitting, column)
    }

    /// Returns the class in a column, from the rule with the longest matching namespace that assigns one.
    pub(super) fn namespace(
        &self,
        key: &str,
        column: impl Fn(&Class<'r>) -> Option<&'r str>,
    ) -> Option<&'r str> {
        let fits = |namespace: &str| {
            let rest = key.strip_prefix(namespace);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let fitting = self
            .namespaces
            .iter()
            .filter(|(namespace, _)| fits(namespace));
        longest(fitting, column)
    }
}

fn longest<'m, 'r: 'm>(
    fitting: impl Iterator<Item = (&'m &'r str, &'m Class<'r>)>,
    column: impl Fn(&Class<'r>) -> Option<&'r str>,
) -> Option<&'r str> {
    let with_value = fitting.filter_map(|(pattern, class)| Some((pattern.len(), column(class)?)));
    with_value
        .max_by_key(|(length, _)| *length)
        .map(|(_, value)| value)
}

const PRIVACY: [&str; 6] = [
    "-",
    "public",
    "internal",
    "personal:hash",
    "personal:mask",
    "secret",
];

fn is_cardinality(word: &str) -> bool {
    let number = |text: &str| text.parse::<i64>().is_ok();
    match word.split_once(':') {
        Some(("bounded", limit)) => limit.parse::<u32>().is_ok_and(|limit| limit > 0),
        Some(("range", range)) => range
            .split_once("..")
            .is_some_and(|(min, max)| number(min) && number(max)),
        Some(_) => false,
        None => word == "-" || word == "unbounded",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_rules_are_valid() {
        assert!(Rules::read(super::super::CLASSES).is_ok());
    }

    #[test]
    fn rules_without_a_reason_or_with_unknown_classes_are_rejected() {
        for (rules, why) in [
            ("[keys]\na.b unbounded internal", "missing reason"),
            ("[keys]\na.b unbounded internal #", "missing reason"),
            ("[keys]\na.b unbounded # because", "three columns"),
            ("[keys]\na.b many internal # because", "cardinality"),
            ("[keys]\na.b bounded:0 internal # because", "cardinality"),
            ("[keys]\na.b unbounded personal # because", "privacy"),
            ("a.b unbounded internal # because", "not below `[keys]`"),
            ("[keys]\na - secret # x\na - secret # y", "duplicate"),
        ] {
            let error = Rules::read(rules).err().unwrap_or_default();
            assert!(error.contains(why), "{rules:?}: {error}");
        }
    }

    #[test]
    fn the_longest_pattern_with_a_value_decides() {
        let rules = Rules::read(
            "[endings]\n.id unbounded - # x\n.zone.id bounded:5 - # x\n\
             [namespaces]\na bounded:9 internal # x\na.b - public # x",
        );
        let rules = rules.expect("valid rules");
        assert_eq!(
            rules.ending("a.zone.id", |rule| rule.cardinality),
            Some("bounded:5")
        );
        assert_eq!(rules.ending("a.zone.id", |rule| rule.privacy), None);
        assert_eq!(
            rules.namespace("a.b.c", |rule| rule.privacy),
            Some("public")
        );
        assert_eq!(
            rules.namespace("a.b.c", |rule| rule.cardinality),
            Some("bounded:9")
        );
        assert_eq!(rules.namespace("ab.c", |rule| rule.privacy), None);
    }
}
