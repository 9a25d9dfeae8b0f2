//! Levels of lints, and the current date.

use super::Rule;
use crate::discover;
use crate::finding::Level;
use clap::builder::PossibleValuesParser;
use otel_contract_model::{LINTS, names};
use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// Settings of a lint run.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) levels: Levels,
    pub(crate) today: Day,
}

/// Levels of lints on the command line. If several options name a lint, the most severe level applies. Other lints use
/// the level in `[workspace.metadata.otel-contract.lints]` of `Cargo.toml`.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct LevelArgs {
    /// Report a lint as an error; `warnings` means every lint that is a warning
    #[arg(short = 'D', long, value_name = "LINT", value_parser = lints(), hide_possible_values = true, value_delimiter = ',')]
    deny: Vec<String>,
    /// Report a lint as a warning
    #[arg(short = 'W', long, value_name = "LINT", value_parser = lints(), hide_possible_values = true, value_delimiter = ',')]
    warn: Vec<String>,
    /// Disable a lint; `warnings` means every lint that is a warning
    #[arg(short = 'A', long, value_name = "LINT", value_parser = lints(), hide_possible_values = true, value_delimiter = ',')]
    allow: Vec<String>,
}

/// The name that stands for all lints at level `warn`.
const WARNINGS: &str = "warnings";

fn lints() -> PossibleValuesParser {
    PossibleValuesParser::new(LINTS.iter().copied().chain([WARNINGS]))
}

impl LevelArgs {
    /// Combines the options with the levels of the workspace.
    pub(crate) fn levels(&self) -> Result<Levels, String> {
        let lists = [&self.deny, &self.allow];
        if lists
            .iter()
            .all(|list| list.iter().any(|name| name == WARNINGS))
        {
            return Err("`warnings` cannot be both denied and allowed".to_owned());
        }
        Ok(Levels {
            args: self.clone(),
            workspace: workspace()?,
        })
    }
}

/// Level of each lint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels {
    args: LevelArgs,
    /// Levels from the workspace's `Cargo.toml`.
    workspace: BTreeMap<String, Level>,
}

/// Reads the levels from the workspace's `Cargo.toml`.
fn workspace() -> Result<BTreeMap<String, Level>, String> {
    let here = std::env::current_dir().unwrap_or_default();
    let manifest = discover::manifest(&discover::workspace(&here));
    let lints = manifest.as_ref().and_then(discover::metadata);
    let Some(lints) = lints.and_then(|table| table.get("lints")) else {
        return Ok(BTreeMap::new());
    };
    let place = "`[workspace.metadata.otel-contract.lints]` in `Cargo.toml`";
    let Some(lints) = lints.as_table_like() else {
        return Err(format!("{place} is not a table"));
    };
    let level = |(name, level): (&str, &toml_edit::Item)| {
        let known = LINTS.contains(&name);
        let level = match level.as_str() {
            Some("allow") => Level::Allow,
            Some("warn") => Level::Warn,
            Some("deny") => Level::Deny,
            _ if known => {
                return Err(format!(
                    "{place}: `{name}` must be \"allow\", \"warn\" or \"deny\""
                ));
            }
            _ => Level::Allow,
        };
        if !known {
            let help = names::nearest(name, LINTS.iter().copied()).map_or_else(
                || "`cargo otel-contract lint --list` shows all lints".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(format!("{place}: unknown lint `{name}`\nhelp: {help}"));
        }
        Ok((name.to_owned(), level))
    };
    lints.iter().map(level).collect()
}

impl Levels {
    /// Returns the level of a lint.
    pub(crate) fn level(&self, rule: &Rule) -> Level {
        let args = &self.args;
        let names = |list: &[String], name: &str| list.iter().any(|listed| listed == name);
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

    /// Reports every lint as an error.
    #[cfg(test)]
    pub(crate) fn all_reported() -> Levels {
        Levels {
            args: LevelArgs {
                deny: LINTS.iter().map(|name| (*name).to_owned()).collect(),
                ..LevelArgs::default()
            },
            ..Levels::default()
        }
    }
}

/// A date, `YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(String);

impl Day {
    /// Returns the current date in UTC.
    pub(crate) fn today() -> Day {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Day::after(since.map_or(0, |since| since.as_secs() / 86_400))
    }

    /// Returns the date a number of days after 1970-01-01.
    fn after(days: u64) -> Day {
        // In this calculation years start in March, so that the leap day is the last day of a year.
        let since_year_zero = days + 719_468;
        let (era, day_of_era) = (since_year_zero / 146_097, since_year_zero % 146_097);
        let leap_days = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / 146_096;
        let year_of_era = (day_of_era - leap_days) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 {
            month_from_march + 3
        } else {
            month_from_march - 9
        };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
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
        let number =
            |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse().ok());
        let known = shape
            && number(5..7).is_some_and(|month: u32| (1..=12).contains(&month))
            && number(8..10).is_some_and(|day: u32| (1..=31).contains(&day));
        if known {
            Ok(Day(text.to_owned()))
        } else {
            Err("expected year, month and day: `2027-01-31`".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_calendar() {
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
    fn a_date_has_year_month_and_day() {
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
    fn the_level_of_one_lint_overrides_that_of_warnings() {
        let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let levels = Levels {
            args: LevelArgs {
                deny: named(&["warnings"]),
                warn: Vec::new(),
                allow: named(&["namespace"]),
            },
            workspace: [("owner_missing".to_owned(), Level::Allow)].into(),
        };
        let of = |name: &str| {
            let rule = super::super::RULES.iter().find(|rule| rule.name == name);
            levels.level(rule.expect("a rule"))
        };
        assert_eq!(of("namespace"), Level::Allow);
        assert_eq!(of("brief_quality"), Level::Deny);
        assert_eq!(of("section_order"), Level::Allow);
        assert_eq!(of("owner_missing"), Level::Allow);
    }
}
