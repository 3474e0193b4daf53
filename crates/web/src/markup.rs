//! HTML that is safe to put into a page as it stands: made here alone, from escaped text.

use std::fmt::{Display, Formatter, Result};

use crate::messages::calm;

/// Escaped HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Markup(String);

impl Display for Markup {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Markup {}

/// Whether a letter embeds, overrides or isolates a direction; the mere marks, which Persian texts need, do not.
fn reorders(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn escape(text: &str, into: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            // Isolating marks, of which the caller says that they are ours.
            '\u{2068}' => into.push_str("<bdi>"),
            '\u{2069}' => into.push_str("</bdi>"),
            letter => into.push(letter),
        }
    }
}

impl Markup {
    /// A text whose isolating marks, all of them ours and in pairs, become `bdi`.
    pub(crate) fn isolating(text: &str) -> Self {
        let mut html = String::with_capacity(text.len());
        escape(text, &mut html);
        Self(html)
    }

    /// A name or an id, isolated from the text around it.
    pub(crate) fn name(text: &str) -> Self {
        Self::isolating(&format!("\u{2068}{}\u{2069}", calm(text)))
    }

    /// Latin letters and digits whose order the text around must not change: an id, an ISO date, a zone.
    pub(crate) fn code(text: &str) -> Self {
        let mut html = String::from("<bdi dir=\"ltr\">");
        escape(&calm(text), &mut html);
        html.push_str("</bdi>");
        Self(html)
    }

    /// An id by its first digits, whole in its title.
    pub(crate) fn id(id: impl Display) -> Self {
        const DIGITS: usize = 16;
        let whole = id.to_string();
        let mut html = String::from("<bdi dir=\"ltr\" class=\"id\" title=\"");
        escape(&whole, &mut html);
        html.push_str("\">");
        escape(whole.get(..DIGITS).unwrap_or(&whole), &mut html);
        html.push_str("</bdi>");
        Self(html)
    }

    /// A day: in ISO for machines, in the reader's reckoning first, in the other beside it.
    pub(crate) fn day(iso: &str, first: &str, other: &str) -> Self {
        let mut html = String::from("<time datetime=\"");
        escape(iso, &mut html);
        html.push_str("\"><bdi>");
        escape(first, &mut html);
        html.push_str("</bdi> <span class=\"other\">(<bdi>");
        escape(other, &mut html);
        html.push_str("</bdi>)</span></time>");
        Self(html)
    }

    /// A text of others over one or more lines, in the direction of its own letters. Letters that would reorder it are
    /// shown and not obeyed, so that nobody signs another text than was read.
    pub(crate) fn text(text: &str) -> Self {
        let mut html = String::from("<span class=\"text\" dir=\"auto\">");
        escape(&text.replace(reorders, "\u{fffd}"), &mut html);
        html.push_str("</span>");
        Self(html)
    }

    /// An address of ours behind words.
    pub(crate) fn link(to: &str, words: &Self) -> Self {
        let mut html = String::from("<a href=\"");
        escape(to, &mut html);
        html.push_str("\">");
        html.push_str(&words.0);
        html.push_str("</a>");
        Self(html)
    }

    /// From the one before to the one after, in the direction of the page.
    pub(crate) fn arrow() -> Self {
        Self("<span class=\"arrow\"></span>".to_owned())
    }

    /// This, a space, and more.
    pub(crate) fn and(mut self, more: &Self) -> Self {
        self.0.push(' ');
        self.0.push_str(&more.0);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Markup;

    #[test]
    fn a_text_that_would_be_read_in_another_order_than_it_is_signed_shows_that() {
        let said = Markup::text("12\u{202e}34 \u{200f}\u{645}\u{200c}\u{2069}").to_string();
        assert!(said.contains("12\u{fffd}34 \u{200f}\u{645}\u{200c}\u{fffd}"), "{said}");
    }

    #[test]
    fn names_and_codes_are_isolated_and_escaped() {
        assert_eq!(Markup::name("a\u{2069}<b>").to_string(), "<bdi>a&lt;b&gt;</bdi>");
        assert_eq!(Markup::code("Asia/Tehran").to_string(), "<bdi dir=\"ltr\">Asia/Tehran</bdi>");
        assert_eq!(Markup::day("2026-09-01", "a&", "b").to_string().matches("<bdi>").count(), 2);
    }
}
