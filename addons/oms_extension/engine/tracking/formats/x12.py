"""Reads the segments of X12 interchanges.

``pyx12`` (PyPI) takes only the interchange versions 00401 and 00501 and refuses older samples; what
a reader has to know is little. The three delimiters are whatever characters ISA says,
and a terminator may be followed by line breaks.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

from .base import Unreadable, clean

Segment = list[str]
"""Its tag and its elements: ``["AT7", "D1", "NS", …]``; element *n* of the standard is item *n*."""


def segments(body: bytes) -> Iterator[Segment]:
    """All segments of all interchanges of a file, those of the envelopes included.

    :raise Unreadable: it does not begin with ISA, or ISA is broken
    """
    text = decode(body).lstrip("\ufeff \t\r\n")
    if not text:
        raise Unreadable("empty")
    while text:
        if not text.startswith("ISA"):
            raise Unreadable("not_edi", detail=f"it begins with {clean(text[:12])}, not with ISA")
        separator, terminator = _delimiters(text)
        end = yield from _interchange(text, separator, terminator)
        text = text[end:].lstrip()


def _delimiters(text: str) -> tuple[str, str]:
    """ISA has sixteen elements; the last is the separator of components, then the terminator."""
    separator = text[3:4]
    tail = text.split(separator, 16)[16:] if separator else []
    if not tail or len(tail[0]) < 2 or tail[0][1] == separator:
        raise Unreadable("not_edi", detail="its ISA segment is not complete")
    return separator, tail[0][1]


def _interchange(text: str, separator: str, terminator: str) -> Generator[Segment, None, int]:
    """The segments up to IEA; returns where the text goes on."""
    position = 0
    while (end := text.find(terminator, position)) != -1:
        line = text[position:end].strip("\r\n\t ")
        position = end + 1
        if line:
            elements = [one.strip() for one in line.split(separator)]
            yield elements
            if elements[0] == "IEA":
                return position
    # Some senders leave out the last terminator.
    if rest := text[position:].strip():
        yield [one.strip() for one in rest.split(separator)]
    return len(text)


def decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")
