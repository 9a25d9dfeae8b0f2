//! A table whose entries are made when they are first asked for.

use std::sync::OnceLock;

/// A fixed number of entries, read without a lock.
#[derive(Debug)]
pub(crate) struct Table<T> {
    entries: Entries<T>,
}

/// Small tables are reached in one step less; of large ones only the pages that are used exist.
#[derive(Debug)]
enum Entries<T> {
    Flat(Box<[OnceLock<T>]>),
    Paged(Box<[OnceLock<Page<T>>]>),
}

type Page<T> = Box<[OnceLock<T>]>;

/// Tables up to this length have one allocation, of some 16 KiB at most for handles.
const FLAT: usize = 512;

/// Entries of one page: some 2 KiB for handles.
const PAGE: usize = 64;

impl<T> Table<T> {
    /// Room for so many entries; those of a large table are not allocated yet.
    pub(crate) fn new(length: u64) -> Self {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        Self {
            entries: if length <= FLAT {
                Entries::Flat(empty(length))
            } else {
                Entries::Paged(empty(length.div_ceil(PAGE)))
            },
        }
    }

    #[inline]
    pub(crate) fn get(&self, index: u64) -> Option<&T> {
        let index = usize::try_from(index).ok()?;
        match &self.entries {
            Entries::Flat(entries) => entries.get(index)?.get(),
            Entries::Paged(pages) => pages.get(index / PAGE)?.get()?[index % PAGE].get(),
        }
    }

    /// All entries of a small table.
    #[cfg(feature = "bound-metrics")]
    pub(crate) fn flat(&self) -> &[OnceLock<T>] {
        match &self.entries {
            Entries::Flat(entries) => entries,
            Entries::Paged(_) => &[],
        }
    }

    /// Fills the entry at this index; gives the value back where there is one, or beyond the length.
    pub(crate) fn set(&self, index: u64, value: T) -> Result<(), T> {
        let entry = usize::try_from(index).ok();
        let entry = entry.and_then(|index| match &self.entries {
            Entries::Flat(entries) => entries.get(index),
            Entries::Paged(pages) => {
                let page = pages.get(index / PAGE)?.get_or_init(|| empty(PAGE));
                page.get(index % PAGE)
            }
        });
        match entry {
            Some(entry) => entry.set(value),
            None => Err(value),
        }
    }

    /// The entry at this index, made if it is not there; `None` beyond the length, which in a large
    /// table is rounded up to whole pages. Others wait while it is made: `make` runs no code of others.
    #[inline]
    pub(crate) fn get_or_init(&self, index: u64, make: impl FnOnce() -> T) -> Option<&T> {
        let index = usize::try_from(index).ok()?;
        match &self.entries {
            Entries::Flat(entries) => Some(entries.get(index)?.get_or_init(make)),
            Entries::Paged(pages) => {
                let page = pages.get(index / PAGE)?.get_or_init(|| empty(PAGE));
                Some(page[index % PAGE].get_or_init(make))
            }
        }
    }
}

fn empty<T>(length: usize) -> Box<[OnceLock<T>]> {
    let mut entries = Vec::new();
    entries.resize_with(length, OnceLock::new);
    entries.into_boxed_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_made_once() {
        for length in [10, 1_000] {
            let table = Table::new(length);
            assert_eq!(table.get(7), None);
            assert_eq!(table.get_or_init(7, || 1), Some(&1));
            assert_eq!(table.get_or_init(7, || 2), Some(&1));
            assert_eq!(table.get(7), Some(&1));
            assert_eq!(table.get(8), None);
            assert_eq!(table.get_or_init(2_000, || 3), None);
        }
    }

    #[test]
    fn an_entry_is_filled_once() {
        for length in [10, 1_000] {
            let table = Table::new(length);
            assert_eq!(table.set(7, 1), Ok(()));
            assert_eq!(table.set(7, 2), Err(2));
            assert_eq!(table.get(7), Some(&1));
            assert_eq!(table.set(2_000, 3), Err(3));
        }
    }

    #[test]
    fn of_a_large_table_only_the_pages_that_are_used_exist() {
        let table = Table::new(60_000);
        table.get_or_init(59_999, || 1);
        table.get_or_init(70, || 1);
        let Entries::Paged(pages) = &table.entries else {
            panic!("a large table has pages");
        };
        let used = pages.iter().filter(|page| page.get().is_some());
        assert_eq!(used.count(), 2);
    }
}
