"""Section 15: frames, and the eleven payloads."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

import cbor
from cbor import DecodeError

MAX_PAYLOAD = 8 * 1024 * 1024
MAX_MESSAGE = 16 * 1024 * 1024
MAX_PART = 1024 * 1024
MAX_HEADS, MAX_WANTS = 8_192, 1_024
FRAME_HEAD = 5          # one byte of type, four of length

HELLO, JOIN, JOINED, REFUSED, HEADS, WANT, ENTRIES, WANT_CONTENT, PART, PROOF, END = range(1, 12)
MISSING, PRESENT, WITHHELD, ERASED = range(4)


def read_frames(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Type and payload of each frame to the end of the stream. No more is read than one frame may hold."""
    while head := stream.read(FRAME_HEAD):
        if len(head) < FRAME_HEAD:
            raise DecodeError("a frame is cut off")
        size = int.from_bytes(head[1:], "big")
        if size > MAX_PAYLOAD:
            raise DecodeError(f"a frame is longer than {MAX_PAYLOAD}")
        payload = stream.read(size)
        if len(payload) < size:
            raise DecodeError("a frame is cut off")
        yield head[0], payload


def read_message(stream: BinaryIO) -> list[tuple[str, dict]]:
    """The word and the fields of every frame of a message."""
    found, total = [], 0
    for kind, payload in read_frames(stream):
        total += FRAME_HEAD + len(payload)
        if total > MAX_MESSAGE:
            raise DecodeError(f"a message is longer than {MAX_MESSAGE}")
        found.append((word_of(kind), read_payload(kind, payload)))
    return found


def word_of(kind: int) -> str:
    if kind not in PAYLOADS:
        raise DecodeError(f"a frame of unknown type {kind}")
    return PAYLOADS[kind][0]


def read_payload(kind: int, payload: bytes) -> dict:
    """The fields of a payload by their names."""
    word = word_of(kind)
    return PAYLOADS[kind][1](cbor.decode(payload), word)


# ---------------------------------------------------------------- the payloads

def _hello(value, word: str) -> dict:
    return {"node": cbor.pubkey(value, word)}


def _join(value, word: str) -> dict:
    space, secret, introduction, name, url = cbor.array(value, 5, word)
    return {"space": cbor.hash32(space), "secret": cbor.byte_string(secret, None, word),
            "introduction": cbor.byte_string(introduction, None, word), "name": cbor.text(name), "url": cbor.text(url)}


def _joined(value, word: str) -> dict:
    return {"space": cbor.hash32(value, word)}


def _refused(value, word: str) -> dict:
    return {"why": cbor.text(value, word)}


def _heads(value, word: str) -> dict:
    space, items, between = cbor.array(value, 3, word)
    heads = []
    for item in _at_most(items, MAX_HEADS, word):
        key, seq, entry = cbor.array(item, 3, word)
        heads.append({"key": cbor.byte_string(key, 8, word), "seq": cbor.uint(seq, word), "entry": cbor.hash32(entry)})
    if between is not None:
        start, end = cbor.array(between, 2, word)
        between = {"from": cbor.hash32(start), "to": None if end is None else cbor.hash32(end)}
    return {"space": cbor.hash32(space), "heads": heads, "between": between}


def _want(value, word: str) -> dict:
    space, entries, back = cbor.array(value, 3, word)
    return {"space": cbor.hash32(space), "entries": cbor.hash_list(_at_most(entries, MAX_WANTS, word), word),
            "back": cbor.uint(back, word)}


def _entries(value, word: str) -> dict:
    space, items, more = cbor.array(value, 3, word)
    entries = []
    for item in cbor.array(items, None, word):
        entry, content = cbor.array(item, 2, word)
        entries.append({"entry": cbor.byte_string(entry, None, word),
                        "content": cbor.optional(content, cbor.byte_string, None, word)})
    return {"space": cbor.hash32(space), "entries": entries, "more": cbor.boolean(more, word)}


def _want_content(value, word: str) -> dict:
    space, content, offset = cbor.array(value, 3, word)
    return {"space": cbor.hash32(space), "content": cbor.hash32(content), "offset": cbor.uint(offset, word)}


def _part(value, word: str) -> dict:
    space, content, state, size, offset, data = cbor.array(value, 6, word)
    if len(cbor.byte_string(data, None, word)) > MAX_PART:
        raise DecodeError(f"a part is longer than {MAX_PART}")
    return {"space": cbor.hash32(space), "content": cbor.hash32(content),
            "state": cbor.choice(state, range(4), "state"), "len": cbor.uint(size, word),
            "offset": cbor.uint(offset, word), "bytes": data}


def _proof(value, word: str) -> dict:
    key, one, two = cbor.array(value, 3, word)
    return {"key": cbor.pubkey(key, word), "one": cbor.byte_string(one, None, word),
            "two": cbor.byte_string(two, None, word)}


def _end(value, word: str) -> dict:
    return {"entries": cbor.uint(value, word)}


def _at_most(items, limit: int, word: str) -> list:
    if len(cbor.array(items, None, word)) > limit:
        raise DecodeError(f"{word}: more than {limit}")
    return items


PAYLOADS: dict[int, tuple[str, Callable]] = {
    HELLO: ("hello", _hello), JOIN: ("join", _join), JOINED: ("joined", _joined), REFUSED: ("refused", _refused),
    HEADS: ("heads", _heads), WANT: ("want", _want), ENTRIES: ("entries", _entries),
    WANT_CONTENT: ("want content", _want_content), PART: ("part", _part), PROOF: ("proof", _proof),
    END: ("end", _end),
}
