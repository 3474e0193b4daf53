//! The table: what operations on the space do beside each other.

use agreement::SpaceTerms;
use agreement::operation::Enrol;
use oplog::{PartyId, SpaceId};

use crate::row::{Refused, SpaceRow};
use crate::world::{
    CREDITOR, DEBTOR, Draft, Folded, NEWCOMER, OTHER, OUTSIDER, World, all_but, expel, identity,
    introduction, introduction_under, key, leave, longer_identity, parties, party,
};

fn everyone() -> Vec<u8> {
    vec![DEBTOR, CREDITOR, OTHER, NEWCOMER]
}

fn admit(space: SpaceId) -> SpaceTerms {
    SpaceTerms::Admit { voters: parties(&everyone()), introduction: introduction(space, (OUTSIDER, 0)) }
}

fn level() -> SpaceTerms {
    SpaceTerms::Level { voters: parties(&everyone()), level: 1 }
}

/// A ballot in a space of four, with some votes for it.
fn with_ballot(terms: impl FnOnce(SpaceId) -> SpaceTerms, in_favour: &[u8]) -> World {
    let mut world = World::of_four();
    let terms = terms(world.space());
    world.ballot(terms, in_favour);
    world
}

/// Another party takes the creditor's seat, by a ballot that lacks the newcomer's vote.
fn succession() -> World {
    let terms = |space| {
        let introduction = introduction_under(&identity(OUTSIDER), space, CREDITOR, (OUTSIDER, 0));
        SpaceTerms::Succeed { voters: parties(&all_but(CREDITOR)), introduction }
    };
    with_ballot(terms, &[DEBTOR, OTHER])
}

fn expelling() -> World {
    with_ballot(|_| expel(CREDITOR), &[DEBTOR])
}

/// The creditor's second key counts, and an expulsion of the newcomer is on the table.
fn with_second_key() -> World {
    let mut world = with_ballot(|_| expel(NEWCOMER), &[DEBTOR]);
    world.enrol_noticed((CREDITOR, 1));
    world
}

/// By the creditor's first key, without knowledge of its second.
fn unaware(world: &World, draft: Draft) -> Draft {
    let enrol = world.entries.iter().find(|entry| entry.signer == (CREDITOR, 1));
    draft.blind_to(&enrol.map(|entry| entry.id).into_iter().collect::<Vec<_>>())
}

fn takes_first_key_back(world: &World) -> Draft {
    world.revoke((CREDITOR, 1), (CREDITOR, 0), Some(0))
}

fn longer_enrol(world: &World) -> Draft {
    let introduction = introduction_under(&longer_identity(CREDITOR), world.space(), CREDITOR, (CREDITOR, 2));
    let mut draft = world.enrol((CREDITOR, 2));
    draft.operation = Enrol { introduction }.into();
    draft
}

fn is_out(fold: &Folded, seat: u8) -> bool {
    !fold.the_space().members().contains(&party(seat))
}

fn has_keys(fold: &Folded, keys: &[(u8, u8)]) -> bool {
    keys.iter().all(|signer| fold.the_space().keys.contains_key(&key(*signer)))
}

fn creditors_first_key_is_cut_at(fold: &Folded, seq: u64) -> bool {
    fold.the_space().keys[&key((CREDITOR, 0))].is_cut(seq)
}

fn newest_is_won(world: &World, fold: &Folded) -> bool {
    fold.the_space().is_won(world.newest_ballot().0)
}

fn votes_against(world: &World, fold: &Folded) -> Vec<PartyId> {
    let votes = &fold.the_space().ballots[&world.newest_ballot().0].votes;
    let against = votes.iter().filter(|(_, votes)| votes.values().any(|in_favour| !in_favour));
    against.map(|(party, _)| *party).collect()
}

macro_rules! row {
    ($a:literal, $b:literal, $situation:literal, $setup:expr, $one:expr, $two:expr, $refused:ident,
     $outcome:literal, $holds:expr, $why:literal) => {
        SpaceRow {
            kinds: [$a, $b],
            situation: $situation,
            setup: $setup,
            acts: [$one, $two],
            refused: Refused::$refused,
            outcome: $outcome,
            holds: $holds,
            why: $why,
        }
    };
}

/// The rows about keys.
pub(crate) const KEYS: &[SpaceRow] = &[
    row!(
        "enrol",
        "enrol",
        "two parties enrol keys",
        World::of_four,
        |world| world.enrol((CREDITOR, 1)),
        |world| world.enrol((OTHER, 1)),
        Neither,
        "both keys are brought",
        |_, fold| has_keys(fold, &[(CREDITOR, 1), (OTHER, 1)]),
        "keys are kept by seat"
    ),
    row!(
        "enrol",
        "enrol",
        "one party enrols two keys",
        World::of_four,
        |world| world.enrol((CREDITOR, 1)),
        |world| world.enrol((CREDITOR, 2)),
        Neither,
        "both keys are brought, and neither retires the other",
        |_, fold| has_keys(fold, &[(CREDITOR, 1), (CREDITOR, 2)])
            && fold.the_space().keys[&key((CREDITOR, 1))].retired_by.is_empty(),
        "its guardians granted both; the next key that has seen them retires both"
    ),
    row!(
        "enrol",
        "enrol",
        "one party enrols two keys, the first under an older state of its identity",
        World::of_four,
        |world| world.enrol((CREDITOR, 1)),
        longer_enrol,
        FirstIfLater,
        "the key under the newer state is brought",
        |_, fold| has_keys(fold, &[(CREDITOR, 2)]),
        "only that party's own guardians can cause this; the older grant counts or not, and the newer guardians can revoke it"
    ),
    row!(
        "enrol",
        "revoke",
        "a party's second key takes the first back while a third is enrolled",
        with_second_key,
        |world| world.enrol((CREDITOR, 2)),
        takes_first_key_back,
        Neither,
        "the third key is brought, the first is cut",
        |_, fold| has_keys(fold, &[(CREDITOR, 2)]) && creditors_first_key_is_cut_at(fold, 1),
        "each is about a key of its own"
    ),
    row!(
        "enrol",
        "leave",
        "one party leaves by its old key and enrols a new one",
        World::of_four,
        |world| world.enrol((CREDITOR, 1)),
        |_| leave(CREDITOR),
        Neither,
        "the party is out, and so is the new key for whoever has seen it leave",
        |_, fold| is_out(fold, CREDITOR) && !fold.the_space().keys[&key((CREDITOR, 1))].ended.is_empty(),
        "leaving ends every key of the seat"
    ),
    row!(
        "enrol",
        "offer",
        "a member is to be expelled and enrols a key",
        World::of_four,
        |world| world.enrol((CREDITOR, 1)),
        |world| world.open(DEBTOR, expel(CREDITOR)),
        Neither,
        "the key is brought, the ballot is open",
        |world, fold| has_keys(fold, &[(CREDITOR, 1)]) && !newest_is_won(world, fold),
        "a member stays one until the ballot is won"
    ),
    row!(
        "enrol",
        "accept",
        "the last vote hands the party's seat to another identity",
        succession,
        |world| world.enrol((CREDITOR, 1)),
        |world| world.vote(NEWCOMER),
        FirstIfLater,
        "the seat is the new holder's",
        newest_is_won,
        "the others have voted the old holder's keys out; one more of them counts until it has seen that, or not at all"
    ),
    row!(
        "enrol",
        "decline",
        "a member is to be expelled and enrols a key",
        expelling,
        |world| world.enrol((CREDITOR, 1)),
        |world| world.vote_against(OTHER),
        Neither,
        "the key is brought, the vote is counted",
        |world, fold| has_keys(fold, &[(CREDITOR, 1)]) && votes_against(world, fold) == [party(OTHER)],
        "neither is about the other"
    ),
    row!(
        "revoke",
        "revoke",
        "two keys of a party take the first back, behind different places",
        with_second_key,
        |world| world.revoke((CREDITOR, 1), (CREDITOR, 0), Some(5)),
        |world| unaware(world, world.revoke((CREDITOR, 0), (CREDITOR, 0), Some(3))),
        Neither,
        "the smaller cut counts",
        |_, fold| creditors_first_key_is_cut_at(fold, 4),
        "authority fails closed"
    ),
    row!(
        "revoke",
        "leave",
        "one party takes a key back, another leaves",
        with_second_key,
        takes_first_key_back,
        |_| leave(OTHER),
        Neither,
        "the key is cut, the other party is out",
        |_, fold| is_out(fold, OTHER) && creditors_first_key_is_cut_at(fold, 1),
        "neither is about the other"
    ),
    row!(
        "revoke",
        "offer",
        "the key that is taken back opens a ballot",
        with_second_key,
        takes_first_key_back,
        |world| unaware(world, world.open(CREDITOR, level())),
        Second,
        "no ballot is open",
        |world, fold| !fold.the_space().ballots.contains_key(&world.newest_ballot().0),
        "authority fails closed: beyond the cut nothing counts that nobody relied on"
    ),
    row!(
        "revoke",
        "accept",
        "the key that is taken back votes for a ballot",
        with_second_key,
        takes_first_key_back,
        |world| unaware(world, world.vote(CREDITOR)),
        Second,
        "the vote is not counted",
        |world, fold| !newest_is_won(world, fold),
        "authority fails closed: beyond the cut nothing counts that nobody relied on"
    ),
    row!(
        "revoke",
        "accept",
        "the last vote hands the party's seat to another identity, and the old holder takes its key back",
        succession,
        |world| world.revoke((CREDITOR, 0), (CREDITOR, 0), None),
        |world| world.vote(NEWCOMER),
        FirstIfLater,
        "the seat is the new holder's",
        newest_is_won,
        "the old key ends by the ballot; what it signed before and others relied on binds in either case"
    ),
    row!(
        "revoke",
        "decline",
        "the key that is taken back votes against a ballot",
        with_second_key,
        takes_first_key_back,
        |world| unaware(world, world.vote_against(CREDITOR)),
        Second,
        "the vote is not counted",
        |world, fold| votes_against(world, fold).is_empty(),
        "authority fails closed: beyond the cut nothing counts that nobody relied on"
    ),
];

/// The rows about membership and ballots.
pub(crate) const BALLOTS: &[SpaceRow] = &[
    row!(
        "leave",
        "leave",
        "two members leave",
        World::of_four,
        |_| leave(CREDITOR),
        |_| leave(OTHER),
        Neither,
        "both are out",
        |_, fold| is_out(fold, CREDITOR) && is_out(fold, OTHER),
        "each goes by its own word"
    ),
    row!(
        "leave",
        "offer",
        "a member leaves while another offers to expel it",
        World::of_four,
        |_| leave(CREDITOR),
        |world| world.open(DEBTOR, expel(CREDITOR)),
        Neither,
        "it is out, and the ballot decides nothing more",
        |_, fold| is_out(fold, CREDITOR),
        "the voters are those that the offer had seen, so the ballot stays countable"
    ),
    row!(
        "leave",
        "offer",
        "a member leaves while another offers what needs every vote",
        World::of_four,
        |_| leave(CREDITOR),
        |world| world.open(DEBTOR, level()),
        Neither,
        "it is out, and the ballot waits for its vote",
        |world, fold| is_out(fold, CREDITOR) && !newest_is_won(world, fold),
        "the voters are those that the offer had seen; a new offer has the smaller circle"
    ),
    row!(
        "leave",
        "accept",
        "a member leaves while the last vote expels it",
        expelling,
        |_| leave(CREDITOR),
        |world| world.vote(OTHER),
        Neither,
        "it is out, and both ends are kept",
        |world, fold| newest_is_won(world, fold)
            && is_out(fold, CREDITOR)
            && fold.the_space().seats[&party(CREDITOR)].ended.len() == 2,
        "whoever has seen either end counts it as out"
    ),
    row!(
        "leave",
        "decline",
        "a member leaves while another votes against its expulsion",
        expelling,
        |_| leave(CREDITOR),
        |world| world.vote_against(OTHER),
        Neither,
        "it is out",
        |_, fold| is_out(fold, CREDITOR),
        "it goes by its own word"
    ),
    row!(
        "offer",
        "offer",
        "two members offer to expel each other",
        World::of_four,
        |world| world.open(CREDITOR, expel(OTHER)),
        |world| world.open(OTHER, expel(CREDITOR)),
        Neither,
        "both ballots are open",
        |_, fold| fold.the_space().ballots.len() == 4,
        "each ballot is counted from its own votes"
    ),
    row!(
        "offer",
        "offer",
        "two members offer to let the same party in by the same key",
        World::of_four,
        |world| world.open(CREDITOR, admit(world.space())),
        |world| world.open(OTHER, admit(world.space())),
        Later,
        "one ballot is open for it",
        |_, fold| fold.the_space().ballots.len() == 3,
        "both want the same; a key is introduced once, and the other member votes in the ballot that stands"
    ),
    row!(
        "offer",
        "accept",
        "the last vote raises the rules level while another offers the same level",
        || with_ballot(|_| level(), &[DEBTOR, OTHER, NEWCOMER]),
        |world| world.open(NEWCOMER, level()),
        |world| world.vote(CREDITOR),
        FirstIfLater,
        "the level is raised",
        |_, fold| fold.the_space().level == 1,
        "a level is only ever raised; a second ballot for the same level decides nothing, open or refused"
    ),
    row!(
        "offer",
        "accept",
        "the last vote lets a party in while another offers to expel a member",
        || with_ballot(admit, &[DEBTOR, CREDITOR, OTHER]),
        |world| world.open(CREDITOR, expel(OTHER)),
        |world| world.vote(NEWCOMER),
        Neither,
        "the party is in, and has no vote in the other ballot",
        |_, fold| fold.the_space().members().contains(&party(OUTSIDER)),
        "the voters are those that the offer had seen"
    ),
    row!(
        "offer",
        "decline",
        "a vote against one ballot while another is opened",
        expelling,
        |world| world.open(NEWCOMER, expel(OTHER)),
        |world| world.vote_against(OTHER),
        Neither,
        "both stand",
        |_, fold| fold.the_space().ballots.len() == 4,
        "each ballot is counted from its own votes"
    ),
    row!(
        "accept",
        "accept",
        "two votes, either of which is enough",
        expelling,
        |world| world.vote(OTHER),
        |world| world.vote(NEWCOMER),
        Neither,
        "the ballot is won",
        |world, fold| newest_is_won(world, fold) && is_out(fold, CREDITOR),
        "votes of a ballot are a set"
    ),
    row!(
        "accept",
        "decline",
        "a vote that is enough, and one against",
        expelling,
        |world| world.vote(OTHER),
        |world| world.vote_against(NEWCOMER),
        Neither,
        "the ballot is won",
        |world, fold| newest_is_won(world, fold) && is_out(fold, CREDITOR),
        "the share that genesis set is reached; a vote against takes none away"
    ),
    row!(
        "decline",
        "decline",
        "two votes against",
        expelling,
        |world| world.vote_against(OTHER),
        |world| world.vote_against(NEWCOMER),
        Neither,
        "both are counted",
        |world, fold| votes_against(world, fold).len() == 2,
        "votes of a ballot are a set"
    ),
];
