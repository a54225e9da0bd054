"""Parts of long texts laid end to end, all at once: no object is made of any of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Octets = NDArray[np.uint8]
Longs = NDArray[np.int64]


class Pieces(NamedTuple):
    """Texts in UTF-8 end to end, with nothing between them, and how many bytes each has."""

    joined: Octets
    lengths: Longs

    @property
    def begins(self) -> Longs:
        """Where each begins."""
        return np.asarray(np.cumsum(self.lengths) - self.lengths)


def octets(text: bytes) -> Octets:
    """The bytes of a text, none of which is copied."""
    return np.frombuffer(text, dtype=np.uint8)


def cut(source: Octets, begins: Longs, lengths: Longs) -> Octets:
    """So many bytes from each of these places, end to end."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    # Numbers of half the size where they do: they take half the time.
    size = np.int32 if max(total, len(source)) < 1 << 31 else np.int64
    places = np.repeat((begins - (ends - lengths)).astype(size), lengths)
    places += np.arange(total, dtype=size)
    return source.take(places)


def of_texts(texts: list[str]) -> Pieces:
    """Texts that are there one by one."""
    if (joined := "".join(texts)).isascii():
        return Pieces(octets(joined.encode()), np.fromiter(map(len, texts), np.int64, len(texts)))
    lots = [text.encode("utf-8", "surrogatepass") for text in texts]
    return Pieces(octets(b"".join(lots)), np.fromiter(map(len, lots), np.int64, len(lots)))


def equal(one: Pieces, other: Pieces) -> NDArray[np.bool_]:
    """Which of the texts are equal to those at the same places of the other."""
    same = np.asarray(one.lengths == other.lengths)
    lengths = one.lengths[same]
    ends = np.cumsum(lengths)
    different = cut(one.joined, one.begins[same], lengths) != cut(other.joined, other.begins[same], lengths)
    so_far = np.concatenate([[0], np.cumsum(different)])
    same[same] = so_far[ends] == so_far[ends - lengths]
    return same
