//! `explain`: the page of a code or lint.

use super::Outcome;
use crate::Ending;
use crate::{explain, output};
use otel_contract_model::names;

/// The arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// A code or a lint, as a message shows it: `OC0107`, `near_duplicate`
    #[arg(value_name = "CODE|LINT")]
    id: String,
}

impl Explain {
    /// Prints the page.
    pub(crate) fn run(&self) -> Outcome {
        // Both `oc0107` and `error[OC0107]` are what people have at hand.
        let id = self.id.trim();
        let id = id
            .split_once('[')
            .map_or(id, |(_, id)| id.trim_end_matches(']'));
        let known = [
            id.to_owned(),
            id.to_uppercase(),
            id.to_lowercase().replace('-', "_"),
        ];
        if let Some(page) = known.iter().find_map(|id| explain::page(id)) {
            output::print(&page.text)?;
            return Ok(Ending::Clean);
        }
        let nearest = names::nearest(id, explain::ids());
        let help = nearest.map_or_else(
            || {
                "`cargo otel-contract lint --list` shows the lints; codes are in the messages"
                    .to_owned()
            },
            |nearest| format!("did you mean `{nearest}`?"),
        );
        Err(format!("there is no code or lint `{id}`\nhelp: {help}").into())
    }
}
