//! What a browser sends: names and values of a form or of a query, as they were typed.

/// The most fields that are read of one form.
const FIELDS_MAX: usize = 1_024;

/// Names and values, in the order of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads the encoding that forms and queries share. Nothing fails to read; what is past the limit is left out.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        Self(
            form_urlencoded::parse(bytes)
                .take(FIELDS_MAX)
                .map(|(n, v)| (n.into_owned(), v.into_owned()))
                .collect(),
        )
    }

    /// These fields with another value of a name, in place of any that they have.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.0.retain(|(held, _)| held != name);
        self.add(name.to_owned(), value.to_owned());
    }

    /// Adds a field at the end; what is past the limit is left out.
    pub(crate) fn add(&mut self, name: String, value: String) {
        if self.0.len() < FIELDS_MAX {
            self.0.push((name, value));
        }
    }

    /// The same as text, for the node to keep.
    pub(crate) fn written(&self) -> String {
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(self.carried().iter().filter(|(name, _)| name != DRAFT));
        text.finish()
    }

    /// The first value of a name; empty when there is none.
    pub(crate) fn first(&self, name: &str) -> &str {
        self.0.iter().find(|(held, _)| held == name).map_or("", |(_, value)| value)
    }

    /// Every value of a name.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(held, _)| held == name).map(|(_, value)| value.clone()).collect()
    }

    /// Words: with the line ends of a text here, and without space around them.
    pub(crate) fn words(&self, name: &str) -> String {
        self.first(name).replace("\r\n", "\n").trim().to_owned()
    }

    /// A number written in ASCII digits, as pages of ours write it into fields that nobody types.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.first(name).parse().ok()
    }

    /// All names and values but those of the form itself, for the next page to carry on.
    pub(crate) fn carried(&self) -> Vec<(String, String)> {
        self.0.iter().filter(|(name, _)| !OWN.contains(&name.as_str())).cloned().collect()
    }
}

/// A file that came with a form.
#[derive(Debug)]
pub(crate) struct Upload {
    /// Its name, as the browser says it.
    pub(crate) name: String,
    /// Its media type, as the browser claims it.
    pub(crate) media: String,
    /// The file.
    pub(crate) bytes: Vec<u8>,
}

/// Fields that every form has of its own: the session's token, which button was pressed, and what is never shown again.
const OWN: [&str; 3] = [TOKEN, STEP, PASSPHRASE];
/// The session's token.
pub(crate) const TOKEN: &str = "token";
/// What the button asks for.
pub(crate) const STEP: &str = "step";
/// A passphrase.
pub(crate) const PASSPHRASE: &str = "passphrase";
/// The field of a form that holds a file.
pub(crate) const FILE: &str = "file";
/// A file that came before and is not signed yet.
pub(crate) const CHOSEN: &str = "chosen";
/// A draft that the form goes on with.
pub(crate) const DRAFT: &str = "draft";
/// The idempotency id.
pub(crate) const REQUEST: &str = "request";

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn a_form_reads_as_it_was_typed_and_never_fails() {
        let fields =
            Fields::read("title=%D8%B1%D8%A7%D9%87+a&who=1&who=2&bad=%ff%zz&text=+a%0D%0Ab+".as_bytes());
        assert_eq!(fields.first("title"), "راه a");
        assert_eq!(fields.all("who"), ["1", "2"]);
        assert_eq!(fields.first("bad"), "\u{fffd}%zz");
        assert_eq!(fields.words("text"), "a\nb");
        assert_eq!(fields.first("none"), "");
        assert_eq!(Fields::read(&b"a&".repeat(5_000)).carried().len(), super::FIELDS_MAX);
    }
}
