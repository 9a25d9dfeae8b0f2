//! A table whose entries are created on first use.

use std::sync::OnceLock;

/// Table of a fixed number of entries, which are read without a lock.
#[derive(Debug)]
pub(crate) struct Table<T> {
    entries: Entries<T>,
}

/// Storage of the entries. Small tables need one indirection less, and large tables allocate only the pages that are used.
#[derive(Debug)]
enum Entries<T> {
    Flat(Box<[OnceLock<T>]>),
    Paged(Box<[OnceLock<Page<T>>]>),
}

type Page<T> = Box<[OnceLock<T>]>;

/// Maximum length of a table in one allocation: about 16 KiB of handles.
const FLAT: usize = 512;

/// Number of entries of a page: about 2 KiB of handles.
const PAGE: usize = 64;

impl<T> Table<T> {
    /// Creates an empty table with this number of entries. The pages of a large table are not allocated yet.
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

    /// Returns the entries of a small table, and an empty slice for a large table.
    #[cfg(feature = "bound-metrics")]
    pub(crate) fn flat(&self) -> &[OnceLock<T>] {
        match &self.entries {
            Entries::Flat(entries) => entries,
            Entries::Paged(_) => &[],
        }
    }

    /// Sets the entry at this index. Returns the value as an error if the entry is set or the index is out of range.
    pub(crate) fn set(&self, index: u64, value: T) -> Result<(), T> {
        let index = usize::try_from(index).ok();
        let entry = index.and_then(|index| match &self.entries {
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

    /// Returns the entry at this index, and creates it if it is not set. `None` if the index is out of range; the length of
    /// a large table is rounded up to whole pages. Other threads wait while the entry is created, so `make` must not run
    /// code of others.
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
    fn an_entry_is_created_once() {
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
    fn an_entry_is_set_once() {
        for length in [10, 1_000] {
            let table = Table::new(length);
            assert_eq!(table.set(7, 1), Ok(()));
            assert_eq!(table.set(7, 2), Err(2));
            assert_eq!(table.get(7), Some(&1));
            assert_eq!(table.set(2_000, 3), Err(3));
        }
    }

    #[test]
    fn a_large_table_allocates_only_used_pages() {
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
