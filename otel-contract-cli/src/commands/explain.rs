//! `explain`: prints the page of a code or lint.

use super::CommandResult;
use crate::ExitStatus;
use crate::{explain, output};
use otel_contract_model::names;

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// A code or lint, such as `OC0107` or `near_duplicate`
    #[arg(value_name = "CODE|LINT")]
    id: String,
}

impl Explain {
    /// Prints the page.
    pub(crate) fn run(&self) -> CommandResult {
        // Users paste ids in different forms: `oc0107`, `error[OC0107]`.
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
            return Ok(ExitStatus::Clean);
        }
        let nearest = names::nearest(id, explain::ids());
        let help = nearest.map_or_else(
            || {
                "`cargo otel-contract lint --list` shows the lints; codes are shown in error messages"
                    .to_owned()
            },
            |nearest| format!("did you mean `{nearest}`?"),
        );
        Err(format!("unknown code or lint `{id}`\nhelp: {help}").into())
    }
}
