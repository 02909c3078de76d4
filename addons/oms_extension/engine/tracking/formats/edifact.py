"""Reads the segments of EDIFACT interchanges, by the tokenizer of ``pydifact`` (PyPI, MIT)."""

from __future__ import annotations

from collections.abc import Iterator

from .base import Unreadable, clean
from .x12 import decode

Segment = list[list[str]]
"""Its tag, then its elements, each a list of components."""


def segments(body: bytes) -> Iterator[Segment]:
    """All segments of a file, those of the envelope included.

    The separators are those of UNA where there is one; ``?`` takes their meaning from them.

    :raise Unreadable: it begins with neither UNA nor UNB, or breaks off
    """
    try:
        from pydifact.control.characters import Characters
        from pydifact.exceptions import EDISyntaxError
        from pydifact.parser import Parser
        from pydifact.tokenizer import Tokenizer
    except ImportError:
        raise Unreadable("library_missing", detail="pydifact") from None
    text = decode(body).lstrip("\ufeff \t\r\n")
    if not text:
        raise Unreadable("empty")
    if not text.startswith(("UNA", "UNB")):
        raise Unreadable("not_edi", detail=f"it begins with {clean(text[:12])}, not with UNB")
    characters = Characters.from_str("UNA:+,? '")
    if text.startswith("UNA"):
        advice, text = text[3:9], text[9:].lstrip()
        used = {advice[at : at + 1] for at in (0, 1, 3, 5)}
        if len(advice) < 6 or len(used) < 4:
            raise Unreadable("not_edi", detail="its UNA segment is broken")
        if advice[3] == " ":  # no release character
            advice = f"{advice[:3]}\x00{advice[4:]}"
        characters = Characters.from_str(f"UNA{advice}")
    # Reading on to the last terminator: some senders add a line break or a Ctrl-Z.
    end = text.rfind(characters.segment_terminator) + 1
    tokens = Tokenizer().get_tokens(text[:end], characters)
    try:
        for raw in Parser().convert_tokens_to_raw_segments(tokens):
            yield [[one] if isinstance(one, str) else [str(part) for part in one] for one in raw]
    except EDISyntaxError as error:
        raise Unreadable("not_edi", detail=error) from None


def part(segment: Segment, element: int, component: int = 0) -> str:
    """A component of a segment; empty where there is none. Element 0 is the tag."""
    if len(segment) <= element or len(segment[element]) <= component:
        return ""
    return clean(segment[element][component])
