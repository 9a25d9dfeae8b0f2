//! Report of entries that an import or export changed or omitted, or that need a decision.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::registry::Place;

/// Result of an import or export.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Number of attributes to convert: in an import the attributes that the registry itself defines, in an export the
    /// attributes of the contract.
    pub attributes: usize,
    /// Number of these attributes that were converted.
    pub converted: usize,
    /// Changes, omissions and open decisions.
    pub items: Vec<Item>,
}

/// One reported entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Result of the conversion.
    pub outcome: Outcome,
    /// Description of the entry: ``attribute `http.route` ``.
    pub subject: String,
    /// Reason for the outcome. Entries with the same text are grouped in the report.
    pub reason: String,
    /// Location; empty for entries of a contract.
    pub place: String,
}

/// Result of converting an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Needs a decision by its owner: converted with a safe default, or exported in a form that Weaver rejects.
    Review,
    /// Omitted.
    LeftOut,
    /// Converted except for the part that the reason names.
    Partly,
    /// Converted in a different form.
    Changed,
}

impl Outcome {
    /// Returns the keyword for JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Review => "review",
            Outcome::LeftOut => "left_out",
            Outcome::Partly => "partly",
            Outcome::Changed => "changed",
        }
    }
}

impl Report {
    pub(crate) fn add(
        &mut self,
        outcome: Outcome,
        subject: impl Into<String>,
        place: Option<Place>,
        reason: impl Into<String>,
    ) {
        self.items.push(Item {
            outcome,
            subject: subject.into(),
            reason: reason.into(),
            place: place.map(|place| place.to_string()).unwrap_or_default(),
        });
    }

    /// Returns the number of omitted attributes.
    #[must_use]
    pub fn attributes_left_out(&self) -> usize {
        self.attributes - self.converted
    }

    /// Returns the number of entries that need a decision.
    #[must_use]
    pub fn to_review(&self) -> usize {
        self.with_outcome(Outcome::Review).count()
    }

    fn with_outcome(&self, outcome: Outcome) -> impl Iterator<Item = &Item> {
        self.items
            .iter()
            .filter(move |item| item.outcome == outcome)
    }

    /// Formats the report for the terminal: by outcome and reason, with the first few entries of each.
    #[must_use]
    pub fn human(&self) -> String {
        let mut text = String::new();
        let headings = [
            (Outcome::Review, "waiting for a decision"),
            (Outcome::LeftOut, "left out"),
            (Outcome::Partly, "converted without these parts"),
            (Outcome::Changed, "converted in a different form"),
        ];
        for (outcome, heading) in headings {
            let mut reasons: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
            for item in self.with_outcome(outcome) {
                reasons.entry(&item.reason).or_default().push(item);
            }
            if reasons.is_empty() {
                continue;
            }
            let count = self.with_outcome(outcome).count();
            let _ = writeln!(text, "{heading}: {count}");
            for (reason, items) in reasons {
                let _ = writeln!(text, "  {reason}: {}", items.len());
                for item in items.iter().take(MAX_SHOWN) {
                    let _ = writeln!(text, "    {}", item.shown());
                }
                if items.len() > MAX_SHOWN {
                    let _ = writeln!(text, "    … and {} more", items.len() - MAX_SHOWN);
                }
            }
        }
        text
    }

    /// Returns the complete report as JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        let items = self.items.iter().map(|item| {
            serde_json::json!({
                "outcome": item.outcome.word(),
                "subject": item.subject,
                "reason": item.reason,
                "place": item.place,
            })
        });
        serde_json::json!({
            "attributes": self.attributes,
            "carried": self.converted,
            "items": items.collect::<Vec<_>>(),
        })
    }
}

/// Maximum number of entries shown per reason.
const MAX_SHOWN: usize = 3;

impl Item {
    fn shown(&self) -> String {
        if self.place.is_empty() {
            self.subject.clone()
        } else {
            format!("{} ({})", self.subject, self.place)
        }
    }
}
