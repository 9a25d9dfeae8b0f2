//! The text format of definitions: netstrings (`5:hello`), which need no escaping.

/// A type that is encoded as part of a definition.
pub trait Wire: Sized {
    /// Appends the encoded value.
    fn write(&self, to: &mut String);
    /// Reads a value from the start of the text, and advances the text. Returns `None` if another version of the macros
    /// wrote the text.
    fn read(from: &mut &str) -> Option<Self>;

    /// Encodes the value.
    fn encode(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    /// Decodes a text that contains nothing but the value.
    #[must_use]
    fn decode(mut text: &str) -> Option<Self> {
        Self::read(&mut text).filter(|_| text.is_empty())
    }
}

impl Wire for String {
    fn write(&self, to: &mut String) {
        self.len().write(to);
        to.push_str(self);
    }

    fn read(from: &mut &str) -> Option<Self> {
        let length = usize::read(from)?;
        let (text, rest) = from.split_at_checked(length)?;
        *from = rest;
        Some(text.to_owned())
    }
}

impl Wire for i64 {
    fn write(&self, to: &mut String) {
        to.push_str(&self.to_string());
        to.push(':');
    }

    fn read(from: &mut &str) -> Option<Self> {
        // Parses bytes, which is faster than `str::parse` here: macros run unoptimized, and this function runs about a
        // hundred times for each annotated function. Most numbers have one digit.
        if let [digit @ b'0'..=b'9', b':', ..] = from.as_bytes() {
            let number = Self::from(*digit - b'0');
            *from = from.get(2..)?;
            return Some(number);
        }
        let mut number: Self = 0;
        let (negative, digits) = match from.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, *from),
        };
        for (place, byte) in digits.as_bytes().iter().enumerate() {
            if *byte == b':' {
                *from = digits.get(place + 1..)?;
                return Some(number);
            }
            let digit = Self::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?);
            let shifted = number.checked_mul(10)?;
            number = if negative {
                shifted.checked_sub(digit)?
            } else {
                shifted.checked_add(digit)?
            };
        }
        None
    }
}

impl Wire for usize {
    fn write(&self, to: &mut String) {
        to.push_str(&self.to_string());
        to.push(':');
    }

    fn read(from: &mut &str) -> Option<Self> {
        usize::try_from(i64::read(from)?).ok()
    }
}

impl Wire for bool {
    fn write(&self, to: &mut String) {
        usize::from(*self).write(to);
    }

    fn read(from: &mut &str) -> Option<Self> {
        Some(usize::read(from)? == 1)
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, to: &mut String) {
        self.len().write(to);
        self.iter().for_each(|value| value.write(to));
    }

    fn read(from: &mut &str) -> Option<Self> {
        let length = usize::read(from)?;
        let mut values = Self::new();
        // A loop is faster than `collect` in a macro that runs unoptimized.
        for _ in 0..length {
            values.push(T::read(from)?);
        }
        Some(values)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn write(&self, to: &mut String) {
        self.is_some().write(to);
        self.iter().for_each(|value| value.write(to));
    }

    fn read(from: &mut &str) -> Option<Self> {
        Some(if bool::read(from)? {
            Some(T::read(from)?)
        } else {
            None
        })
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn write(&self, to: &mut String) {
        self.0.write(to);
        self.1.write(to);
    }

    fn read(from: &mut &str) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?))
    }
}

/// Implements [`Wire`] for a struct: the encoded fields in order.
macro_rules! wire {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::wire::Wire for $name {
            fn write(&self, to: &mut String) {
                $($crate::wire::Wire::write(&self.$field, to);)*
            }

            fn read(from: &mut &str) -> Option<Self> {
                Some(Self { $($field: $crate::wire::Wire::read(from)?),* })
            }
        }
    };
}
pub(crate) use wire;
