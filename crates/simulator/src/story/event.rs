//! One line of an `acts` block: who does what, who hears from whom, or what befalls a node.

use agreement::Closure;

use crate::story::agreement::{Provision, provisions};
use crate::story::cursor::Cursor;

/// A party, by its number in the story.
pub(crate) type Who = usize;

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Everything that the other holds is carried to this party in a file.
    Hears(Who, Who),
    /// Two parties exchange what they hold.
    Exchange(Who, Who),
    /// All parties exchange until all hold the same.
    AllExchange,
    Hours(u64),
    BackedUp(Who),
    /// A backup replaces the database; keys and high-water mark stay.
    Restored(Who),
    /// The whole machine goes back to the backup, the high-water mark included.
    SetBack(Who),
    /// This party asks that one to be let in, to a seat of its own or to that of a member.
    AsksIn(Who, Who, Option<Who>),
    Acts(Who, Deed),
}

/// What a party does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Founds,
    Admits(Who),
    OpensBallot(About, Option<String>),
    Votes(About, bool),
    Offers(String, Vec<Clause>),
    Counters(String, Vec<Clause>),
    OffersAgreement(String, Vec<Provision>),
    CountersAgreement(String, Vec<Provision>),
    WithdrawsFrom(String),
    /// The title, who is invited besides, and the day.
    Convenes(String, Vec<Who>, i32),
    CallsOff(String),
    /// Who was there, and what came of it by title.
    OffersMinutes(String, Vec<Who>, Vec<String>),
    Accepts(String, Option<Who>),
    Declines(String),
    Withdraws(String),
    Passes(String),
    Satisfies(String, u64),
    Reports(String, Option<String>),
    Confirms(String, Option<String>),
    Disputes(String, Option<String>),
    Releases(String, Option<String>),
    Cancels(String, Option<String>),
    Attaches(String, String),
    /// About a title, or about the space.
    Comments(Option<String>, Option<String>),
    Transcribes(String, Option<String>),
    Corrects(String, Option<String>),
    Erases(Own, Option<String>),
    Acknowledges,
    Leaves,
    Enrols,
    /// The key by its number, and the last entry of it that counts.
    Revokes(u64, Option<Own>),
}

/// What a ballot about the space is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Admit(Who),
    Expel(Who),
    Succeed { seat: Who, by: Who },
    Level(u64),
}

/// An entry of one's own: the word of its operation, and the title it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Own {
    pub(crate) word: &'static str,
    pub(crate) title: String,
}

/// One thing that terms say; what they do not say stays as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Clause {
    Owes(Who, Vec<Who>),
    Due(i32),
    Closes(Closure),
    Condition(u64, String),
    After(String),
    NoCondition,
    Ends,
}

/// How an own entry is spoken of, and the word of its operation.
const OWN: [(&str, &str); 6] = [
    ("report on", "report"),
    ("offer of", "offer"),
    ("acceptance of", "accept"),
    ("comment on", "comment"),
    ("file on", "attach"),
    ("transcript", "transcribe"),
];

impl Event {
    /// Reads a line without its marks.
    ///
    /// # Errors
    /// What was expected, and before which words.
    pub(crate) fn read(line: &str, names: &[String]) -> Result<Self, String> {
        let mut at = Cursor::new(line, names);
        let event = event(&mut at)?;
        at.end()?;
        Ok(event)
    }
}

fn event(at: &mut Cursor<'_>) -> Result<Event, String> {
    if at.eat("all exchange") {
        return Ok(Event::AllExchange);
    }
    if at.eat("an hour passes") {
        return Ok(Event::Hours(1));
    }
    let Some(who) = at.maybe_party() else {
        if !at.rest().starts_with(|first: char| first.is_ascii_digit()) {
            return Err(format!("a line begins with a party of this story, not with `{}`", at.rest()));
        }
        let hours = at.number()?;
        at.want("hours pass")?;
        return Ok(Event::Hours(hours));
    };
    if at.eat("hears from") {
        return Ok(Event::Hears(who, at.party()?));
    }
    if at.eat("and") {
        let other = at.party()?;
        at.want("exchange")?;
        return Ok(Event::Exchange(who, other));
    }
    if at.eat("makes a backup") {
        return Ok(Event::BackedUp(who));
    }
    if at.eat("is restored from its backup") {
        return Ok(Event::Restored(who));
    }
    if at.eat("is set back to its backup, high-water mark and all") {
        return Ok(Event::SetBack(who));
    }
    if at.eat("asks") {
        let host = at.party()?;
        if at.eat("for the seat of") {
            return Ok(Event::AsksIn(who, host, Some(at.party()?)));
        }
        at.want("to be let in")?;
        return Ok(Event::AsksIn(who, host, None));
    }
    let deed = match about_the_space(at)? {
        Some(deed) => deed,
        None => about_a_commitment(at)?,
    };
    Ok(Event::Acts(who, deed))
}

fn about_the_space(at: &mut Cursor<'_>) -> Result<Option<Deed>, String> {
    Ok(Some(if at.eat("founds the space") {
        Deed::Founds
    } else if at.eat("admits") {
        Deed::Admits(at.party()?)
    } else if at.eat("offers to") {
        Deed::OpensBallot(ballot(at)?, at.words())
    } else if at.eat("accepts to") {
        Deed::Votes(ballot(at)?, true)
    } else if at.eat("declines to") {
        Deed::Votes(ballot(at)?, false)
    } else if at.eat("acknowledges what it has heard") {
        Deed::Acknowledges
    } else if at.eat("leaves") {
        Deed::Leaves
    } else if at.eat("enrols a new key") {
        Deed::Enrols
    } else if at.eat("revokes its key") {
        let number = at.number()?;
        let after = if at.eat("from the start") {
            None
        } else {
            at.want("after its")?;
            Some(own(at)?)
        };
        Deed::Revokes(number, after)
    } else {
        return Ok(None);
    }))
}

fn ballot(at: &mut Cursor<'_>) -> Result<About, String> {
    if at.eat("admit") {
        return Ok(About::Admit(at.party()?));
    }
    if at.eat("expel") {
        return Ok(About::Expel(at.party()?));
    }
    if at.eat("give the seat of") {
        let seat = at.party()?;
        at.want("to")?;
        return Ok(About::Succeed { seat, by: at.party()? });
    }
    at.want("raise the rules level to")?;
    Ok(About::Level(at.number()?))
}

fn about_a_commitment(at: &mut Cursor<'_>) -> Result<Deed, String> {
    Ok(if at.eat("offers the agreement") {
        Deed::OffersAgreement(at.title()?, provisions(at)?)
    } else if at.eat("counters the agreement") {
        Deed::CountersAgreement(at.title()?, provisions(at)?)
    } else if at.eat("convenes") {
        let title = at.title()?;
        at.want("with")?;
        let invited = at.parties()?;
        at.want("on")?;
        Deed::Convenes(title, invited, at.day()?)
    } else if at.eat("calls off") {
        Deed::CallsOff(at.title()?)
    } else if at.eat("offers minutes of") {
        let title = at.title()?;
        at.want(": present")?;
        let present = at.parties()?;
        let mut outcomes = Vec::new();
        while at.eat("; outcome") {
            outcomes.push(at.title()?);
        }
        Deed::OffersMinutes(title, present, outcomes)
    } else if at.eat("withdraws from") {
        Deed::WithdrawsFrom(at.title()?)
    } else if at.eat("offers") {
        Deed::Offers(at.title()?, clauses(at)?)
    } else if at.eat("counters") {
        Deed::Counters(at.title()?, clauses(at)?)
    } else if at.eat("accepts") {
        let title = at.title()?;
        let of = if at.eat("as") { Some(at.party()?) } else { None };
        if of.is_some() {
            at.want("offers it")?;
        }
        Deed::Accepts(title, of)
    } else if at.eat("declines") {
        Deed::Declines(at.title()?)
    } else if at.eat("withdraws its offer of") {
        Deed::Withdraws(at.title()?)
    } else if at.eat("passes on") {
        Deed::Passes(at.title()?)
    } else if at.eat("satisfies condition") {
        let number = at.number()?;
        at.want("of")?;
        Deed::Satisfies(at.title()?, number)
    } else if at.eat("reports") {
        Deed::Reports(at.title()?, at.words())
    } else if at.eat("confirms") {
        Deed::Confirms(at.title()?, at.words())
    } else if at.eat("disputes") {
        Deed::Disputes(at.title()?, at.words())
    } else if at.eat("releases") {
        Deed::Releases(at.title()?, at.words())
    } else if at.eat("cancels") {
        Deed::Cancels(at.title()?, at.words())
    } else {
        return about_words(at);
    })
}

fn about_words(at: &mut Cursor<'_>) -> Result<Deed, String> {
    Ok(if at.eat("attaches") {
        let file = at.title()?;
        at.want("to")?;
        Deed::Attaches(file, at.title()?)
    } else if at.eat("comments on the space") {
        Deed::Comments(None, at.words())
    } else if at.eat("comments on") {
        Deed::Comments(Some(at.title()?), at.words())
    } else if at.eat("transcribes") {
        Deed::Transcribes(at.title()?, at.words())
    } else if at.eat("corrects") {
        Deed::Corrects(at.title()?, at.words())
    } else if at.eat("erases its") {
        Deed::Erases(own(at)?, at.words())
    } else {
        return Err(format!("no act begins with `{}`", at.rest()));
    })
}

fn own(at: &mut Cursor<'_>) -> Result<Own, String> {
    let found = OWN.iter().find(|(spoken, _)| at.eat(spoken));
    let (_, word) = found.ok_or_else(|| format!("an own entry is expected before `{}`", at.rest()))?;
    let title = if at.eat("the space") { "the space".to_owned() } else { at.title()? };
    Ok(Own { word, title })
}

fn clauses(at: &mut Cursor<'_>) -> Result<Vec<Clause>, String> {
    at.want(":")?;
    let mut clauses = vec![clause(at)?];
    while at.eat(";") {
        clauses.push(clause(at)?);
    }
    Ok(clauses)
}

fn clause(at: &mut Cursor<'_>) -> Result<Clause, String> {
    if let Some(debtor) = at.maybe_party() {
        at.want("owes")?;
        return Ok(Clause::Owes(debtor, at.parties()?));
    }
    Ok(if at.eat("due") {
        Clause::Due(at.day()?)
    } else if at.eat("every confirmation is needed") {
        Clause::Closes(Closure::All)
    } else if at.eat("any confirmation closes it") {
        Clause::Closes(Closure::Any)
    } else if at.eat("the lead's confirmation closes it") {
        Clause::Closes(Closure::Lead)
    } else if at.eat("condition") {
        let number = at.number()?;
        Clause::Condition(number, at.title()?)
    } else if at.eat("after") {
        Clause::After(at.title()?)
    } else if at.eat("no condition") {
        Clause::NoCondition
    } else if at.eat("it ends by consent") {
        Clause::Ends
    } else {
        return Err(format!("no clause begins with `{}`", at.rest()));
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Event, String> {
        let names = ["the Port", "the Port Authority", "the Railway"].map(str::to_owned);
        Event::read(line, &names)
    }

    #[test]
    fn the_longest_name_is_taken_and_words_are_taken_whole() {
        assert_eq!(read("the Port Authority hears from the Port"), Ok(Event::Hears(1, 0)));
        assert!(read("the Portal leaves").is_err());
        assert!(read("the Port leaves now").is_err());
    }

    #[test]
    fn terms_are_read_clause_by_clause() {
        let event = read(
            r#"the Port offers "Rails": the Railway owes the Port and the Port Authority; due 1970-01-02"#,
        );
        let clauses = vec![Clause::Owes(2, vec![0, 1]), Clause::Due(1)];
        assert_eq!(event, Ok(Event::Acts(0, Deed::Offers("Rails".to_owned(), clauses))));
    }

    #[test]
    fn what_cannot_be_read_says_what_was_expected() {
        let wrong = |line: &str| read(line).unwrap_err();
        assert_eq!(
            wrong("the Ministry leaves"),
            "a line begins with a party of this story, not with `the Ministry leaves`"
        );
        assert_eq!(wrong("the Port sings"), "no act begins with `sings`");
        assert_eq!(wrong("the Port accepts Rails"), "a name in quotation marks is expected before `Rails`");
        assert_eq!(wrong(r#"the Port offers "Rails": soon"#), "no clause begins with `soon`");
    }
}
