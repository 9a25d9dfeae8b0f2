//! Converts the values of an enum.

use std::collections::{HashMap, HashSet};

use otel_contract_model::{NodeValue, names};

use super::Writer;
use super::annotation::{Annotation, yaml};
use super::rust_names::snake;
use crate::weaver::registry::{Attribute, Member};
use crate::weaver::report::Outcome;
use crate::weaver::yaml::{Map, Yaml};

/// The value that is recorded for every value that an open set does not list.
const OTHER: &str = "_OTHER";

/// Type of the values of an enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    Strings,
    Ints,
    /// `true` and `false`. Contracts do not list them.
    Booleans,
    /// Floating-point numbers, possibly mixed with integers. Contracts cannot list them.
    Doubles,
    /// An integer beyond 64 bits.
    Beyond,
    /// Several types.
    Mixed,
}

pub(super) fn value_kind(members: &[Member<'_>]) -> ValueKind {
    let all = |fits: fn(&NodeValue) -> bool| members.iter().all(|member| fits(&member.value.value));
    if all(|value| matches!(value, NodeValue::Text(_))) {
        ValueKind::Strings
    } else if all(|value| matches!(value, NodeValue::Int(_))) {
        ValueKind::Ints
    } else if all(|value| matches!(value, NodeValue::Bool(_))) {
        ValueKind::Booleans
    } else if members
        .iter()
        .any(|member| member.value.is_beyond_integers())
    {
        ValueKind::Beyond
    } else if all(|value| matches!(value, NodeValue::Float(_) | NodeValue::Int(_))) {
        ValueKind::Doubles
    } else {
        ValueKind::Mixed
    }
}

impl<'a> Writer<'_, 'a> {
    /// Writes the distinct values in the shortest sufficient form.
    pub(super) fn values(
        &mut self,
        attribute: &Attribute<'a>,
        members: &'a [Member<'a>],
        other: bool,
    ) -> (Yaml, usize) {
        let kept = self.distinct(attribute, members, other);
        let names = variants(&kept, other);
        let is_plain = |(member, name): &(&&Member<'_>, &Option<String>)| {
            name.is_none() && member.common.deprecated.is_none()
        };
        let pairs = || kept.iter().zip(&names);
        let plain = pairs().all(|pair| is_plain(&pair));
        let strings = value_kind(members) == ValueKind::Strings;
        let count = kept.len();
        if plain && kept.iter().all(|member| member.common.brief.is_none()) {
            let values = kept.iter().map(|member| yaml(member.value));
            return (Yaml::List(values.collect()), count);
        }
        if plain && strings && kept.iter().all(|member| member.common.brief.is_some()) {
            let mut map = Map::new();
            for member in &kept {
                let brief = self.text(member.common.brief.unwrap_or_default());
                map.put(member.value.text().unwrap_or_default(), brief);
            }
            return (map.into(), count);
        }
        let values: Vec<&'a str> = kept.iter().filter_map(|value| value.value.text()).collect();
        let long = pairs().map(|(member, name)| {
            let mut map = Map::new();
            map.put("value", yaml(member.value));
            let brief = member.common.brief;
            map.put_some("brief", brief.map(|brief| self.text(brief)));
            let own = member.value.text();
            let known = |name: &str| values.contains(&name) && own != Some(name);
            let deprecated = self.deprecated(&member.common, known);
            map.put_some("deprecated", deprecated);
            map.put_some("rust_name", name.clone());
            if map.len() == 1 {
                yaml(member.value)
            } else {
                Yaml::Map(map)
            }
        });
        (Yaml::List(long.collect()), count)
    }

    fn distinct(
        &mut self,
        attribute: &Attribute<'a>,
        members: &'a [Member<'a>],
        other: bool,
    ) -> Vec<&'a Member<'a>> {
        let mut seen = HashSet::new();
        let mut kept: Vec<&Member<'a>> = Vec::new();
        for member in members {
            let value = match &member.value.value {
                NodeValue::Text(text) => text.clone(),
                NodeValue::Int(number) => number.to_string(),
                _ => continue,
            };
            let subject = format!("value `{value}` of `{}`", attribute.key);
            let place = Some(member.at.place());
            if other && value == OTHER {
                // `other: true` represents this value.
                continue;
            }
            if !seen.insert(value) {
                self.report.add(
                    Outcome::LeftOut,
                    subject,
                    place,
                    "the value is listed twice",
                );
                continue;
            }
            if member.common.note.is_some() {
                let reason = "a value of a contract has no note";
                self.report
                    .add(Outcome::Partly, subject.clone(), place.clone(), reason);
            }
            if member.common.stability != attribute.common.stability && !self.is_exported {
                let reason = "a value of a contract has no stability";
                self.report.add(Outcome::Partly, subject, place, reason);
            }
            kept.push(member);
        }
        kept
    }
}

/// Returns the `rust_name` of each value that needs a `rust_name`. Current values get the default names first.
fn variants(members: &[&Member<'_>], other: bool) -> Vec<Option<String>> {
    let mut taken: HashSet<String> = HashSet::new();
    if other {
        taken.insert("Other".to_owned());
    }
    let mut chosen: HashMap<usize, String> = HashMap::new();
    for (index, member) in members.iter().enumerate() {
        if let Some(written) = Annotation(member.common.annotation).text("rust_name") {
            if let Some(rust) = names::parse_rust_name(written) {
                taken.insert(rust.camel);
            }
            chosen.insert(index, written.to_owned());
        }
    }
    let is_old = |index: &usize| members[*index].common.deprecated.is_some();
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(is_old);
    let mut result = vec![None; members.len()];
    for index in order {
        if let Some(written) = chosen.remove(&index) {
            result[index] = Some(written);
            continue;
        }
        let member = members[index];
        let text = match &member.value.value {
            NodeValue::Int(number) => number.to_string(),
            _ => member.value.text().unwrap_or_default().to_owned(),
        };
        let obvious = names::variant(&text);
        if let Some(obvious) = obvious.filter(|name| !taken.contains(name)) {
            taken.insert(obvious);
            continue;
        }
        let stem = names::rust_name(member.id).map(|name| name.camel);
        let stem = stem.unwrap_or_else(|| "Value".to_owned());
        let numbered = (2..).map(|number| format!("{stem}{number}"));
        let mut candidates = std::iter::once(stem.clone()).chain(numbered);
        let free = candidates.find(|name| !taken.contains(name));
        let free = free.unwrap_or(stem);
        result[index] = Some(snake(&free));
        taken.insert(free);
    }
    result
}
