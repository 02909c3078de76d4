"""What comments speak of: grouped by their own words, offline, the same for the same comments.

Stems weighted by TF-IDF are factored into a few topics that add up (non-negative matrix
factorisation; Lee & Seung, Nature 401, 1999), begun from singular vectors (NNDSVD; Boutsidis &
Gallopoulos, Pattern Recognition 41, 2008), hence without chance. Languages are kept apart: their
words have nothing in common.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .columns import Floats, Ints
from .words import LANGUAGES, languages_of, stems

_TERMS: Final = 600
_DOCUMENTS: Final = 4000
"""Comments that topics are learned from; the others are only assigned."""
_ROUNDS: Final = 60
_CLEAR: Final = 0.12
"""Part of a comment that its topic must account for."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Comments of one language that speak of the same.

    :ivar words: its own words as they were written, the most telling first.
    :ivar comments: positions of its comments, the most typical first.
    """

    language: str
    words: tuple[str, ...]
    comments: tuple[int, ...]

    @property
    def label(self) -> str:
        """The first three words."""
        return ", ".join(self.words[:3])


def topics(
    comments: Sequence[str],
    languages: Sequence[str] | None = None,
    most: int = 8,
    fewest: int = 3,
    usual: str = "en",
) -> list[Topic]:
    """Topics of at least ``fewest`` comments, the largest first; ``most`` per language.

    :param languages: per comment, as ``it`` or ``it_IT``; missing or empty: told by stop words.
    """
    told = [(one or "")[:2] for one in languages] if languages else [""] * len(comments)
    guessed = iter(
        languages_of([text for text, one in zip(comments, told, strict=True) if not one], usual)
    )
    spoken = [one or next(guessed) for one in told]
    found: list[Topic] = []
    for language in sorted(set(spoken) & set(LANGUAGES)):
        places = [place for place, one in enumerate(spoken) if one == language]
        found += _of_language([comments[place] for place in places], places, language, most, fewest)
    return sorted(found, key=lambda one: (-len(one.comments), one.language, one.words))


def _of_language(
    texts: list[str], places: list[int], language: str, most: int, fewest: int
) -> list[Topic]:
    words: dict[str, Counter[str]] = {}
    documents = []
    for text in texts:
        pairs = stems(text, language)
        for stem, word in pairs:
            words.setdefault(stem, Counter())[word] += 1
        documents.append({stem for stem, _word in pairs})
    spread = Counter(stem for document in documents for stem in document)
    # A stem of nearly every comment tells nothing, one of a single comment groups nothing.
    ceiling = max(fewest, 0.6 * len(texts))
    kept = [stem for stem, count in spread.items() if 2 <= count <= ceiling]
    kept = sorted(kept, key=lambda stem: (-spread[stem], stem))[:_TERMS]
    if not kept:
        return []
    weights = _tf_idf(documents, kept, spread)
    filled = np.flatnonzero(weights.any(axis=1))
    if filled.size < fewest:
        return []
    learned = filled[np.unique(np.linspace(0, filled.size - 1, _DOCUMENTS).astype(np.int64))]
    count = min(most, max(1, learned.size // (2 * fewest)), len(kept))
    basis = _factor(weights[learned], count)
    share = _project(weights[filled], basis)
    own = share.argmax(axis=1)
    strength = share.max(axis=1)
    result = []
    for number in range(basis.shape[0]):
        mine = np.flatnonzero((own == number) & (strength >= _CLEAR))
        if mine.size < fewest:
            continue
        mine = mine[np.argsort(-strength[mine], kind="stable")]
        telling = [int(one) for one in np.argsort(-basis[number], kind="stable")[:6]]
        telling = [one for one in telling if basis[number, one] > 0.1 * basis[number].max()]
        result.append(
            Topic(
                language,
                tuple(_written(words[kept[one]]) for one in telling),
                tuple(places[int(filled[one])] for one in mine),
            )
        )
    return result


def _written(forms: Counter[str]) -> str:
    """The most frequent form of a stem."""
    return min(forms, key=lambda word: (-forms[word], word))


def _tf_idf(documents: list[set[str]], kept: list[str], spread: Counter[str]) -> Floats:
    """Rows of unit length; a word counts once per comment."""
    number = {stem: place for place, stem in enumerate(kept)}
    weights = np.zeros((len(documents), len(kept)))
    rarity = np.log((1 + len(documents)) / (1 + np.array([spread[stem] for stem in kept]))) + 1
    for row, document in enumerate(documents):
        places = [number[stem] for stem in document if stem in number]
        weights[row, places] = rarity[places]
    length = np.linalg.norm(weights, axis=1, keepdims=True)
    return np.asarray(weights / np.maximum(length, 1e-12))


def _factor(data: Floats, count: int) -> Floats:
    """Topics × terms, rows of unit length."""
    part, basis = _start(data, count)
    for _round in range(_ROUNDS):
        basis *= (part.T @ data) / np.maximum(part.T @ part @ basis, 1e-9)
        part *= (data @ basis.T) / np.maximum(part @ (basis @ basis.T), 1e-9)
    length = np.linalg.norm(basis, axis=1)
    return np.asarray(basis[length > 1e-9] / length[length > 1e-9, None])


def _start(data: Floats, count: int) -> tuple[Floats, Floats]:
    """The stronger sign of each singular pair, and the mean where that is zero."""
    left, values, right = np.linalg.svd(data, full_matrices=False)
    count = min(count, values.size)
    part, basis = np.empty((data.shape[0], count)), np.empty((count, data.shape[1]))
    for place in range(count):
        one, two = left[:, place], right[place]
        plus = np.linalg.norm(np.maximum(one, 0)) * np.linalg.norm(np.maximum(two, 0))
        minus = np.linalg.norm(np.maximum(-one, 0)) * np.linalg.norm(np.maximum(-two, 0))
        sign = 1.0 if plus >= minus else -1.0
        scale = np.sqrt(values[place] * max(plus, minus))
        first, second = np.maximum(sign * one, 0), np.maximum(sign * two, 0)
        part[:, place] = scale * first / max(float(np.linalg.norm(first)), 1e-12)
        basis[place] = scale * second / max(float(np.linalg.norm(second)), 1e-12)
    middle = float(data.mean())
    return np.where(part < 1e-6, middle, part), np.where(basis < 1e-6, middle, basis)


def _project(data: Floats, basis: Floats) -> Floats:
    """How much of each comment every topic accounts for."""
    overlap = basis @ basis.T
    target = data @ basis.T
    share = np.maximum(target, 1e-6)
    for _round in range(30):
        share *= target / np.maximum(share @ overlap, 1e-9)
    return share


def topic_of(found: Sequence[Topic], count: int) -> Ints:
    """Number of its topic per comment, −1 where it has none."""
    result = np.full(count, -1, dtype=np.int64)
    for number, topic in enumerate(found):
        result[list(topic.comments)] = number
    return result
