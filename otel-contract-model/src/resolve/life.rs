//! Resolves the life cycle of entries: versions, deprecation, expiry and allowances.

use std::cmp::Ordering;

use otel_contract_definition::names::squeeze;

use crate::codes;
use crate::contract::{Allowance, Deprecated, Emit, LifeCycle};
use crate::lints::LINTS;
use crate::names::{self, ERROR_TYPE};
use crate::read::{Field, Located};
use crate::section::Section;
use crate::semconv::{self, Import};
use crate::spec::{self, Version};

use super::{Resolver, Scope, suggest_corrected, texts};

impl Resolver<'_> {
    /// Returns a version if it is `SemVer`. Reports an error otherwise.
    pub(super) fn version(&mut self, version: Option<&Located<Version>>) -> Option<String> {
        let Located {
            span,
            value: Version(version),
            ..
        } = version?;
        if is_semver(version) {
            return Some(version.clone());
        }
        self.diagnostics
            .push(codes::BAD_VERSION.at(*span, [version]));
        None
    }

    /// Resolves the life cycle of an attribute, operation, metric or event.
    pub(super) fn life_cycle(
        &mut self,
        section: Section,
        name: &Located<String>,
        written: &spec::LifeCycle,
    ) -> LifeCycle {
        LifeCycle {
            stability: written.stability.cloned().unwrap_or_default(),
            deprecated: match section {
                Section::Attributes => self.deprecated(&written.deprecated, &name.value),
                Section::Groups
                | Section::Errors
                | Section::Operations
                | Section::Metrics
                | Section::Events => {
                    self.deprecated_entry(&written.deprecated, &name.value, section.an_entry())
                }
            },
            owners: texts(written.owners.items()),
            expires: self.expires(&written.expires),
            allow: self.allow(name, &written.allow),
        }
    }

    /// Resolves the deprecation of an entry.
    pub(super) fn deprecated(
        &mut self,
        written: &Field<spec::Deprecated>,
        name: &str,
    ) -> Option<Deprecated> {
        let deprecated = written.get()?;
        let has_advice = !deprecated.replaced_by.is_absent() || !deprecated.note.is_absent();
        if let (false, Some(at)) = (has_advice, written.key) {
            self.diagnostics
                .push(codes::DEPRECATED_WITHOUT_ADVICE.at(at, [&name]));
        }
        if let Some(replacement) = deprecated.replaced_by.located()
            && replacement.value == name
        {
            self.diagnostics
                .push(codes::REPLACED_BY_ITSELF.at(replacement.span, [&name]));
        }
        let since = self.version(deprecated.since.located());
        let removed_in = self.version(deprecated.removed_in.located());
        if let (Some(since), Some(removed_in), Some(at)) =
            (&since, &removed_in, deprecated.removed_in.located())
            && core(removed_in) < core(since)
        {
            let diag = codes::REMOVED_TOO_EARLY.at(at.span, [&name, removed_in, since]);
            self.diagnostics.push(diag);
        } else {
            self.check_removal(deprecated, name);
        }
        Some(Deprecated {
            since,
            replaced_by: deprecated.replaced_by.cloned(),
            note: deprecated.note.cloned(),
            removed_in,
            emit: self.emit(deprecated, name),
        })
    }

    /// Checks that the contract is not yet at the version that removes the entry.
    fn check_removal(&mut self, deprecated: &spec::Deprecated, name: &str) {
        let Some(Located { span, value, .. }) = deprecated.removed_in.located() else {
            return;
        };
        let Some(Version(version)) = self.spec.root.version.get() else {
            return;
        };
        let are_valid = is_semver(version) && is_semver(&value.0);
        if are_valid && is_reached(version, &value.0) {
            let diag = codes::REMOVED_BY_NOW.at(*span, [&name, &value.0, version]);
            self.diagnostics.push(diag);
        }
    }

    /// Returns the keys to record. `emit: both` needs a replacement and a version that removes the old key.
    fn emit(&mut self, deprecated: &spec::Deprecated, name: &str) -> Emit {
        let Some(Located {
            span,
            value: Emit::Both,
            ..
        }) = deprecated.emit.located()
        else {
            return Emit::New;
        };
        if deprecated.replaced_by.is_absent() {
            let diag = codes::EMIT_WITHOUT_REPLACEMENT.at(*span, [&name]);
            self.diagnostics.push(diag);
            return Emit::New;
        }
        if deprecated.removed_in.is_absent() {
            let diag = codes::EMIT_WITHOUT_END.at(*span, [&name]);
            self.diagnostics.push(diag);
        }
        Emit::Both
    }

    /// Resolves the deprecation of an entry that is not an attribute. Such an entry has no key, so `emit: both` is an
    /// error.
    pub(super) fn deprecated_entry(
        &mut self,
        written: &Field<spec::Deprecated>,
        name: &str,
        kind: &str,
    ) -> Option<Deprecated> {
        let emit = written.get().and_then(|deprecated| deprecated.emit.key);
        let mut deprecated = self.deprecated(written, name)?;
        if let (Some(at), Emit::Both) = (emit, deprecated.emit) {
            self.diagnostics.push(codes::EMIT_MISPLACED.at(at, [&kind]));
        }
        deprecated.emit = Emit::New;
        Some(deprecated)
    }

    /// Checks that the replacement of a deprecated entry exists. `section` is `None` for a value of an attribute.
    pub(super) fn check_replacement<'n>(
        &mut self,
        written: &Field<spec::Deprecated>,
        name: &str,
        section: Option<Section>,
        known: &dyn Fn(&Scope, &str) -> bool,
        candidates: &dyn Fn() -> Vec<&'n str>,
    ) {
        let replacement = written
            .get()
            .and_then(|deprecated| deprecated.replaced_by.located());
        let Some(replacement) = replacement else {
            return;
        };
        let Located { span, value, .. } = replacement;
        let unknown = || {
            let noun = section.map_or("a value", Section::an_entry);
            codes::UNKNOWN_REPLACEMENT.at(*span, [value, &noun])
        };
        if value == name {
            return;
        }
        // The replacement must not be the entry itself under another spelling.
        let other = squeeze(value) != squeeze(name);
        let misnamed = section.filter(|_| other);
        let misnamed = misnamed
            .and_then(|section| self.misnamed.record_use_with(section, replacement, unknown));
        if misnamed.is_some() || known(&self.scope, value) || self.scope.missing.anything {
            return;
        }
        let diag = unknown();
        let of_attribute = section == Some(Section::Attributes);
        if of_attribute && let Import::Attribute(_) = semconv::import(value) {
            let help = format!("import it with `semconv: [{value}]`");
            self.diagnostics.push(diag.help(help));
            return;
        }
        if of_attribute && value == ERROR_TYPE {
            let help = "use a `note` instead: `error.type` cannot replace an attribute";
            self.diagnostics.push(
                codes::ERROR_TYPE_IMPLIED
                    .at(*span, [&"`replaced_by`", &"not allowed here"])
                    .help(help),
            );
            return;
        }
        if !self.diagnostics.may_suggest() {
            self.diagnostics.push(diag);
            return;
        }
        let candidates = candidates();
        let nearest = names::nearest(value, candidates.iter().copied());
        self.diagnostics.push(match section {
            Some(_) => suggest_corrected(diag, value, nearest, &candidates),
            None => diag.suggest(value, nearest, candidates.iter().copied()),
        });
    }

    /// Checks that the replacement of a deprecated entry exists in its section. `names` is sorted.
    pub(super) fn check_replacement_in(
        &mut self,
        written: &Field<spec::Deprecated>,
        name: &str,
        section: Section,
        names: &[&str],
    ) {
        let known = |scope: &Scope, name: &str| {
            names.binary_search(&name).is_ok() || scope.missing.may_declare_entry(section)
        };
        let candidates = || names.to_vec();
        self.check_replacement(written, name, Some(section), &known, &candidates);
    }

    /// Returns a date if it is in the calendar. Reports an error otherwise.
    pub(super) fn expires(&mut self, written: &Field<String>) -> Option<String> {
        let Located { span, value, .. } = written.located()?;
        if is_date(value) {
            return Some(value.clone());
        }
        self.diagnostics.push(codes::BAD_DATE.at(*span, [value]));
        None
    }

    /// Returns the lints allowed for an entry, each once. Reports unknown lints.
    pub(super) fn allow(
        &mut self,
        entry: &Located<String>,
        written: &Field<Vec<Located<String>>>,
    ) -> Vec<String> {
        let lints = self.unique(written.items());
        let mut allowed = Vec::new();
        for Located { span, value, .. } in lints {
            if LINTS.contains(&value.as_str()) {
                allowed.push(value.clone());
                self.allowances.push(Allowance {
                    lint: value.clone(),
                    at: self.sources.location(*span),
                    entry: entry.value.clone(),
                    entry_at: self.sources.location(entry.span),
                });
            } else {
                let diag = codes::UNKNOWN_LINT.at(*span, [value]);
                self.diagnostics
                    .push(match names::nearest(value, LINTS.iter().copied()) {
                        Some(nearest) => diag.suggest(value, Some(nearest), LINTS.iter().copied()),
                        None => diag.help(format!("the known lints are {}", names::list(LINTS))),
                    });
            }
        }
        allowed
    }

    /// Returns the boundaries of a histogram. After an invalid boundary, which is reported, the rest is dropped.
    /// Boundaries of a duration must not be negative.
    pub(super) fn buckets(
        &mut self,
        written: &Field<Vec<Located<f64>>>,
        duration: bool,
    ) -> Vec<f64> {
        let mut buckets: Vec<f64> = Vec::new();
        for item in written.items() {
            let Located { span, value, .. } = item;
            let boundary = codes::BAD_BOUNDARY.at(*span, [&item.quoted()]);
            self.diagnostics.push(if *value == f64::INFINITY {
                boundary.help("remove it: the last bucket is open-ended anyway")
            } else if !value.is_finite() {
                boundary.help("remove it, or write a number")
            } else if duration && *value < 0.0 {
                boundary.help("remove it: a duration is never negative")
            } else if buckets.last().is_some_and(|last| value <= last) {
                codes::BAD_BUCKETS.at(*span, [])
            } else {
                buckets.push(*value);
                continue;
            });
            // After an invalid boundary, valid boundaries can look invalid too.
            break;
        }
        buckets
    }
}

/// Returns whether a text is a version as defined by semver.org.
fn is_semver(version: &str) -> bool {
    let identifiers = |text: &str, rejects_leading_zeros: bool| {
        text.split('.').all(|part| {
            let letters = part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            let number = part.chars().all(|c| c.is_ascii_digit());
            let padded = number && part.len() > 1 && part.starts_with('0');
            !part.is_empty() && letters && !(rejects_leading_zeros && padded)
        })
    };
    let (rest, build) = match version.split_once('+') {
        Some((rest, build)) => (rest, Some(build)),
        None => (version, None),
    };
    let (core, pre) = match rest.split_once('-') {
        Some((core, pre)) => (core, Some(pre)),
        None => (rest, None),
    };
    let numbers: Vec<&str> = core.split('.').collect();
    let is_number = |part: &&str| part.chars().all(|c| c.is_ascii_digit()) && part.len() < 20;
    numbers.len() == 3
        && numbers.iter().all(is_number)
        && identifiers(core, true)
        && pre.is_none_or(|pre| identifiers(pre, true))
        && build.is_none_or(|build| identifiers(build, false))
}

/// Returns the numbers of a version.
fn core(version: &str) -> Vec<u64> {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    core.split('.')
        .map(|number| number.parse().unwrap_or(u64::MAX))
        .collect()
}

/// Returns whether a version is at least another version. A pre-release is before its release.
fn is_reached(version: &str, other: &str) -> bool {
    let is_pre = |version: &str| {
        let version = version.split('+').next().unwrap_or_default();
        version.contains('-')
    };
    match core(version).cmp(&core(other)) {
        Ordering::Less => false,
        Ordering::Greater => true,
        // Pre-releases of one version count as equal.
        Ordering::Equal => is_pre(other) || !is_pre(version),
    }
}

/// Returns whether a text is a date, `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let well_formed = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let mut parts = text.split('-').map(str::parse::<u32>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), true) =
        (parts.next(), parts.next(), parts.next(), well_formed)
    else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_follow_semver() {
        for good in ["0.1.0", "1.2.3-rc.1+build.05", "10.20.30", "1.0.0-x-y"] {
            assert!(is_semver(good), "{good}");
        }
        for bad in [
            "", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "v1.2.3", "1.2.3-", "1.2.3-01",
        ] {
            assert!(!is_semver(bad), "{bad}");
        }
    }

    #[test]
    fn a_pre_release_is_before_its_release() {
        assert!(is_reached("2.0.0", "2.0.0"));
        assert!(is_reached("2.0.1-rc.1", "2.0.0"));
        assert!(is_reached("10.0.0", "9.0.0"));
        assert!(is_reached("2.0.0", "2.0.0-rc.1"));
        assert!(!is_reached("2.0.0-rc.1", "2.0.0"));
        assert!(!is_reached("2.0.0-rc.1+build.1-2", "2.0.0"));
        assert!(is_reached("2.0.0+build-7", "2.0.0"));
        assert!(!is_reached("1.9.9", "2.0.0"));
    }

    #[test]
    fn dates_follow_the_calendar() {
        for good in ["2027-01-31", "2028-02-29", "2000-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-1-31",
            "2027-04-31",
            "soon",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
