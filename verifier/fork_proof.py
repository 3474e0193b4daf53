"""Section 14: fork proofs."""

from dataclasses import dataclass

from cbor import DecodeError
from entries import MAX_ENTRY, Entry, read_entry
from frames import PROOF, read_payload

# Two entries, a key, and the heads of an array and three byte strings.
MAX_FORK_PROOF = 2 * MAX_ENTRY + 64


@dataclass(frozen=True)
class ForkProof:
    """Two entries that one key signed for one place."""
    pubkey: bytes
    one: Entry
    two: Entry


def read_fork_proof(data: bytes) -> ForkProof:
    """Reads a proof and checks it. Raises DecodeError with what is wrong."""
    if len(data) > MAX_FORK_PROOF:
        raise DecodeError(f"fork proof: longer than {MAX_FORK_PROOF}")
    fields = read_payload(PROOF, data)
    one, two = read_entry(fields["one"]), read_entry(fields["two"])
    for name, entry in (("first", one), ("second", two)):
        if not entry.signed_by(fields["key"]):
            raise DecodeError(f"fork proof: the {name} entry does not verify under the key")
    if one.space_id != two.space_id or one.seq != two.seq:
        raise DecodeError("fork proof: the entries are of different spaces or have different seqs")
    if not one.id < two.id:
        raise DecodeError("fork proof: the entries are not two in ascending order of their ids")
    return ForkProof(fields["key"], one, two)
