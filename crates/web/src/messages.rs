//! The words of the pages, from Fluent files: one file per language, and no sentence anywhere else.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::lang::Lang;
use crate::markup::Markup;

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<Vec<(Lang, Bundle)>> =
    LazyLock::new(|| Lang::ALL.into_iter().map(|lang| (lang, bundle(lang))).collect());

/// Reads a language's file. The files are part of the program, so a test holds them to be whole.
fn bundle(lang: Lang) -> Bundle {
    let id: LanguageIdentifier = lang.code().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // What does not parse is left out, and the completeness test names it.
    let resource = FluentResource::try_new(lang.messages().to_owned()).unwrap_or_else(|(some, _)| some);
    bundle.add_resource_overriding(resource);
    bundle.set_formatter(Some(match lang {
        Lang::English => |value, _| number(value, Lang::English),
        Lang::Persian => |value, _| number(value, Lang::Persian),
    }));
    bundle
}

/// A number in the digits of the language.
fn number(value: &FluentValue<'_>, lang: Lang) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    Some(lang.tongue().digits(&number.as_string()))
}

/// Something that a message is told.
pub(crate) enum Told<'a> {
    /// A count, by which the message may choose its form.
    Count(u64),
    /// Words of ours or of others, isolated from the sentence around them.
    Words(Cow<'a, str>),
    /// Several names, each between isolating marks of ours.
    Names(String),
}

impl From<u64> for Told<'_> {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<usize> for Told<'_> {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

impl<'a> From<&'a str> for Told<'a> {
    fn from(words: &'a str) -> Self {
        Self::Words(words.into())
    }
}

impl<'a> From<&'a String> for Told<'a> {
    fn from(words: &'a String) -> Self {
        Self::Words(words.as_str().into())
    }
}

impl From<String> for Told<'_> {
    fn from(words: String) -> Self {
        Self::Words(words.into())
    }
}

/// Whether a letter steers the direction of text: one in a name could break out of its isolation.
pub(crate) fn is_bidi_control(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// A name or a title without letters that steer direction: an unpaired one would turn the rest of the page around.
pub(crate) fn calm(text: &str) -> String {
    text.replace(is_bidi_control, "")
}

/// The message `id` as plain text; what it is told stands in it between isolating marks. An id that no file has
/// reads as itself.
pub(crate) fn text(lang: Lang, id: &str, told: &[(&str, Told<'_>)]) -> String {
    let Some((_, bundle)) = BUNDLES.iter().find(|(held, _)| *held == lang) else { return id.to_owned() };
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
        return id.to_owned();
    };
    let mut args = FluentArgs::new();
    for (name, value) in told {
        match value {
            Told::Count(count) => args.set(*name, *count),
            Told::Words(words) => args.set(*name, calm(words)),
            Told::Names(names) => args.set(*name, names.as_str()),
        }
    }
    // Faults are a missing variable or id, which the completeness test excludes.
    let mut faults = Vec::new();
    bundle.format_pattern(pattern, Some(&args), &mut faults).into_owned()
}

/// The same for a page: isolated by `bdi` in place of marks.
pub(crate) fn html(lang: Lang, id: &str, told: &[(&str, Told<'_>)]) -> Markup {
    Markup::isolating(&text(lang, id, told))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_chooses_the_form_and_is_written_in_the_digits_of_the_language() {
        let days = |lang, days: u64| html(lang, "late-days", &[("days", days.into())]).to_string();
        assert_eq!(days(Lang::English, 1), "1 day overdue");
        assert_eq!(days(Lang::English, 12), "<bdi>12</bdi> days overdue");
        assert!(days(Lang::Persian, 12).contains("۱۲"));
    }

    #[test]
    fn words_told_cannot_leave_their_isolation_nor_become_markup() {
        let name = "a\u{2069}\u{202e}b<i>&";
        let said = html(Lang::English, "turn-of", &[("party", name.into())]).to_string();
        assert!(said.contains("<bdi>ab&lt;i&gt;&amp;</bdi>"), "{said}");
    }
}
