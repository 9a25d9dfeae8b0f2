//! The spans or records that an assertion has counted.

/// The spans of an operation or the records of an event, after their number was checked. `One` has the assertions on each
/// of them.
#[derive(Debug)]
pub struct Times<One>(Vec<One>);

impl<One> Times<One> {
    pub(super) fn new(all: impl Iterator<Item = One>) -> Self {
        Self(all.collect())
    }

    /// Calls `assert` with each span or record.
    #[track_caller]
    pub fn each(self, assert: impl FnMut(One)) {
        self.0.into_iter().for_each(assert);
    }

    /// Returns the first one, after exactly one was counted.
    pub(super) fn into_first(mut self) -> One {
        self.0.swap_remove(0)
    }
}
