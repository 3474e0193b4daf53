"""Sections 4 to 13: rules that are easy to get wrong, each in the smallest space that shows it."""

import os
import unittest
from pathlib import Path

import cbor
from entries import (ACCEPT, ACK, ADMIT, ATTACH, COMMENT, CONFIRM, COUNTER, DECLARE, DECLINE, ENROL, ERASE, GENESIS, LAPSE,
                     LEAVE, OFFER, REPORT, REVOKE, TRANSCRIBE, WITHDRAW, read_entry)
from fold import Folded, digest_of, fold
from graph import Graph, NotStorable, Waits
from keys import H, ZERO, sha256
from workbench import Bench, Chain, Party, Signer, commitment_terms, content_of, sign_entry

NOTHING = [None, 0]


def terms_hash(terms: list, content: bytes | None = None, sort: int = 1) -> bytes:
    return H("peygir/terms/0", cbor.encode([sort, terms]), ZERO if content is None else sha256(content))


def folded(bench: Bench) -> Folded:
    graph = Graph(bench.space)
    for entry in bench.entries:
        graph.store(entry)
    return fold(graph)


class Pair(unittest.TestCase):
    """A space of its founder, `a`, and another party, `b`."""

    def setUp(self):
        self.bench = Bench(self.id())
        self.a = self.bench.found()
        self.genesis = self.a.head
        self.b = self.bench.chain(Party(self.id() + " b"), "b key")
        self.a.add(ADMIT, [self.b.party.introduction(self.bench.space, self.b.signer)])
        self.b.add(ACK, NOTHING, self.a.head)

    def terms(self, **other) -> list:
        return commitment_terms(self.a.party.id, self.b.party.id, **other)

    def agreed(self, **other):
        """A commitment in force that both have seen, and the hash of its terms."""
        terms = self.terms(**other)
        offer = self.a.add(OFFER, [None, 0, [1, terms]])
        self.b.add(ACCEPT, [1, offer.id, 0, terms_hash(terms)], offer)
        self.a.add(ACK, NOTHING, self.b.head)
        return offer, terms_hash(terms)

    def ballot(self, terms: list, *others: Chain):
        """A ballot that `a` opens and the others win."""
        offer = self.a.add(OFFER, [None, 0, [2, terms]], *(one.head for one in others if one.head))
        for one in others:
            one.add(ACCEPT, [2, offer.id, 0, terms_hash(terms, sort=2)], offer)
        self.a.add(ACK, NOTHING, *(one.head for one in others))
        return offer

    def voters(self, *chains: Chain) -> list[bytes]:
        return sorted(one.party.id for one in chains)

    def as_vector(self, name: str) -> None:
        """Writes the space among the golden vectors when they are blessed (PEYGIR_BLESS=1); the other implementation
        is held to them as well."""
        if os.environ.get("PEYGIR_BLESS") == "1":
            spaces = Path(__file__).parent.parent / "docs" / "vectors" / "spaces"
            (spaces / f"{name}.bundle").write_bytes(self.bench.bundle())

    def refused(self, *entries) -> list[bool]:
        found = folded(self.bench)
        return [entry.id in found.refused for entry in entries]

    def record(self, entry) -> list:
        return folded(self.bench).records[entry.id].encoded()

    def phase(self, entry) -> str:
        return folded(self.bench).phases()[entry.id]


class Storing(Pair):
    def graph(self) -> Graph:
        graph = Graph(self.bench.space)
        for entry in self.bench.entries:
            graph.store(entry)
        return graph

    def test_an_introduction_counts_whoever_signed_it(self):
        stranger = self.bench.chain(Party("stranger"), "stranger key")
        brought = self.b.add(ADMIT, [stranger.party.introduction(self.bench.space, stranger.signer)])
        entry = stranger.add(ACK, NOTHING, brought)
        self.assertEqual(self.graph().by_id[entry.id].seat, stranger.party.id)
        self.assertEqual(self.refused(brought), [True])

    def test_an_enrol_may_introduce_another_key_than_its_own(self):
        other = self.bench.chain(self.b.party, "b second key")
        brought = self.b.add(ENROL, [self.b.party.introduction(self.bench.space, other.signer)])
        other.add(ACK, NOTHING, brought)
        self.assertIn(other.head.id, self.graph().by_id)
        self.assertEqual(self.refused(brought), [True])

    def test_without_an_introduction_in_its_past_a_key_says_nothing(self):
        graph, late = self.graph(), Signer("late")
        party = Party("late")
        unknown = sign_entry(late, self.bench.space, 0, None, [self.a.head.id], ACK, cbor.encode(NOTHING))
        self.assertRaises(Waits, graph.store, unknown)
        graph.store(self.a.add(ADMIT, [party.introduction(self.bench.space, late)]))
        self.assertRaises(NotStorable, graph.store, sign_entry(late, self.bench.space, 0, None, [self.b.head.id], ACK,
                                                               cbor.encode(NOTHING)))

    def test_zeros_are_for_a_genesis_whatever_its_effect(self):
        graph = self.graph()
        for space, kind in ((ZERO, ACK), (self.bench.space, GENESIS)):
            entry = sign_entry(self.a.signer, space, self.a.head.seq + 1, self.a.head.id, [], kind, b"\x01")
            self.assertRaises(NotStorable, graph.store, entry)

    def test_an_unreadable_effect_changes_nothing_and_is_stored(self):
        before = folded(self.bench).digest()
        entries = [self.a.add(kind, effect) for kind, effect in ((999, b""), (LEAVE, b"\x81\x00"), (LAPSE, b""))]
        found = folded(self.bench)
        self.assertEqual(found.digest(), before)
        self.assertTrue(all(entry.id in found.unreadable for entry in entries))

    def test_the_order_of_arrival_decides_nothing(self):
        self.agreed()
        graph, waiting = Graph(self.bench.space), list(reversed(self.bench.entries))
        while waiting:
            for entry in list(waiting):
                try:
                    graph.store(entry)
                    waiting.remove(entry)
                except Waits:
                    continue
        self.assertEqual(fold(graph).digest(), folded(self.bench).digest())

    def test_entries_read_back(self):
        for entry in self.bench.entries:
            self.assertEqual(read_entry(entry.raw), entry)


class Standing(Pair):
    def fork_of_b(self):
        """What `b` signs where it also signs something else."""
        other = self.b.branch(self.b.head)
        offer = self.b.add(OFFER, [None, 0, [1, commitment_terms(self.b.party.id, self.a.party.id)]])
        other.add(ACK, [None, 7])
        return offer

    def test_behind_a_fork_only_what_others_relied_on_counts(self):
        offer = self.fork_of_b()
        self.assertEqual(self.refused(offer), [True])
        self.a.add(ACK, NOTHING, offer)
        self.assertEqual(self.refused(offer), [False])

    def test_who_knew_of_the_fork_did_not_rely(self):
        offer = self.fork_of_b()
        self.a.add(ACK, NOTHING, self.bench.entries[-1])
        self.a.add(ACK, NOTHING, offer)
        self.assertEqual(self.refused(offer), [True])

    def test_two_places_of_one_branch_show_no_fork(self):
        offer = self.fork_of_b()
        aside = self.b.branch(offer)
        later = self.b.add(OFFER, [None, 0, [1, commitment_terms(self.b.party.id, self.a.party.id)]])
        aside.add(ACK, [None, 8])
        self.a.add(ACK, NOTHING, later)
        self.assertEqual(self.refused(offer, later), [False, False])

    def test_a_stranger_cannot_rely(self):
        stranger = self.bench.chain(Party("stranger"), "stranger key")
        brought = self.b.add(ADMIT, [stranger.party.introduction(self.bench.space, stranger.signer)])
        offer = self.fork_of_b()
        stranger.add(ACK, NOTHING, offer)
        self.assertEqual(self.refused(brought, offer), [True, True])

    def test_who_comes_in_by_an_entry_does_not_rely_on_it(self):
        newcomer = self.bench.chain(Party("newcomer"), "newcomer key")
        other = self.b.branch(self.b.head)
        terms = [1, self.voters(self.a, self.b), newcomer.party.introduction(self.bench.space, newcomer.signer)]
        offer = self.b.add(OFFER, [None, 0, [2, terms]])
        other.add(ACK, [None, 7])
        newcomer.add(ACK, NOTHING, offer)
        self.assertEqual(self.refused(offer), [True])

    def test_a_new_key_counts_once_another_party_has_named_it(self):
        fresh = self.bench.chain(self.b.party, "b second key")
        fresh.add(ENROL, [self.b.party.introduction(self.bench.space, fresh.signer)], self.b.head)
        early = fresh.add(TRANSCRIBE, [None])
        fresh.add(ACK, NOTHING, self.a.add(ACK, NOTHING, fresh.head))
        late = fresh.add(TRANSCRIBE, [None])
        old = self.b.add(TRANSCRIBE, [None], fresh.head)
        self.assertEqual(self.refused(early, late, old), [True, False, True])

    def test_a_stranger_gives_no_notice(self):
        stranger = self.bench.chain(Party("stranger"), "stranger key")
        brought = self.b.add(ADMIT, [stranger.party.introduction(self.bench.space, stranger.signer)])
        fresh = self.bench.chain(self.b.party, "b second key")
        fresh.add(ENROL, [self.b.party.introduction(self.bench.space, fresh.signer)], self.b.head)
        stranger.add(ACK, NOTHING, brought, fresh.head)
        note = fresh.add(TRANSCRIBE, [None], stranger.head)
        self.assertEqual(self.refused(note), [True])

    def test_beyond_a_cut_nothing_counts_that_nobody_relied_on(self):
        inside = self.b.add(TRANSCRIBE, [None])
        offer = self.b.add(OFFER, [None, 0, [1, commitment_terms(self.b.party.id, self.a.party.id)]])
        beyond = self.b.add(TRANSCRIBE, [None])
        self.a.add(ACK, NOTHING, beyond)
        alone = self.b.add(OFFER, [None, 0, [1, commitment_terms(self.b.party.id, self.a.party.id)]])
        self.b.add(REVOKE, self.b.party.revoke(self.bench.space, self.b.signer.id, inside.seq))
        self.assertEqual(self.refused(inside, offer, beyond, alone), [False, False, True, True])

    def test_leaving_ends_what_comes_after_it(self):
        left = self.b.add(LEAVE, [])
        after = self.b.add(TRANSCRIBE, [None])
        self.assertEqual(self.refused(left, after), [False, True])

    def test_quorums_are_over_half_and_at_most_all(self):
        for quorum, good in (((1, 1), True), ((501, 1000), True), ((1, 2), False), ((2, 1), False), ((0, 0), False),
                             ((1001, 1001), False)):
            bench = Bench(f"quorum {quorum}", rules=(quorum, (1, 1)))
            bench.found()
            self.assertEqual(folded(bench).space.id is not None, good, quorum)

    def test_a_space_without_a_record_has_no_digest(self):
        bench = Bench("no record", rules=((1, 2), (1, 2)))
        founder = bench.found()
        founder.add(TRANSCRIBE, [None])
        found = folded(bench)
        self.assertEqual((found.records, found.digest()), ({}, ZERO))

    def test_the_folds_of_a_space_end(self):
        """Two revocations, each of which stands only if the other does not cut the vote that undoes it."""
        second, bench = self.bench.chain(Party("t"), "t key"), self.bench
        self.ballot([1, self.voters(self.a, self.b), second.party.introduction(bench.space, second.signer)], self.b)
        second.add(ACK, NOTHING, self.a.head)
        self.b.add(ACK, NOTHING, self.a.head)
        heirs, offers = {}, {}
        for seat, voter in ((second, self.b), (self.b, second)):
            heirs[seat.party.id] = heir = Party(f"heir of {seat.party.word}")
            terms = [3, self.voters(self.a, voter), heir.introduction(bench.space, Signer(heir.word), seat.party.id)]
            offers[seat.party.id] = (self.a.add(OFFER, [None, 0, [2, terms]], second.head, self.b.head), terms)
        votes = [voter.add(ACCEPT, [2, offers[seat.party.id][0].id, 0, terms_hash(offers[seat.party.id][1], sort=2)],
                           offers[seat.party.id][0]) for seat, voter in ((second, self.b), (self.b, second))]
        self.b.add(REVOKE, self.b.party.revoke(bench.space, self.b.signer.id, votes[0].seq - 1))
        second.add(REVOKE, heirs[second.party.id].revoke(bench.space, second.signer.id, votes[1].seq - 1,
                                                         seat=second.party.id))
        self.assertEqual(self.refused(*votes), [True, False])


    def test_the_eighth_fold_stands(self):
        """Two parties fork, and by turns let in who knows of that fork and relies on the next vote, by the other: what
        nobody relied on falls one by one, with every fold but the first."""
        count, bench = 9, self.bench
        third = bench.chain(Party("third"), "third key")
        self.ballot([1, self.voters(self.a, self.b), third.party.introduction(bench.space, third.signer)], self.b)
        third.add(ACK, NOTHING, self.a.head)
        newcomers, ballots = [], []
        for number in range(count):
            chain = bench.chain(Party(f"newcomer {number}"), f"newcomer key {number}")
            terms = [1, self.voters(self.a, self.b, third), chain.party.introduction(bench.space, chain.signer)]
            newcomers.append(chain)
            ballots.append((self.a.add(OFFER, [None, 0, [2, terms]], third.head), terms_hash(terms, sort=2)))
        forkers = [(one.head, one) for one in (self.b, third)]
        beside = [one.branch(head).add(ACK, [None, 7]) for head, one in forkers]
        votes = [forkers[number % 2][1].branch(forkers[number % 2][0]).add(ACCEPT, [2, offer.id, 0, hashed], offer)
                 for number, (offer, hashed) in enumerate(ballots)]
        for number, chain in enumerate(newcomers[:-1]):
            chain.add(ACK, NOTHING, votes[number], beside[number % 2])
            chain.add(ACK, NOTHING, votes[number + 1])
        self.assertEqual(self.refused(*votes), [True] * 7 + [False] * 2)
        self.as_vector("eighth-fold")

    def test_a_founder_that_forks_at_its_admit_stays_bound(self):
        """The party let in had relied on the admit; the fork takes neither its seat nor the promise."""
        offer = self.a.add(OFFER, [None, 0, [1, self.terms()]], self.b.head)
        self.b.add(ACCEPT, [1, offer.id, 0, terms_hash(self.terms())], offer)
        other = self.bench.chain(Party("let in on the side"), "accomplice key")
        beside = self.a.branch(self.genesis).add(ADMIT, [other.party.introduction(self.bench.space, other.signer)])
        other.add(ACK, NOTHING, beside)
        voters = self.voters(self.a, other)
        blind = other.add(OFFER, [None, 0, [2, [4, voters, 1]]])
        expel = other.add(OFFER, [None, 0, [2, [2, voters, self.b.party.id]]], self.b.head)
        of_founder = other.add(OFFER, [None, 0, [2, [2, self.voters(self.b, other), self.a.party.id]]])
        self.assertEqual(self.refused(beside, blind, expel, of_founder), [False, False, True, False])
        self.assertEqual(self.phase(offer), "detached")
        self.as_vector("founder-forks")


class Commitments(Pair):
    def test_votes_as_they_are_encoded(self):
        offer = self.a.add(OFFER, [None, 0, [1, self.terms()]])
        self.b.add(DECLINE, [1, offer.id, 0], offer)
        votes = dict(self.record(offer)[1][0][0][2])
        self.assertEqual(votes[self.a.party.id], [[offer.id, (1, terms_hash(self.terms()))]])
        self.assertEqual(votes[self.b.party.id], [[self.b.head.id, (2,)]])

    def test_who_saw_an_offer_withdrawn_cannot_accept_it(self):
        offer = self.a.add(OFFER, [None, 0, [1, self.terms()]])
        lapse = self.a.add(LAPSE, [1, offer.id, 0])
        accept = self.b.add(ACCEPT, [1, offer.id, 0, terms_hash(self.terms())], lapse)
        self.assertEqual(self.refused(accept), [True])
        self.assertEqual(dict(self.record(offer)[1][0][0][2])[self.b.party.id], [[accept.id, (3,)]])

    def test_who_had_not_seen_it_can(self):
        offer = self.a.add(OFFER, [None, 0, [1, self.terms()]])
        self.a.add(LAPSE, [1, offer.id, 0])
        self.b.add(ACCEPT, [1, offer.id, 0, terms_hash(self.terms())], offer)
        self.assertEqual(self.phase(offer), "detached")

    def test_a_content_is_part_of_the_terms(self):
        content = content_of("wheat")
        offer = self.a.add(OFFER, [None, 0, [1, self.terms()]], content=content)
        without = self.b.add(ACCEPT, [1, offer.id, 0, terms_hash(self.terms())], offer)
        with_it = self.b.add(ACCEPT, [1, offer.id, 0, terms_hash(self.terms(), content)])
        self.assertEqual(self.refused(without, with_it), [True, False])

    def test_the_terms_hash_of_a_counter_is_that_of_an_offer(self):
        offer = self.a.add(OFFER, [None, 0, [1, self.terms()]])
        other = self.terms(due=[1, "UTC"])
        counter = self.b.add(COUNTER, [offer.id, 0, [1, other]], offer)
        self.a.add(ACCEPT, [1, offer.id, 1, terms_hash(other)], counter)
        self.assertEqual(self.phase(offer), "detached")

    def test_closures(self):
        for closure, confirmed in ((0, "reported"), (1, "confirmed"), (2, "confirmed")):
            with self.subTest(closure=closure):
                self.setUp()
                third = self.bench.chain(Party("third"), "third key")
                newcomer = third.party.introduction(self.bench.space, third.signer)
                self.ballot([1, self.voters(self.a, self.b), newcomer], self.b)
                terms = commitment_terms(self.a.party.id, self.b.party.id, third.party.id, closure=closure)
                offer = self.a.add(OFFER, [None, 0, [1, terms]])
                for one in (self.b, third):
                    one.add(ACCEPT, [1, offer.id, 0, terms_hash(terms)], offer)
                report = self.a.add(REPORT, [offer.id, terms_hash(terms)], self.b.head, third.head)
                self.b.add(CONFIRM, [offer.id, report.id], report)
                self.assertEqual(self.phase(offer), confirmed)

    def test_a_closed_commitment_still_takes_an_erasure(self):
        offer, agreed = self.agreed()
        report = self.a.add(REPORT, [offer.id, agreed])
        self.b.add(CONFIRM, [offer.id, report.id], report)
        again = self.a.add(REPORT, [offer.id, agreed], self.b.head)
        erase = self.a.add(ERASE, [offer.id, report.id])
        self.assertEqual(self.phase(offer), "confirmed")
        self.assertEqual(self.refused(again, erase), [True, False])

    def test_tags_say_what_changes(self):
        offer, _ = self.agreed()
        for tag, change, good in ((0, {}, False), (1, {}, True), (1, {"closure": 1}, True), (2, {"due": [5, "UTC"]}, True),
                                  (2, {"closure": 1}, False), (3, {"due": [5, "UTC"]}, False), (5, {}, True),
                                  (5, {"reply_by": 3}, True)):
            with self.subTest(tag=tag, change=change):
                branch = self.a.branch(self.a.head)
                entry = branch.add(OFFER, [offer.id, 1, [1, self.terms(tag=tag, **change)]])
                self.assertEqual(self.refused(entry), [not good])
                self.bench.entries.remove(entry)

    def test_limits_of_the_terms(self):
        for good, terms in ((True, self.terms(due=[-135_140, "a"])), (False, self.terms(due=[-135_141, "a"])),
                            (True, self.terms(due=[157_419, "a"])), (False, self.terms(due=[157_420, "a"])),
                            (False, self.terms(due=[0, ""])), (True, self.terms(due=[0, "x" * 64])),
                            (False, self.terms(due=[0, "x" * 65])), (False, self.terms(due=[0, "a b"])),
                            (False, commitment_terms(self.a.party.id)),
                            (False, commitment_terms(self.a.party.id, self.a.party.id)),
                            (True, commitment_terms(self.a.party.id, *(bytes([n]) * 32 for n in range(200)))),
                            (False, commitment_terms(self.a.party.id, *(bytes([n]) * 32 for n in range(201)))),
                            (False, commitment_terms(ZERO, self.b.party.id))):
            entry = self.a.add(OFFER, [None, 0, [1, terms]])
            self.assertEqual(self.refused(entry), [not good], terms[4])


class Others(Pair):
    def test_a_note_needs_a_content_and_what_it_is_about(self):
        entries = [self.a.add(COMMENT, [self.bench.space], content=content_of("x")),
                   self.a.add(COMMENT, [self.bench.space]),
                   self.a.add(ATTACH, [bytes(32)], content=content_of("x"))]
        self.assertEqual(self.refused(*entries), [False, True, True])

    def test_only_an_author_corrects_and_erases(self):
        first = self.a.add(TRANSCRIBE, [None])
        entries = [self.a.add(TRANSCRIBE, [first.id]), self.b.add(TRANSCRIBE, [first.id], first),
                   self.b.add(ERASE, [first.id, first.id]), self.a.add(ERASE, [first.id, first.id]),
                   self.a.add(ERASE, [first.id, first.id])]
        self.assertEqual(self.refused(*entries), [False, True, True, False, True])

    def test_only_an_author_corrects_and_withdraws_a_declaration_of_the_same_sort(self):
        first = self.a.add(DECLARE, [None, 1, False])
        entries = [self.a.add(DECLARE, [None, 2, True]), self.a.add(DECLARE, [first.id, 1, True]),
                   self.a.add(DECLARE, [first.id, 2, False]), self.b.add(DECLARE, [first.id, 1, False], first),
                   self.a.add(TRANSCRIBE, [first.id]), self.a.add(DECLARE, [first.id, 1, False]),
                   self.b.add(ERASE, [first.id, first.id], first), self.a.add(ERASE, [first.id, first.id])]
        self.assertEqual(self.refused(*entries), [True, False, True, True, True, False, True, False])

    def test_digests_of_trees(self):
        one, two = bytes(32), b"\x0f" + bytes(31)
        self.assertEqual(digest_of({}), ZERO)
        self.assertEqual(digest_of({one: b"leaf"}), b"leaf")
        inner = [ZERO] * 16
        inner[0], inner[15] = b"a", b"b"
        outer = [ZERO] * 16
        outer[0] = H("peygir/tree/0", *inner)
        self.assertEqual(digest_of({one: b"a", two: b"b"}), H("peygir/tree/0", *outer))


class Agreements(Pair):
    """Section 11: agreements between a and b, which either may leave with thirty days of notice."""

    def terms(self, tag=0, clauses=(1, 2), withdrawal=(1, 30)) -> list:
        return [tag, sorted((self.a.party.id, self.b.party.id)), list(clauses), list(withdrawal), None]

    def offer(self, terms: list, number: int = 0, of=None, *deps):
        return self.a.add(OFFER, [None if of is None else of.id, number, [3, terms]], *deps)

    def accept(self, offer, terms: list, number: int = 0, of=None):
        accepted = terms_hash(terms, sort=3)
        return self.b.add(ACCEPT, [3, (of or offer).id, number, accepted], offer)

    def phase(self, offer) -> str:
        return folded(self.bench).agreement_phases()[offer.id]

    def test_both_sign_the_same_text(self):
        offer = self.offer(self.terms())
        self.assertEqual(self.phase(offer), "offered")
        self.accept(offer, self.terms())
        self.assertEqual(self.phase(offer), "in force")

    def test_a_dropped_number_does_not_come_back(self):
        offer = self.offer(self.terms())
        answer = self.accept(offer, self.terms())
        without = self.terms(tag=1, clauses=(1,))
        amended = self.offer(without, 1, offer, answer)
        answer = self.accept(amended, without, 1, offer)
        again = self.offer(self.terms(tag=1, clauses=(1, 2)), 2, offer, answer)
        self.assertIn(again.id, folded(self.bench).refused)

    def test_a_party_leaves_by_notice_alone(self):
        for withdrawal, expected in (((1, 30), "withdrawn"), ((0,), "in force"), ((2,), "in force")):
            with self.subTest(withdrawal=withdrawal):
                self.setUp()
                terms = self.terms(withdrawal=withdrawal)
                offer = self.offer(terms)
                self.accept(offer, terms)
                left = self.b.add(WITHDRAW, [offer.id])
                self.assertEqual(self.phase(offer), expected)
                self.assertEqual(left.id in folded(self.bench).refused, expected == "in force")

    def test_a_step_about_another_sort_of_object_is_refused(self):
        offer = self.offer(self.terms())
        wrong = self.b.add(ACCEPT, [1, offer.id, 0, terms_hash(self.terms(), sort=3)], offer)
        self.assertIn(wrong.id, folded(self.bench).refused)


if __name__ == "__main__":
    unittest.main()
