//! What stands in a file of vectors: JSON whose keys keep the order in which they were said.

use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// A value of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// Nothing.
    Null,
    /// True or false.
    Flag(bool),
    /// An integer that is never negative.
    Uint(u64),
    /// An integer.
    Int(i64),
    /// A text; bytes are in hexadecimal.
    Text(String),
    /// Several.
    List(Vec<Self>),
    /// Values by name.
    Map(Vec<(&'static str, Self)>),
}

impl Serialize for Said {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Flag(value) => to.serialize_bool(*value),
            Self::Uint(value) => to.serialize_u64(*value),
            Self::Int(value) => to.serialize_i64(*value),
            Self::Text(text) => to.serialize_str(text),
            Self::List(items) => to.collect_seq(items),
            Self::Map(fields) => {
                let mut map = to.serialize_map(Some(fields.len()))?;
                fields.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
                map.end()
            }
        }
    }
}

impl Said {
    /// The whole file.
    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap() + "\n"
    }

    /// Bytes, in hexadecimal.
    pub(crate) fn hex(bytes: &[u8]) -> Self {
        Self::Text(oplog::id::hex(bytes))
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Said {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<u64> for Said {
    fn from(value: u64) -> Self {
        Self::Uint(value)
    }
}

impl From<i32> for Said {
    fn from(value: i32) -> Self {
        Self::Int(i64::from(value))
    }
}

impl<T: Into<Self>> From<Option<T>> for Said {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl FromIterator<Self> for Said {
    fn from_iter<I: IntoIterator<Item = Self>>(items: I) -> Self {
        Self::List(items.into_iter().collect())
    }
}

macro_rules! said_as_hex {
    ($($id:ident),+) => {$(
        impl From<oplog::$id> for Said {
            fn from(id: oplog::$id) -> Self {
                Self::Text(id.to_string())
            }
        }
    )+};
}

said_as_hex!(ContentHash, Digest, EntryId, KeyId, ObjectId, PartyId, SpaceId, TermsHash);

impl From<oplog::PublicKey> for Said {
    fn from(key: oplog::PublicKey) -> Self {
        Self::hex(&key.to_wire())
    }
}

/// A map in the order of the text.
macro_rules! say {
    ($($name:literal: $value:expr),* $(,)?) => {
        $crate::said::Said::Map(vec![$(($name, $crate::said::Said::from($value))),*])
    };
}

pub(crate) use say;
