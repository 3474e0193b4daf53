//! Claims about who is in a space: genesis, admit, leave, and ballots that admit, expel, succeed and raise.

use agreement::operation::{Admit, Genesis};
use agreement::quorum::Quorum;
use agreement::{Refusal, Rules, SpaceTerms};
use oplog::{Secret, SpaceId, TermsHash};

use crate::refusal_in;
use crate::world::{
    CREDITOR, DEBTOR, Draft, NEWCOMER, OTHER, OUTSIDER, World, accept_ballot, all_but, draft, expel,
    identity, introduction, introduction_under, key, leave, parties, party,
};

const EVERYONE: [u8; 4] = [DEBTOR, CREDITOR, OTHER, NEWCOMER];

fn is_member(world: &World, seat: u8) -> bool {
    world.fold().the_space().members().contains(&party(seat))
}

fn level(voters: &[u8], level: u64) -> SpaceTerms {
    SpaceTerms::Level { voters: parties(voters), level }
}

fn admit(world: &World, voters: &[u8], seat: u8) -> SpaceTerms {
    SpaceTerms::Admit { voters: parties(voters), introduction: introduction(world.space(), (seat, 0)) }
}

fn succeed(world: &World, voters: &[u8], seat: u8, heir: u8) -> SpaceTerms {
    let introduction = introduction_under(&identity(heir), world.space(), seat, (heir, 0));
    SpaceTerms::Succeed { voters: parties(voters), introduction }
}

#[test]
fn a_genesis_founds_a_space_of_one() {
    let world = World::founded();
    let fold = world.fold();
    assert_eq!(fold.the_space().members(), parties(&[DEBTOR]));
    assert_eq!(fold.the_space().epoch(), 0);
    let again = draft(DEBTOR, world.entries[0].operation.clone());
    assert!(matches!(refusal_in(&world, again), Some(Refusal::Space(_))));
}

/// Why a genesis is refused.
fn genesis_refused(rules: Rules, founder: agreement::Introduction) -> Option<Refusal> {
    let mut world = World::founded();
    world.entries[0].operation = Genesis { nonce: 2, rules, founder }.into();
    let entry = &world.entries[0];
    entry.by(agreement::Standing::Full, |by| agreement::decide(None, &entry.operation, by)).err()
}

#[test]
fn a_genesis_has_sound_quorums_and_a_granted_key() {
    let founder = introduction(SpaceId::ZERO, (DEBTOR, 0));
    assert_eq!(genesis_refused(Rules::default(), founder.clone()), None);
    let half = Rules { admit: Quorum { numerator: 1, denominator: 2 }, ..Rules::default() };
    assert!(matches!(genesis_refused(half, founder.clone()), Some(Refusal::Space(_))));
    let other_key = introduction(SpaceId::ZERO, (DEBTOR, 1));
    assert!(matches!(genesis_refused(Rules::default(), other_key), Some(Refusal::Space(_))));
    let elsewhere = introduction(SpaceId([3; 32]), (DEBTOR, 0));
    assert!(matches!(genesis_refused(Rules::default(), elsewhere), Some(Refusal::Identity(_))));
    let mut unsigned = founder;
    unsigned.node = Secret::from_seed(&[99; 32]).public();
    assert!(matches!(genesis_refused(Rules::default(), unsigned), Some(Refusal::Identity(_))));
}

#[test]
fn the_founder_alone_admits_the_second_party_and_no_third() {
    let world = World::founded();
    let admit = |world: &World, seat| Admit { introduction: introduction(world.space(), (seat, 0)) };
    assert_eq!(refusal_in(&world, draft(DEBTOR, admit(&world, CREDITOR))), None);
    let itself = Admit { introduction: introduction(world.space(), (DEBTOR, 1)) };
    let member = Some(Refusal::Space("the party is a member already"));
    assert_eq!(refusal_in(&world, draft(DEBTOR, itself)), member);
    let two = World::of_two();
    let third = Some(Refusal::Space("a third party is let in by ballot"));
    assert_eq!(refusal_in(&two, draft(DEBTOR, admit(&two, OTHER))), third);
    let founder = Some(Refusal::Space("only the founder admits the second party"));
    assert_eq!(refusal_in(&two, draft(CREDITOR, admit(&two, OTHER))), founder);
    let elsewhere = Admit { introduction: introduction(SpaceId::ZERO, (CREDITOR, 0)) };
    assert!(matches!(refusal_in(&world, draft(DEBTOR, elsewhere)), Some(Refusal::Identity(_))));
}

#[test]
fn a_ballot_of_all_members_lets_a_party_in_and_its_key_counts_then() {
    let mut world = World::of_two();
    let terms = admit(&world, &[DEBTOR, CREDITOR], OTHER);
    world.ballot(terms, &[DEBTOR]);
    assert!(!is_member(&world, OTHER));
    assert!(matches!(refusal_in(&world, leave(OTHER)), Some(Refusal::Standing(_))));
    world.sign(world.vote(CREDITOR));
    assert!(is_member(&world, OTHER));
    assert_eq!(refusal_in(&world, leave(OTHER)), None);
}

#[test]
fn a_ballot_about_the_space_has_the_voters_that_its_offer_had_seen() {
    let world = World::of_four();
    let voters =
        Some(Refusal::Space("the voters are the members that the offer had seen, without its subject"));
    assert_eq!(refusal_in(&world, world.open(DEBTOR, admit(&world, &[DEBTOR, CREDITOR], OUTSIDER))), voters);
    let with_subject = SpaceTerms::Expel { voters: parties(&EVERYONE), seat: party(OTHER) };
    assert_eq!(refusal_in(&world, world.open(DEBTOR, with_subject)), voters);
    let stranger = SpaceTerms::Expel { voters: parties(&EVERYONE), seat: party(OUTSIDER) };
    let no_member = Some(Refusal::Space("the ballot is about no member"));
    assert_eq!(refusal_in(&world, world.open(DEBTOR, stranger)), no_member);
    assert_eq!(refusal_in(&world, world.open(OTHER, expel(OTHER))), Some(Refusal::NotNamed));
}

#[test]
fn in_a_space_of_two_nobody_expels() {
    let world = World::of_two();
    let terms = SpaceTerms::Expel { voters: parties(&[DEBTOR]), seat: party(CREDITOR) };
    let refused = Some(Refusal::Space("in a space of two nobody expels"));
    assert_eq!(refusal_in(&world, world.open(DEBTOR, terms)), refused);
}

#[test]
fn a_member_and_a_used_key_are_not_let_in_again() {
    let world = World::of_four();
    let member = Some(Refusal::Space("the party is a member already"));
    assert_eq!(refusal_in(&world, world.open(DEBTOR, admit(&world, &EVERYONE, OTHER))), member);
    let heir = succeed(&world, &all_but(OTHER), OTHER, CREDITOR);
    let used = Some(Refusal::Space("the key is in use here"));
    assert_eq!(refusal_in(&world, world.open(DEBTOR, heir)), used);
}

#[test]
fn the_quorum_of_the_others_expels() {
    let mut world = World::of_four();
    world.ballot(expel(OTHER), &[DEBTOR]);
    assert!(is_member(&world, OTHER));
    world.sign(world.vote_against(CREDITOR));
    world.sign(world.vote(NEWCOMER));
    assert!(!is_member(&world, OTHER));
    assert!(matches!(refusal_in(&world, leave(OTHER)), Some(Refusal::Standing(_))));
}

#[test]
fn a_vote_on_a_ballot_is_a_voters_once_and_for_its_terms() {
    let mut world = World::of_four();
    world.ballot(expel(OTHER), &[DEBTOR]);
    let (ballot, terms) = world.newest_ballot();
    let vote = |seat| draft(seat, accept_ballot(ballot, terms));
    assert_eq!(refusal_in(&world, vote(OTHER)), Some(Refusal::NotNamed));
    assert_eq!(refusal_in(&world, vote(DEBTOR)), Some(Refusal::AlreadyVoted));
    let other_terms = draft(CREDITOR, accept_ballot(ballot, TermsHash([7; 32])));
    assert_eq!(refusal_in(&world, other_terms), Some(Refusal::NoSuchTerms));
    let nowhere = draft(CREDITOR, accept_ballot(world.space().into(), terms));
    assert_eq!(refusal_in(&world, nowhere), Some(Refusal::NoSuchSlot));
    let offer = world.entries.last().unwrap().id;
    assert_eq!(refusal_in(&world, vote(CREDITOR).blind_to(&[offer])), Some(Refusal::NoSuchSlot));
    world.sign(world.vote_against(CREDITOR));
    assert_eq!(refusal_in(&world, vote(CREDITOR)), Some(Refusal::AlreadyVoted));
}

#[test]
fn a_successor_takes_the_seat_and_the_old_keys_are_silent() {
    let mut world = World::of_four();
    let terms = succeed(&world, &all_but(OTHER), OTHER, OUTSIDER);
    world.ballot(terms, &[DEBTOR, CREDITOR, NEWCOMER]);
    let fold = world.fold();
    assert!(is_member(&world, OTHER));
    assert_eq!(fold.the_space().keys[&key((OUTSIDER, 0))].seat, party(OTHER));
    assert!(matches!(refusal_in(&world, leave(OTHER)), Some(Refusal::Standing(_))));
    let old_guardians = refusal_in(&world, world.enrol((OTHER, 1)));
    assert!(matches!(old_guardians, Some(Refusal::Identity(_))));
}

#[test]
fn in_a_space_of_two_neither_hands_the_others_seat_to_a_name_of_its_own() {
    let world = World::of_two();
    let heir = succeed(&world, &[DEBTOR], CREDITOR, OUTSIDER);
    let refused = Some(Refusal::Space("in a space of two nobody hands the other's seat on"));
    assert_eq!(refusal_in(&world, world.open(DEBTOR, heir)), refused);
}

#[test]
fn a_rules_level_is_raised_by_all_and_never_lowered() {
    let mut world = World::of_four();
    world.ballot(level(&EVERYONE, 2), &EVERYONE[..3]);
    assert_eq!(world.fold().the_space().level, 0);
    world.sign(world.vote(NEWCOMER));
    assert_eq!(world.fold().the_space().level, 2);
    let lower = Some(Refusal::Space("a rules level is only ever raised"));
    assert_eq!(refusal_in(&world, world.open(DEBTOR, level(&EVERYONE, 2))), lower);
}

#[test]
fn who_left_has_no_voice_and_comes_back_by_ballot_with_a_new_key() {
    let mut world = World::of_four();
    world.sign(leave(OTHER));
    assert!(!is_member(&world, OTHER));
    let said: Draft = world.open(OTHER, level(&EVERYONE, 1));
    assert!(matches!(refusal_in(&world, said), Some(Refusal::Standing(_))));
    let back = introduction(world.space(), (OTHER, 1));
    let terms = SpaceTerms::Admit { voters: parties(&all_but(OTHER)), introduction: back };
    world.ballot(terms, &all_but(OTHER));
    assert!(is_member(&world, OTHER));
    assert_eq!(refusal_in(&world, leave(OTHER).by_key(1)), None);
    assert_eq!(world.fold().the_space().epoch(), 3);
}

#[test]
fn an_offer_about_the_space_is_in_slot_0() {
    let world = World::of_four();
    let mut offer = world.open(DEBTOR, level(&EVERYONE, 1));
    if let agreement::Operation::Offer(offer) = &mut offer.operation {
        offer.slot = 1;
    }
    assert_eq!(refusal_in(&world, offer), Some(Refusal::NoSuchSlot));
}

#[test]
fn whoever_leaves_still_speaks_in_the_entry_by_which_it_leaves() {
    let mut world = World::of_four();
    world.sign(leave(OTHER));
    world.sign(leave(OTHER));
    let folded = world.fold();
    let standings =
        world.entries.iter().filter(|entry| matches!(entry.operation, agreement::Operation::Leave(_)));
    let standings: Vec<_> = standings.map(|entry| world.standing(entry, Some(folded.the_space()))).collect();
    assert!(
        matches!(standings[..], [agreement::Standing::Full, agreement::Standing::Void(_)]),
        "{standings:?}"
    );
}

#[test]
fn a_founder_takes_no_seat_by_a_name_let_in_behind_the_others_back() {
    let mut world = World::founded();
    let enrol = world.sign(world.enrol((DEBTOR, 1)));
    let admit = |world: &World, seat| Admit { introduction: introduction(world.space(), (seat, 0)) };
    let first = draft(DEBTOR, admit(&world, CREDITOR)).blind_to(&[enrol]);
    let admitted = world.sign(first);
    let second = draft(DEBTOR, admit(&world, OTHER)).by_key(1).blind_to(&[admitted]);
    assert!(matches!(refusal_in(&world, second.clone()), Some(Refusal::Space(_))));
    world.sign(second);
    let terms = agreement::Terms::Space(succeed(&world, &[DEBTOR, OTHER], CREDITOR, OUTSIDER));
    let hash = terms.hash(None);
    let offer = agreement::operation::Offer { object: None, slot: 0, terms };
    let ballot = world.sign(draft(DEBTOR, offer).by_key(1)).into();
    world.sign(draft(OTHER, accept_ballot(ballot, hash)));
    assert!(is_member(&world, CREDITOR) && !is_member(&world, OTHER));
    assert!(!world.fold().the_space().ballots.contains_key(&ballot));
}

#[test]
fn whoever_asked_to_be_let_in_is_made_nobodys_successor_and_the_other_way_round() {
    let world = World::of_four();
    let own = introduction(world.space(), (OUTSIDER, 0));
    let as_heir = SpaceTerms::Succeed { voters: parties(&all_but(OUTSIDER)), introduction: own };
    let refused = refusal_in(&world, world.open(DEBTOR, as_heir));
    assert_eq!(refused, Some(Refusal::Space("the ballot is about no member")));
    let for_another = introduction_under(&identity(OUTSIDER), world.space(), OTHER, (OUTSIDER, 0));
    let as_newcomer = SpaceTerms::Admit { voters: parties(&EVERYONE), introduction: for_another.clone() };
    let own_seat = Some(Refusal::Space("whoever is let in takes a seat of its own"));
    assert_eq!(refusal_in(&world, world.open(DEBTOR, as_newcomer)), own_seat);
    let changed = agreement::Introduction { seat: party(CREDITOR), ..for_another };
    let stolen = SpaceTerms::Succeed { voters: parties(&all_but(CREDITOR)), introduction: changed };
    assert!(matches!(refusal_in(&world, world.open(DEBTOR, stolen)), Some(Refusal::Identity(_))));
}
