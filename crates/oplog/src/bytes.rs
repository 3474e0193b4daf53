//! The one encoding: canonical CBOR of definite arrays, integers, byte and text strings, booleans and null.
//!
//! Canonical is enforced, not hoped for: [`from_bytes`] encodes again what it decoded and compares.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decoder, Encoder, data::Type};

/// Why bytes are not a value of the expected type in its one legal encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadBytes {
    /// The bytes end early, hold another type, or break CBOR. Names what was being read.
    Malformed(&'static str),
    /// Bytes remain after the value.
    Trailing,
    /// The value decodes, but its canonical encoding differs from these bytes.
    NotCanonical,
    /// A length is over its named limit.
    TooLong(&'static str),
}

impl std::fmt::Display for BadBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed(what) => write!(f, "malformed {what}"),
            Self::Trailing => write!(f, "bytes remain after the value"),
            Self::NotCanonical => write!(f, "not the canonical encoding"),
            Self::TooLong(what) => write!(f, "{what} is over its limit"),
        }
    }
}

impl std::error::Error for BadBytes {}

/// Appends canonical CBOR to memory; it cannot fail.
pub struct Writer(Encoder<Vec<u8>>);

fn written<T, E>(result: Result<T, E>) {
    assert!(result.is_ok(), "writing to memory cannot fail");
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// An empty writer.
    #[must_use]
    pub fn new() -> Self {
        Self(Encoder::new(Vec::with_capacity(256)))
    }

    /// The bytes written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_writer()
    }

    /// Starts an array of exactly `len` items.
    pub fn array(&mut self, len: usize) -> &mut Self {
        written(self.0.array(len as u64));
        self
    }

    /// An unsigned integer.
    pub fn uint(&mut self, value: u64) -> &mut Self {
        written(self.0.u64(value));
        self
    }

    /// A signed integer.
    pub fn int(&mut self, value: i64) -> &mut Self {
        written(self.0.i64(value));
        self
    }

    /// A byte string.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        written(self.0.bytes(value));
        self
    }

    /// A text string.
    pub fn text(&mut self, value: &str) -> &mut Self {
        written(self.0.str(value));
        self
    }

    /// A boolean.
    pub fn bool(&mut self, value: bool) -> &mut Self {
        written(self.0.bool(value));
        self
    }

    /// Null.
    pub fn null(&mut self) -> &mut Self {
        written(self.0.null());
        self
    }

    /// Bytes that are already CBOR (used for an envelope's fixed prefix).
    pub fn raw(&mut self, value: &[u8]) -> &mut Self {
        self.0.writer_mut().extend_from_slice(value);
        self
    }

    /// Any value that has an encoding.
    pub fn put<T: Wire>(&mut self, value: &T) -> &mut Self {
        value.write(self);
        self
    }
}

/// Reads CBOR from a slice; never allocates more than the slice could hold.
pub struct Reader<'a>(Decoder<'a>);

impl<'a> Reader<'a> {
    /// Reads from the start of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(Decoder::new(bytes))
    }

    /// How many bytes are left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.0.input().len().saturating_sub(self.0.position())
    }

    /// How many bytes were read.
    #[must_use]
    pub fn position(&self) -> usize {
        self.0.position()
    }

    /// The length of a definite array, at most the bytes that are left.
    ///
    /// # Errors
    /// Not an array, an indefinite one, or one longer than the input could hold.
    pub fn array(&mut self) -> Result<usize, BadBytes> {
        let len = self.0.array().ok().flatten().ok_or(BadBytes::Malformed("array"))?;
        usize::try_from(len).ok().filter(|len| *len <= self.left()).ok_or(BadBytes::TooLong("array"))
    }

    /// Expects an array of exactly `len` items.
    ///
    /// # Errors
    /// Another type or length.
    pub fn array_of(&mut self, len: usize) -> Result<(), BadBytes> {
        if self.array()? == len { Ok(()) } else { Err(BadBytes::Malformed("array length")) }
    }

    /// An unsigned integer.
    ///
    /// # Errors
    /// Another type.
    pub fn uint(&mut self) -> Result<u64, BadBytes> {
        self.0.u64().map_err(|_| BadBytes::Malformed("unsigned integer"))
    }

    /// A signed integer.
    ///
    /// # Errors
    /// Another type, or out of the range of `i64`.
    pub fn int(&mut self) -> Result<i64, BadBytes> {
        self.0.i64().map_err(|_| BadBytes::Malformed("integer"))
    }

    /// A definite byte string.
    ///
    /// # Errors
    /// Another type.
    pub fn bytes(&mut self) -> Result<&'a [u8], BadBytes> {
        self.0.bytes().map_err(|_| BadBytes::Malformed("byte string"))
    }

    /// A definite byte string of exactly `N` bytes.
    ///
    /// # Errors
    /// Another type or length.
    pub fn fixed<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], BadBytes> {
        self.bytes()?.try_into().map_err(|_| BadBytes::Malformed(what))
    }

    /// A definite text string.
    ///
    /// # Errors
    /// Another type, or not UTF-8.
    pub fn text(&mut self) -> Result<&'a str, BadBytes> {
        self.0.str().map_err(|_| BadBytes::Malformed("text"))
    }

    /// A boolean.
    ///
    /// # Errors
    /// Another type.
    pub fn bool(&mut self) -> Result<bool, BadBytes> {
        self.0.bool().map_err(|_| BadBytes::Malformed("boolean"))
    }

    /// Takes a null if one is next.
    ///
    /// # Errors
    /// The input has ended.
    pub fn take_null(&mut self) -> Result<bool, BadBytes> {
        let next = self.0.datatype().map_err(|_| BadBytes::Malformed("value"))?;
        if next != Type::Null {
            return Ok(false);
        }
        self.0.null().map(|()| true).map_err(|_| BadBytes::Malformed("null"))
    }

    /// Any value that has an encoding.
    ///
    /// # Errors
    /// The value's own.
    pub fn get<T: Wire>(&mut self) -> Result<T, BadBytes> {
        T::read(self)
    }
}

/// A type with one canonical encoding.
pub trait Wire: Sized {
    /// Appends the encoding.
    fn write(&self, to: &mut Writer);
    /// Reads one value; canonical form is checked by [`from_bytes`], not here.
    ///
    /// # Errors
    /// The bytes are not a value of this type.
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes>;
}

/// The canonical encoding of a value.
#[must_use]
pub fn to_bytes<T: Wire>(value: &T) -> Vec<u8> {
    let mut writer = Writer::new();
    value.write(&mut writer);
    writer.into_bytes()
}

/// The value of which `bytes` are the whole canonical encoding.
///
/// # Errors
/// Malformed, trailing or non-canonical bytes.
pub fn from_bytes<T: Wire>(bytes: &[u8]) -> Result<T, BadBytes> {
    let mut reader = Reader::new(bytes);
    let value = T::read(&mut reader)?;
    if reader.left() != 0 {
        return Err(BadBytes::Trailing);
    }
    if to_bytes(&value) != bytes {
        return Err(BadBytes::NotCanonical);
    }
    Ok(value)
}

/// Gives a struct the encoding "array of its fields, in this order".
#[macro_export]
macro_rules! wire_struct {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::Wire for $name {
            fn write(&self, to: &mut $crate::Writer) {
                to.array([$(stringify!($field)),+].len());
                $($crate::Wire::write(&self.$field, to);)+
            }
            fn read(from: &mut $crate::Reader<'_>) -> Result<Self, $crate::BadBytes> {
                from.array_of([$(stringify!($field)),+].len())?;
                $(let $field = $crate::Wire::read(from)?;)+
                Ok(Self { $($field),+ })
            }
        }
    };
}

/// Gives a field-less enum the encoding "its number"; an unlisted number does not decode.
#[macro_export]
macro_rules! wire_code {
    ($name:ident { $($variant:ident = $code:literal),+ $(,)? }) => {
        impl $crate::Wire for $name {
            fn write(&self, to: &mut $crate::Writer) {
                to.uint(match self { $(Self::$variant => $code),+ });
            }
            fn read(from: &mut $crate::Reader<'_>) -> Result<Self, $crate::BadBytes> {
                match from.uint()? { $($code => Ok(Self::$variant),)+ _ => Err($crate::BadBytes::Malformed(stringify!($name))) }
            }
        }
    };
}

impl Wire for u64 {
    fn write(&self, to: &mut Writer) {
        to.uint(*self);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.uint()
    }
}

impl Wire for u32 {
    fn write(&self, to: &mut Writer) {
        to.uint(u64::from(*self));
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        Self::try_from(from.uint()?).map_err(|_| BadBytes::Malformed("u32"))
    }
}

impl Wire for u16 {
    fn write(&self, to: &mut Writer) {
        to.uint(u64::from(*self));
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        Self::try_from(from.uint()?).map_err(|_| BadBytes::Malformed("u16"))
    }
}

impl Wire for i32 {
    fn write(&self, to: &mut Writer) {
        to.int(i64::from(*self));
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        Self::try_from(from.int()?).map_err(|_| BadBytes::Malformed("i32"))
    }
}

impl Wire for bool {
    fn write(&self, to: &mut Writer) {
        to.bool(*self);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.bool()
    }
}

impl Wire for String {
    fn write(&self, to: &mut Writer) {
        to.text(self);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.text().map(ToOwned::to_owned)
    }
}

/// Bytes as a byte string, where a `Vec<u8>` would read as an array of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Blob(pub Vec<u8>);

impl Wire for Blob {
    fn write(&self, to: &mut Writer) {
        to.bytes(&self.0);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.bytes().map(|bytes| Self(bytes.to_vec()))
    }
}

impl<T: Wire> Wire for Option<T> {
    fn write(&self, to: &mut Writer) {
        match self {
            Some(value) => value.write(to),
            None => {
                to.null();
            }
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        if from.take_null()? { Ok(None) } else { T::read(from).map(Some) }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, to: &mut Writer) {
        to.array(self.len());
        self.iter().for_each(|item| item.write(to));
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        (0..from.array()?).map(|_| T::read(from)).collect()
    }
}

impl<T: Wire + Ord> Wire for BTreeSet<T> {
    fn write(&self, to: &mut Writer) {
        to.array(self.len());
        self.iter().for_each(|item| item.write(to));
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        (0..from.array()?).map(|_| T::read(from)).collect()
    }
}

impl<K: Wire + Ord, V: Wire> Wire for BTreeMap<K, V> {
    fn write(&self, to: &mut Writer) {
        to.array(self.len());
        for (key, value) in self {
            to.array(2).put(key).put(value);
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        (0..from.array()?)
            .map(|_| {
                from.array_of(2)?;
                Ok((K::read(from)?, V::read(from)?))
            })
            .collect()
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn write(&self, to: &mut Writer) {
        to.array(2).put(&self.0).put(&self.1);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.array_of(2)?;
        Ok((A::read(from)?, B::read(from)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_shortest_integer_is_taken() {
        assert_eq!(from_bytes::<u64>(&[0x17]), Ok(23));
        assert_eq!(from_bytes::<u64>(&[0x18, 0x17]), Err(BadBytes::NotCanonical));
    }

    #[test]
    fn a_set_out_of_order_or_with_a_double_is_refused() {
        assert!(from_bytes::<BTreeSet<u64>>(&[0x82, 1, 2]).is_ok());
        assert_eq!(from_bytes::<BTreeSet<u64>>(&[0x82, 2, 1]), Err(BadBytes::NotCanonical));
        assert_eq!(from_bytes::<BTreeSet<u64>>(&[0x82, 1, 1]), Err(BadBytes::NotCanonical));
    }

    #[test]
    fn a_length_beyond_the_input_allocates_nothing() {
        let claims_four_billion = [0x9a, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(from_bytes::<Vec<u64>>(&claims_four_billion), Err(BadBytes::TooLong("array")));
    }

    #[test]
    fn trailing_bytes_and_indefinite_arrays_are_refused() {
        assert_eq!(from_bytes::<u64>(&[1, 2]), Err(BadBytes::Trailing));
        assert_eq!(from_bytes::<Vec<u64>>(&[0x9f, 1, 0xff]), Err(BadBytes::Malformed("array")));
    }
}
