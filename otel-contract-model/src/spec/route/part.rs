//! Parts of a route, with their positions in it.

/// A part of a text, and its position.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    whole: &'a str,
    /// Bytes before the part.
    offset: usize,
    pub(super) text: &'a str,
}

impl<'a> Part<'a> {
    pub(super) fn whole(text: &'a str) -> Self {
        Part {
            whole: text,
            offset: 0,
            text,
        }
    }

    /// Returns the part from `from` to `to`, in bytes from the start of this part.
    pub(super) fn slice(self, from: usize, to: usize) -> Self {
        Part {
            whole: self.whole,
            offset: self.offset + from,
            text: &self.text[from..to],
        }
    }

    /// Returns the number of characters before the part.
    pub(super) fn start(self) -> usize {
        self.whole[..self.offset].chars().count()
    }

    /// Returns the number of bytes between the start of another part and this part.
    pub(super) fn offset_in(self, outer: Self) -> usize {
        self.offset.saturating_sub(outer.offset)
    }

    pub(super) fn trim(self) -> Self {
        let from = self.text.len() - self.text.trim_start().len();
        self.slice(from, from + self.text.trim().len())
    }

    /// Returns the parts before and after the first whitespace.
    pub(super) fn split_at_whitespace(self) -> Option<(Self, Self)> {
        let at = self.text.find(char::is_whitespace)?;
        let rest = self.slice(at, self.text.len());
        Some((self.slice(0, at), rest.trim()))
    }

    /// Returns the parts between the occurrences of a character.
    pub(super) fn split(self, separator: char) -> impl Iterator<Item = Self> {
        let mut from = 0;
        self.text.split(separator).map(move |text| {
            let part = self.slice(from, from + text.len());
            from += text.len() + separator.len_utf8();
            part
        })
    }
}
