"""Section 1: the small part of CBOR that the protocol uses, read and written canonically.

Values are plain Python objects: int, bytes, str, bool, None and list. The reader refuses whatever the writer would
not have written, so that "encoding the decoded value again gives the same bytes" holds by construction.
"""

MAX_UINT = 2**64 - 1

# No type of the protocol nests deeper than this; a limit keeps hostile input from exhausting the Python stack.
MAX_NESTING = 32


class DecodeError(Exception):
    """The bytes are not what the protocol says they must be."""


# ---------------------------------------------------------------- writing

def encode(value) -> bytes:
    """The canonical encoding of a value."""
    out = bytearray()
    _write(out, value)
    return bytes(out)


def _write(out: bytearray, value) -> None:
    # bool is tested before int because in Python True is an int.
    if value is None:
        out.append(0xF6)
    elif value is True:
        out.append(0xF5)
    elif value is False:
        out.append(0xF4)
    elif isinstance(value, int):
        if value >= 0:
            _write_head(out, 0, value)
        else:
            _write_head(out, 1, -1 - value)
    elif isinstance(value, (bytes, bytearray)):
        _write_head(out, 2, len(value))
        out += value
    elif isinstance(value, str):
        data = value.encode("utf-8")
        _write_head(out, 3, len(data))
        out += data
    elif isinstance(value, (list, tuple)):
        _write_head(out, 4, len(value))
        for item in value:
            _write(out, item)
    else:
        raise TypeError(f"no encoding for {type(value).__name__}")


def _write_head(out: bytearray, major: int, argument: int) -> None:
    if argument > MAX_UINT:
        raise ValueError("integer does not fit 64 bits")
    if argument < 24:
        out.append(major << 5 | argument)
    else:
        for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
            if argument < 1 << (8 * size):
                out.append(major << 5 | info)
                out += argument.to_bytes(size, "big")
                return


# ---------------------------------------------------------------- reading

def decode(data: bytes):
    """The value of bytes that hold exactly one canonical item."""
    value, end = decode_first(data, 0)
    if end != len(data):
        raise DecodeError("bytes remain after the value")
    return value


def decode_first(data: bytes, start: int = 0):
    """The value that begins at `start`, and where it ends."""
    return _read(data, start, 0)


def _read(data: bytes, at: int, nesting: int):
    if nesting > MAX_NESTING:
        raise DecodeError("nested too deep")
    if at >= len(data):
        raise DecodeError("the bytes end too early")
    major, info = data[at] >> 5, data[at] & 31
    if major == 7:
        if info in (20, 21, 22):
            return {20: False, 21: True, 22: None}[info], at + 1
        raise DecodeError("a float or simple value that the protocol does not use")
    if major in (5, 6):
        raise DecodeError("a map or tag")
    argument, at = _read_argument(data, at + 1, info)
    if major == 0:
        return argument, at
    if major == 1:
        return -1 - argument, at
    if major == 4:
        items = []
        for _ in range(argument):  # runs out of bytes long before a lying length is reached
            item, at = _read(data, at, nesting + 1)
            items.append(item)
        return items, at
    end = at + argument
    if end > len(data):
        raise DecodeError("the bytes end too early")
    chunk = bytes(data[at:end])
    if major == 2:
        return chunk, end
    try:
        return chunk.decode("utf-8"), end
    except UnicodeDecodeError:
        raise DecodeError("a text that is not UTF-8") from None


def _read_argument(data: bytes, at: int, info: int):
    if info < 24:
        return info, at
    if info > 27:
        raise DecodeError("an indefinite length or reserved form")
    size = 1 << (info - 24)
    if at + size > len(data):
        raise DecodeError("the bytes end too early")
    argument = int.from_bytes(data[at:at + size], "big")
    smallest = 24 if size == 1 else 1 << (8 * size // 2)
    if argument < smallest:
        raise DecodeError("an integer or length that is not in its shortest form")
    return argument, at + size


# ---------------------------------------------------------------- shapes

def array(value, size: int | None = None, what: str = "array") -> list:
    if not isinstance(value, list):
        raise DecodeError(f"{what}: not an array")
    if size is not None and len(value) != size:
        raise DecodeError(f"{what}: {len(value)} items where {size} belong")
    return value


def uint(value, what: str = "uint") -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise DecodeError(f"{what}: not an unsigned integer")
    return value


def int_within(value, bits: int, what: str = "int") -> int:
    """A signed integer that fits `bits` bits."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise DecodeError(f"{what}: not an integer")
    if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
        raise DecodeError(f"{what}: does not fit {bits} bits")
    return value


def boolean(value, what: str = "bool") -> bool:
    if not isinstance(value, bool):
        raise DecodeError(f"{what}: not a bool")
    return value


def text(value, what: str = "text") -> str:
    if not isinstance(value, str):
        raise DecodeError(f"{what}: not a text")
    return value


def byte_string(value, size: int | None = None, what: str = "bytes") -> bytes:
    if not isinstance(value, bytes):
        raise DecodeError(f"{what}: not a byte string")
    if size is not None and len(value) != size:
        raise DecodeError(f"{what}: {len(value)} bytes where {size} belong")
    return value


def hash32(value, what: str = "hash") -> bytes:
    return byte_string(value, 32, what)


def pubkey(value, what: str = "pubkey") -> bytes:
    """The 33 wire bytes of a key. Whether they name a point of the curve is asked only when a signature is checked."""
    byte_string(value, 33, what)
    if value[0] != 1:
        raise DecodeError(f"{what}: the first byte is not 01")
    return value


def signature(value, what: str = "sig") -> bytes:
    return byte_string(value, 64, what)


def choice(value, allowed, what: str) -> int:
    """An unsigned integer that is one of the values an enum has."""
    if uint(value, what) not in allowed:
        raise DecodeError(f"{what}: {value} is none of its values")
    return value


def ascending(items: list, what: str = "set") -> list:
    """Items that ascend strictly, as a set does."""
    for one, two in zip(items, items[1:]):
        if not one < two:
            raise DecodeError(f"{what}: not strictly ascending")
    return items


def hash_list(value, what: str = "hashes") -> list[bytes]:
    return [hash32(item, what) for item in array(value, None, what)]


def hash_set(value, what: str = "set of hashes") -> list[bytes]:
    return ascending(hash_list(value, what), what)


def uint_set(value, what: str = "set of uints") -> list[int]:
    return ascending([uint(item, what) for item in array(value, None, what)], what)


def optional(value, read, *rest):
    """`X / null`."""
    return None if value is None else read(value, *rest)


# ---------------------------------------------------------------- writing sets and maps

def set_of(items) -> list:
    """A set as the array that is encoded."""
    return sorted(items)


def map_of(entries: dict, write_value=lambda value: value) -> list:
    """A map as the array of pairs that is encoded."""
    return [[key, write_value(entries[key])] for key in sorted(entries)]
