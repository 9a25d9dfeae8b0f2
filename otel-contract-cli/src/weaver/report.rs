//! What an import or export could not carry, and what its owner has to look at.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::registry::Place;

/// What became of everything that was read.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Attribute definitions in the registry itself.
    pub attributes: usize,
    /// Of these, those the contract has.
    pub carried: usize,
    /// Everything else there is to say.
    pub items: Vec<Item>,
}

/// Something that was not carried as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What became of it.
    pub outcome: Outcome,
    /// What: ``attribute `http.route` ``.
    pub subject: String,
    /// Why, in words that many subjects may share.
    pub reason: String,
    /// Where it stands; empty for a contract's own.
    pub place: String,
}

/// What became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Its owner has to decide: what was written is careful, not known.
    Review,
    /// It is not there.
    LeftOut,
    /// It is there, but for the part the reason names.
    Partly,
    /// It is there, in another form.
    Changed,
}

impl Outcome {
    /// The word for machines.
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

    /// The attributes that are not carried.
    #[must_use]
    pub fn attributes_left_out(&self) -> usize {
        self.attributes - self.carried
    }

    /// How many need their owner.
    #[must_use]
    pub fn to_review(&self) -> usize {
        self.of(Outcome::Review).count()
    }

    fn of(&self, outcome: Outcome) -> impl Iterator<Item = &Item> {
        self.items
            .iter()
            .filter(move |item| item.outcome == outcome)
    }

    /// For people: by what became of it, then by reason, with the first few of each.
    #[must_use]
    pub fn human(&self) -> String {
        let mut text = String::new();
        let headings = [
            (Outcome::Review, "to be decided by its owner"),
            (Outcome::LeftOut, "left out"),
            (Outcome::Partly, "carried but for a part"),
            (Outcome::Changed, "carried in another form"),
        ];
        for (outcome, heading) in headings {
            let mut reasons: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
            for item in self.of(outcome) {
                reasons.entry(&item.reason).or_default().push(item);
            }
            if reasons.is_empty() {
                continue;
            }
            let count = self.of(outcome).count();
            let _ = writeln!(text, "{heading}: {count}");
            for (reason, items) in reasons {
                let _ = writeln!(text, "  {reason}: {}", items.len());
                for item in items.iter().take(FEW) {
                    let _ = writeln!(text, "    {}", item.shown());
                }
                if items.len() > FEW {
                    let _ = writeln!(text, "    … and {} more", items.len() - FEW);
                }
            }
        }
        text
    }

    /// For machines: everything.
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
            "carried": self.carried,
            "items": items.collect::<Vec<_>>(),
        })
    }
}

/// How many of one reason are shown to people.
const FEW: usize = 3;

impl Item {
    fn shown(&self) -> String {
        if self.place.is_empty() {
            self.subject.clone()
        } else {
            format!("{} ({})", self.subject, self.place)
        }
    }
}
