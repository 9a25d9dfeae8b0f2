//! Which lints are looked for, how grave they are, and which day it is.

use super::Rule;
use crate::discover;
use crate::finding::Level;
use clap::builder::PossibleValuesParser;
use otel_contract_model::{LINTS, names};
use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// What decides about lints.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) levels: Levels,
    pub(crate) today: Day,
}

/// The levels of lints on the command line. A lint named in several is as grave as the gravest says;
/// what none of them names is as `[workspace.metadata.otel-contract.lints]` in `Cargo.toml` says.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct LevelArgs {
    /// Make findings of a lint errors; `warnings` stands for all that would be warnings
    #[arg(short = 'D', long, value_name = "LINT", value_parser = lints(), hide_possible_values = true, value_delimiter = ',')]
    deny: Vec<String>,
    /// Make findings of a lint warnings
    #[arg(short = 'W', long, value_name = "LINT", value_parser = lints(), hide_possible_values = true, value_delimiter = ',')]
    warn: Vec<String>,
    /// Do not look for a lint; `warnings` stands for all that would be warnings
    #[arg(short = 'A', long, value_name = "LINT", value_parser = lints(), hide_possible_values = true, value_delimiter = ',')]
    allow: Vec<String>,
}

/// Every lint that would be a warning.
const WARNINGS: &str = "warnings";

fn lints() -> PossibleValuesParser {
    PossibleValuesParser::new(LINTS.iter().copied().chain([WARNINGS]))
}

impl LevelArgs {
    /// What they come to.
    pub(crate) fn levels(&self) -> Result<Levels, String> {
        let lists = [&self.deny, &self.allow];
        if lists
            .iter()
            .all(|list| list.iter().any(|it| it == WARNINGS))
        {
            return Err("`warnings` cannot be denied and allowed at once".to_owned());
        }
        Ok(Levels {
            args: self.clone(),
            workspace: workspace()?,
        })
    }
}

/// How grave each lint is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels {
    args: LevelArgs,
    /// What the workspace says for good.
    workspace: BTreeMap<String, Level>,
}

/// The levels that the workspace's `Cargo.toml` gives.
fn workspace() -> Result<BTreeMap<String, Level>, String> {
    let here = std::env::current_dir().unwrap_or_default();
    let manifest = discover::manifest(&discover::workspace(&here));
    let lints = manifest.as_ref().and_then(discover::metadata);
    let Some(lints) = lints.and_then(|it| it.get("lints")) else {
        return Ok(BTreeMap::new());
    };
    let place = "`[workspace.metadata.otel-contract.lints]` in `Cargo.toml`";
    let Some(lints) = lints.as_table_like() else {
        return Err(format!("{place} is no table"));
    };
    let level = |(name, level): (&str, &toml_edit::Item)| {
        let known = LINTS.contains(&name);
        let level = match level.as_str() {
            Some("allow") => Level::Allow,
            Some("warn") => Level::Warn,
            Some("deny") => Level::Deny,
            _ if known => {
                return Err(format!(
                    "{place}: `{name}` is \"allow\", \"warn\" or \"deny\""
                ));
            }
            _ => Level::Allow,
        };
        if !known {
            let help = names::nearest(name, LINTS.iter().copied()).map_or_else(
                || "`cargo otel-contract lint --list` shows those there are".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(format!("{place}: unknown lint `{name}`\nhelp: {help}"));
        }
        Ok((name.to_owned(), level))
    };
    lints.iter().map(level).collect()
}

impl Levels {
    /// The level of a lint.
    pub(crate) fn of(&self, rule: &Rule) -> Level {
        let args = &self.args;
        let names = |list: &[String], name: &str| list.iter().any(|it| it == name);
        let level = if names(&args.deny, rule.name) {
            Level::Deny
        } else if names(&args.warn, rule.name) {
            Level::Warn
        } else if names(&args.allow, rule.name) {
            Level::Allow
        } else {
            let workspace = self.workspace.get(rule.name);
            workspace.copied().unwrap_or(rule.level)
        };
        match level {
            Level::Warn if names(&args.deny, WARNINGS) => Level::Deny,
            Level::Warn if names(&args.allow, WARNINGS) => Level::Allow,
            level => level,
        }
    }

    /// Every lint as an error.
    #[cfg(test)]
    pub(crate) fn all_reported() -> Levels {
        Levels {
            args: LevelArgs {
                deny: LINTS.iter().map(|it| (*it).to_owned()).collect(),
                ..LevelArgs::default()
            },
            ..Levels::default()
        }
    }
}

/// A day, `YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(String);

impl Day {
    /// Today, in UTC.
    pub(crate) fn today() -> Day {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Day::after(since.map_or(0, |since| since.as_secs() / 86_400))
    }

    /// The day so many days after 1970-01-01.
    fn after(days: u64) -> Day {
        // Years are counted from March here, so that the leap day is their last.
        let days = days + 719_468;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + u64::from(month <= 2);
        Day(format!("{year:04}-{month:02}-{day:02}"))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Day {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(index, byte)| match index {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let number = |range: std::ops::Range<usize>| text.get(range).and_then(|it| it.parse().ok());
        let known = shape
            && number(5..7).is_some_and(|month: u32| (1..=12).contains(&month))
            && number(8..10).is_some_and(|day: u32| (1..=31).contains(&day));
        if known {
            Ok(Day(text.to_owned()))
        } else {
            Err("write year, month and day: `2027-01-31`".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_by_the_calendar() {
        let days = [0, 59, 11_016, 20_782, 47_540];
        let days = days.map(|days| Day::after(days).0);
        assert_eq!(
            days,
            [
                "1970-01-01",
                "1970-03-01",
                "2000-02-29",
                "2026-11-25",
                "2100-02-28"
            ]
        );
    }

    #[test]
    fn a_day_is_written_in_full() {
        assert!("2027-01-31".parse::<Day>().is_ok());
        for bad in [
            "2027-1-31",
            "2027-13-01",
            "soon",
            "2027-01-32",
            "2027/01/31",
        ] {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_said_of_one_lint_goes_before_what_is_said_of_warnings() {
        let named = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
        let levels = Levels {
            args: LevelArgs {
                deny: named(&["warnings"]),
                warn: Vec::new(),
                allow: named(&["namespace"]),
            },
            workspace: [("owner_missing".to_owned(), Level::Allow)].into(),
        };
        let of = |name: &str| {
            let rule = super::super::RULES.iter().find(|it| it.name == name);
            levels.of(rule.expect("a rule"))
        };
        assert_eq!(of("namespace"), Level::Allow);
        assert_eq!(of("brief_quality"), Level::Deny);
        assert_eq!(of("section_order"), Level::Allow);
        assert_eq!(of("owner_missing"), Level::Allow);
    }
}
