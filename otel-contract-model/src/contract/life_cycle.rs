//! The life cycle of entries: stability, deprecation, owners, expiry and allowances.

/// The life cycle of an attribute, operation, metric or event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LifeCycle {
    /// The stability.
    pub stability: Stability,
    /// The deprecation, if the entry is deprecated.
    pub deprecated: Option<Deprecated>,
    /// The owners; the owners of the contract if empty.
    pub owners: Vec<String>,
    /// The date by which the entry should be removed, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// The lints allowed for the entry.
    pub allow: Vec<String>,
}

/// The stability of an entry, as in the OpenTelemetry semantic conventions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stability {
    /// May change in any release.
    #[default]
    Development,
    /// Expected to become stable.
    ReleaseCandidate,
    /// Will not change.
    Stable,
}

/// The deprecation of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprecated {
    /// The contract version that deprecated the entry.
    pub since: Option<String>,
    /// The key to use instead.
    pub replaced_by: Option<String>,
    /// Advice for users of the entry.
    pub note: Option<String>,
    /// The contract version that removes the entry.
    pub removed_in: Option<String>,
    /// The keys that are recorded until the removal; always [`Emit::New`] for entries other than attributes.
    pub emit: Emit,
}

/// The keys of a renamed attribute that are recorded while both names exist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Emit {
    /// Only the key that the operation, metric or event lists, regardless of which key the code sets.
    #[default]
    New,
    /// Both keys, regardless of which key the code sets, so that queries by either key find all data.
    Both,
}
