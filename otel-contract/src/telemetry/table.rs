//! A table whose entries are made when they are first asked for, in pages.

use std::sync::OnceLock;

/// Entries of one page: a series recorded by one service has neighbours, and one page of handles is
/// the size of a page of memory.
const PAGE: usize = 64;

/// A fixed number of entries, read without a lock.
#[derive(Debug)]
pub(crate) struct Table<T> {
    pages: Box<[OnceLock<Page<T>>]>,
}

type Page<T> = Box<[OnceLock<T>]>;

impl<T> Table<T> {
    /// Room for so many entries; only the list of pages is allocated.
    pub(crate) fn new(length: usize) -> Self {
        Self {
            pages: empty(length.div_ceil(PAGE)),
        }
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        self.pages.get(index / PAGE)?.get()?[index % PAGE].get()
    }

    /// The entry at this index, made if it is not there; `None` beyond the length, rounded up to
    /// whole pages.
    #[inline]
    pub(crate) fn get_or_init(&self, index: usize, make: impl FnOnce() -> T) -> Option<&T> {
        let page = self.pages.get(index / PAGE)?.get_or_init(|| empty(PAGE));
        Some(page[index % PAGE].get_or_init(make))
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
    fn an_entry_is_made_once_and_only_pages_that_are_used_exist() {
        let table = Table::new(1_000);
        assert_eq!(table.get(700), None);
        assert_eq!(table.get_or_init(700, || 1), Some(&1));
        assert_eq!(table.get_or_init(700, || 2), Some(&1));
        assert_eq!(table.get(700), Some(&1));
        assert_eq!(table.get(701), None);
        assert_eq!(table.get_or_init(2_000, || 3), None);
        let used = table.pages.iter().filter(|page| page.get().is_some());
        assert_eq!(used.count(), 1);
    }
}
