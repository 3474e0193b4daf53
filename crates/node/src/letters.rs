//! Letters as they are sought: what keyboards, scripts and habits write differently becomes the same.

use store::words::Sought;

/// The longest token, in letters; what is longer is cut, as nobody seeks more.
const TOKEN_LETTERS_MAX: usize = 40;
/// The most words of one question.
const WORDS_SOUGHT_MAX: usize = 8;
/// The longest question, in letters.
pub const QUESTION_LETTERS_MAX: usize = 200;

/// Letters that are read as another, each line as it is read and then all that is read so.
const ALIKE: [(char, &str); 23] = [
    // Arabic forms of Persian letters, and what is often written without its sign.
    ('ی', "يىئېےۍ"),
    ('ک', "كڪ"),
    ('ه', "ةۀەہھۂ"),
    ('ا', "أإآٱ"),
    ('و', "ؤۆ"),
    // Russian and Belarusian.
    ('е', "ёѐ"),
    ('у', "ў"),
    ('и', "йѝ"),
    ('і', "ї"),
    ('г', "ґ"),
    // Latin, and Turkish, Azerbaijani, Turkmen and Uzbek written in it.
    ('a', "àáâãäåāă"),
    ('c', "çčć"),
    ('e', "èéêëēėəě"),
    ('g', "ğģ"),
    ('i', "ìíîïıī"),
    ('l', "ł"),
    ('n', "ñňńņ"),
    ('o', "òóôõöōő"),
    ('r', "řŕ"),
    ('s', "şšśș"),
    ('t', "ţťț"),
    ('u', "ùúûüūűů"),
    ('z', "žźż"),
];

/// Whether a letter is a mark on another: vowel signs, a stretched line, combining accents.
fn is_mark(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e8}' | '\u{6ea}'..='\u{6ed}')
}

/// Whether a letter joins or parts its neighbours without being seen.
fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}')
}

/// Whether a letter only steers the direction of text or cannot be seen.
fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{ad}' | '\u{feff}')
}

/// A letter in lower case as it is read.
fn read_as(letter: char) -> char {
    match letter {
        '\u{6f0}'..='\u{6f9}' => digit(letter, '\u{6f0}'),
        '\u{660}'..='\u{669}' => digit(letter, '\u{660}'),
        _ if letter.is_ascii() => letter,
        _ => ALIKE.iter().find(|(_, alike)| alike.contains(letter)).map_or(letter, |(read, _)| *read),
    }
}

fn digit(letter: char, zero: char) -> char {
    char::from_digit(u32::from(letter) - u32::from(zero), 10).unwrap_or(letter)
}

/// The words of a text; each as the parts that joiners and nothing else stand between.
fn words(text: &str) -> Vec<Vec<String>> {
    let (mut words, mut parts, mut part) = (Vec::new(), Vec::new(), String::new());
    let end_part = |part: &mut String, parts: &mut Vec<String>| {
        if !part.is_empty() {
            parts.push(part.chars().take(TOKEN_LETTERS_MAX).collect());
            part.clear();
        }
    };
    for letter in text.chars() {
        if is_mark(letter) || is_hidden(letter) {
            continue;
        }
        if letter.is_alphanumeric() {
            // What a capital becomes may bear a mark of its own.
            part.extend(letter.to_lowercase().filter(|lower| !is_mark(*lower)).map(read_as));
            continue;
        }
        end_part(&mut part, &mut parts);
        if !is_joiner(letter) && !parts.is_empty() {
            words.push(std::mem::take(&mut parts));
        }
    }
    end_part(&mut part, &mut parts);
    if !parts.is_empty() {
        words.push(parts);
    }
    words
}

/// The tokens by which a text is found: each word whole, and its parts where it is joined of several.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let of_word = |parts: Vec<String>| {
        let whole = (parts.len() > 1).then(|| parts.concat().chars().take(TOKEN_LETTERS_MAX).collect());
        parts.into_iter().chain(whole)
    };
    words(text).into_iter().flat_map(of_word).collect()
}

/// What somebody seeks, with every way to write it that is found.
pub(crate) fn question(text: &str) -> Vec<Sought> {
    let text: String = text.chars().take(QUESTION_LETTERS_MAX).collect();
    let of_word = |parts: Vec<String>| {
        let whole = parts.concat().chars().take(TOKEN_LETTERS_MAX).collect();
        Sought(if parts.len() > 1 { vec![vec![whole], parts] } else { vec![parts] })
    };
    words(&text).into_iter().take(WORDS_SOUGHT_MAX).map(of_word).collect()
}

/// The words around the first one in `text` that somebody seeks; `None` when none is there.
pub(crate) fn around(text: &str, sought: &[Sought]) -> Option<String> {
    const WORDS_AROUND: usize = 12;
    let wanted: Vec<_> = sought.iter().flat_map(|word| &word.0).flatten().collect();
    let all: Vec<&str> = text.split_whitespace().collect();
    let fits =
        |word: &&str| tokens(word).iter().any(|token| wanted.iter().any(|want| token.starts_with(*want)));
    let at = all.iter().position(fits)?;
    let (from, until) = (at.saturating_sub(WORDS_AROUND), (at + WORDS_AROUND).min(all.len()));
    let mut some = all.get(from..until)?.join(" ");
    if some.chars().count() > 4 * QUESTION_LETTERS_MAX {
        some = some.chars().take(4 * QUESTION_LETTERS_MAX).collect();
    }
    let (before, after) = (if from > 0 { "… " } else { "" }, if until < all.len() { " …" } else { "" });
    Some(format!("{before}{some}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) {
        assert_eq!(tokens(one), tokens(other), "{one} and {other}");
    }

    #[test]
    fn what_keyboards_write_differently_is_the_same() {
        same("كتابي", "کتابی");
        same("گُواهیِ مُهر", "گواهی مهر");
        same("آزادراه", "ازادراه");
        same("مسئول مؤسسه", "مسیول موسسه");
        same("خانهٔ ما", "خانه ما");
        same("خانۀ ما", "خانه ما");
        same("ســـند", "سند");
        same("۱۲ ٣٤", "12 34");
        same("Ёлка ЁЖ", "елка еж");
        same("Сённяшні дзень Магілёў", "Сенняшні дзень Магілеу");
        same("И\u{306}од", "Йод");
        same("İstanbul IĞDIR Çorum", "istanbul igdir corum");
        same("Cafe\u{301} CAFÉ", "cafe cafe");
        same("\u{200f}راه\u{202c}", "راه");
    }

    #[test]
    fn a_word_of_joined_parts_is_found_whole_and_by_its_parts() {
        assert_eq!(tokens("گواهی\u{200c}های"), ["گواهی", "های", "گواهیهای"]);
        assert_eq!(tokens("a-b\u{200c}c, d"), ["a", "b", "c", "bc", "d"]);
        assert_eq!(tokens("\u{200c}a\u{200c} \u{200c}"), ["a"]);
        let sought = question("گواهی\u{200c}های ۱۲");
        assert_eq!(sought[0].0, [vec!["گواهیهای".to_owned()], vec!["گواهی".to_owned(), "های".to_owned()]]);
        assert_eq!(sought[1].0, [["12"]]);
    }

    #[test]
    fn a_question_has_an_end_and_need_not_have_a_word() {
        assert_eq!(question(&"a ".repeat(10_000)).len(), WORDS_SOUGHT_MAX);
        assert_eq!(question(" \"*()… -- ").len(), 0);
        assert!(tokens(&"x".repeat(9_000)).iter().all(|token| token.len() <= TOKEN_LETTERS_MAX));
    }

    #[test]
    fn an_excerpt_is_what_stands_around_the_first_word_that_is_sought() {
        let text = format!("{} the LOCOMOTIVES stand {}", "before ".repeat(40), "after ".repeat(40));
        let found = around(&text, &question("locomotive")).unwrap();
        assert!(
            found.starts_with("… before")
                && found.contains("the LOCOMOTIVES stand")
                && found.ends_with("after …")
        );
        assert_eq!(around("nothing here", &question("locomotive")), None);
        assert_eq!(around("", &question("locomotive")), None);
    }
}
