//! Any bytes as a content: what is read has this one encoding and can be asked for its words.

use agreement::{Content, FieldTag};

/// Whether `data` is a content.
///
/// # Panics
/// A promise is broken.
#[must_use]
pub fn run(data: &[u8]) -> bool {
    let Ok(content) = Content::from_bytes(data) else { return false };
    assert_eq!(content.to_bytes(), data, "a content has two encodings");
    for field in &content.fields {
        assert_eq!(FieldTag::of_code(field.tag.code()), field.tag, "a tag has two codes");
        assert!(content.text(field.tag, &field.language).is_some(), "a field that cannot be found");
    }
    assert_eq!(Content::reference(data).len_bytes, data.len() as u64);
    true
}
