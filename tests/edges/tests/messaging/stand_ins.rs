//! Stand-ins for the headers of rdkafka, lapin and async-nats, with the same names and methods. rdkafka builds a C library, and
//! the other two have a hundred dependencies.

/// `rdkafka::message` of rdkafka 0.39.
pub(crate) mod rdkafka {
    /// A header of a message.
    #[derive(Clone, Debug)]
    pub(crate) struct Header<'a, V> {
        pub(crate) key: &'a str,
        pub(crate) value: Option<V>,
    }

    /// Headers of a received message, or of a message to be sent.
    pub(crate) trait Headers {
        fn count(&self) -> usize;
        fn get(&self, index: usize) -> Header<'_, &[u8]>;

        fn iter(&self) -> impl Iterator<Item = Header<'_, &[u8]>> {
            (0..self.count()).map(|index| self.get(index))
        }
    }

    #[derive(Clone, Debug, Default)]
    pub(crate) struct OwnedHeaders(Vec<(String, Option<Vec<u8>>)>);

    impl OwnedHeaders {
        pub(crate) fn new() -> Self {
            Self::default()
        }

        pub(crate) fn insert<V: AsRef<[u8]> + ?Sized>(mut self, header: Header<'_, &V>) -> Self {
            let value = header.value.map(|value| value.as_ref().to_vec());
            self.0.push((header.key.to_owned(), value));
            self
        }
    }

    impl Headers for OwnedHeaders {
        fn count(&self) -> usize {
            self.0.len()
        }

        fn get(&self, index: usize) -> Header<'_, &[u8]> {
            let (key, value) = &self.0[index];
            Header {
                key,
                value: value.as_deref(),
            }
        }
    }
}

/// `lapin::types` of lapin 4.12.
pub(crate) mod lapin {
    use std::collections::BTreeMap;

    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub(crate) struct ShortString(String);

    impl ShortString {
        pub(crate) fn as_str(&self) -> &str {
            &self.0
        }
    }

    impl From<&str> for ShortString {
        fn from(text: &str) -> Self {
            Self(text.to_owned())
        }
    }

    impl std::borrow::Borrow<str> for ShortString {
        fn borrow(&self) -> &str {
            &self.0
        }
    }

    #[derive(Clone, Debug)]
    pub(crate) struct LongString(Vec<u8>);

    impl LongString {
        pub(crate) fn as_bytes(&self) -> &[u8] {
            &self.0
        }
    }

    impl From<String> for LongString {
        fn from(text: String) -> Self {
            Self(text.into_bytes())
        }
    }

    /// A value of a table, of two of the types of AMQP.
    #[derive(Clone, Debug)]
    pub(crate) enum AMQPValue {
        LongString(LongString),
        Void,
    }

    #[derive(Clone, Debug, Default)]
    pub(crate) struct FieldTable(BTreeMap<ShortString, AMQPValue>);

    impl FieldTable {
        pub(crate) fn insert(&mut self, key: ShortString, value: AMQPValue) -> &mut Self {
            self.0.insert(key, value);
            self
        }

        pub(crate) fn inner(&self) -> &BTreeMap<ShortString, AMQPValue> {
            &self.0
        }
    }
}

/// `async_nats` 0.51.
pub(crate) mod async_nats {
    use std::collections::HashMap;

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub(crate) struct HeaderName(String);

    impl AsRef<str> for HeaderName {
        fn as_ref(&self) -> &str {
            &self.0
        }
    }

    #[derive(Clone, Debug)]
    pub(crate) struct HeaderValue(String);

    impl HeaderValue {
        pub(crate) fn as_str(&self) -> &str {
            &self.0
        }
    }

    #[derive(Clone, Debug, Default)]
    pub(crate) struct HeaderMap(HashMap<HeaderName, Vec<HeaderValue>>);

    impl HeaderMap {
        pub(crate) fn new() -> Self {
            Self::default()
        }

        pub(crate) fn insert(&mut self, name: &str, value: String) {
            let name = HeaderName(name.to_owned());
            self.0.insert(name, vec![HeaderValue(value)]);
        }

        pub(crate) fn get(&self, name: &str) -> Option<&HeaderValue> {
            self.0.get(&HeaderName(name.to_owned()))?.first()
        }

        pub(crate) fn iter(&self) -> impl Iterator<Item = (&HeaderName, &Vec<HeaderValue>)> {
            self.0.iter()
        }
    }
}
