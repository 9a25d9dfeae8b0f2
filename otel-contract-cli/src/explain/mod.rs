//! The pages of `explain`: what every code and lint means, why, and how it looks right and wrong.

mod pages;

use crate::finding::Level;
use crate::lint::RULES;
use otel_contract_model::{Code, codes};
use std::fmt::Write as _;

/// One page.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// `OC0107`, `near_duplicate`.
    pub(crate) id: &'static str,
    /// What it finds, in one line.
    pub(crate) title: String,
    /// How grave it is where nothing else is said.
    pub(crate) level: Level,
    why: Option<&'static str>,
    bad: Option<&'static str>,
    good: Option<&'static str>,
    fix: String,
}

impl Page {
    /// The page as Markdown, which reads well as it is.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("# {}: {}\n", self.id, self.title);
        if let Some(why) = self.why {
            let _ = write!(text, "\n{}\n", why.trim_end());
        }
        let _ = write!(text, "\n{}\n", self.fix);
        for (title, example) in [("Wrong", self.bad), ("Right", self.good)] {
            if let Some(example) = example {
                let _ = write!(
                    text,
                    "\n## {title}\n\n```yaml\n{}\n```\n",
                    example.trim_end()
                );
            }
        }
        text
    }
}

/// The page of a code or lint, if there is one.
pub(crate) fn page(id: &str) -> Option<Page> {
    let code = codes::ALL.iter().find(|code| code.id == id);
    code.map(|code| of_code(code)).or_else(|| of_lint(id))
}

/// Every id that has a page.
pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    let codes = codes::ALL.iter().map(|code| code.id);
    codes.chain(RULES.iter().map(|rule| rule.name))
}

fn of_lint(name: &str) -> Option<Page> {
    let rule = RULES.iter().find(|rule| rule.name == name)?;
    let default = match rule.level {
        Level::Allow => "not looked for",
        Level::Warn => "a warning",
        Level::Deny => "an error",
    };
    Some(Page {
        id: rule.name,
        title: rule.summary.to_owned(),
        level: rule.level,
        why: Some(rule.why),
        bad: Some(rule.bad),
        good: Some(rule.good),
        fix: format!("{}\n\nBy default {default}.", rule.fix),
    })
}

fn of_code(code: &Code) -> Page {
    Page {
        id: code.id,
        title: String::new(),
        level: Level::Deny,
        why: None,
        bad: None,
        good: None,
        fix: String::new(),
    }
}
