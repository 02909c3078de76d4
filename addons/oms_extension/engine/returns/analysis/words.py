"""Words of comments: split, without stop words, reduced to stems.

Stems come from Snowball where ``snowballstemmer`` is installed (pure Python, Porter's algorithms);
else common endings are cut, which joins fewer forms of a word and is good enough to group by.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

try:
    import snowballstemmer  # type: ignore[import-not-found,import-untyped,unused-ignore]
except ImportError:
    snowballstemmer = None

LANGUAGES: Final = {
    "en": "english", "de": "german", "fr": "french", "it": "italian", "es": "spanish",
}  # fmt: skip

_STOP: Final = {
    "en": """a about after all also am an and any are as at be because been before but by can could
        did do does doesn't don't for from get got had has have he her him his how i i'm
        if in into is isn't it it's its just like me more my no not of off on one only
        or order ordered our out over really she so some such than that the their them
        then there these they this to too up us very was we were what when which while
        who will with would you your product item thanks thank please""",
    "de": """aber alle als also am an auch auf aus bei beim bin bis bitte da damit dann das dass dem
        den der des die dies diese dieser dieses doch du ein eine einem einen einer
        eines er es etwas für gar ganz hab habe haben hat hatte hier ich ihm ihn ihr im
        in ins ist ja kann kein keine keinen leider man mehr mein meine mich mir mit
        nach nicht noch nur ob oder ohne schon sehr sein seine sich sie sind so über um
        und uns unter vom von vor war waren was weil wenn wie wieder wir wird wurde zu
        zum zur zwar produkt artikel bestellt danke""",
    "fr": """à ai alors au aussi aux avec c'est ça ce ces cet cette comme d' dans de des donc du
        elle elles en est et été était être eu fait il ils j'ai je l' la le les leur lui ma
        mais me même mes moi mon ne nos notre nous on ou où par pas plus pour qu' que
        qui s' sa se ses si son sont suis sur ta te tout tous toute très trop un une
        vous y produit article commandé commande merci""",
    "it": """a ad ai al alla alle allo anche dalle dagli dopo c'è che chi ci come con così da dal
        dalla dei del della delle dello di e è ed era erano essere gli ha hanno ho i il
        in io l' la le lo loro ma me mi mia mio molto nei nel nella no noi non o per
        perché però più po quando quello questa questo qui se sei si sia sono stata
        stato su sua suo sul sulla troppo tutto un una uno vi prodotto articolo ordinato
        ordine grazie""",
    "es": """a al algo ante así aunque como con cuando de del desde donde e el ella en era es esa
        ese eso está están esta este esto fue ha han hasta hay he la las le les lo los más
        me mi muy nada ni no nos o para pero por porque que qué se según ser si sin
        sobre son su sus también tan te tiene todo todos un una uno y ya yo demasiado
        producto artículo pedido pedí gracias""",
}  # fmt: skip
STOP_WORDS: Final = {code: frozenset(text.split()) for code, text in _STOP.items()}

_ENDINGS: Final = {
    "en": ("ings", "ing", "edly", "ed", "ies", "es", "ly", "s"),
    "de": ("ungen", "ung", "ern", "em", "en", "er", "es", "e", "n", "s"),
    "fr": ("ements", "ement", "ees", "ee", "es", "er", "e", "s", "x"),
    "it": ("amente", "mente", "ate", "ata", "ati", "ato", "ito", "ita", "iti", "ite", "e", "i",
           "o", "a"),
    "es": ("amente", "mente", "adas", "ados", "ada", "ado", "idas", "idos", "ida", "ido", "as",
           "os", "es", "a", "o", "e", "s"),
}  # fmt: skip

_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
_ELISION: Final = re.compile(r"^(?:[cdjlmnst]|qu|un|dell|all|nell|sull|quell)[’']", re.IGNORECASE)


def split(text: str) -> list[str]:
    """Words in lower case, without elided articles (``l'écran`` is ``écran``)."""
    plain = unicodedata.normalize("NFC", text).lower().replace("’", "'")
    return _WORD.findall(plain)


def languages_of(texts: Sequence[str], usual: str = "en") -> list[str]:
    """The language of each text, told by stop words.

    Short texts without any are of the language whose other texts share most of their words; if none
    does, of the language of most texts, or ``usual``.
    """
    bags = [set(split(text)) for text in texts]
    told = [_by_stop_words(words) for words in bags]
    known = {code: Counter[str]() for code in LANGUAGES}
    for code, words in zip(told, bags, strict=True):
        if code:
            known[code].update(words)
    clear = Counter(code for code in told if code)
    rest = min(clear, key=lambda code: (-clear[code], code)) if clear else usual
    result = []
    for code, words in zip(told, bags, strict=True):
        if not code:
            shared = {one: sum(word in seen for word in words) for one, seen in known.items()}
            best = max(shared.values())
            winners = [one for one, count in shared.items() if count == best]
            code = winners[0] if best and len(winners) == 1 else rest
        result.append(code)
    return result


def _by_stop_words(words: set[str]) -> str:
    """Empty where none or several languages fit best."""
    hits = {code: len(words & stop) for code, stop in STOP_WORDS.items()}
    best = max(hits.values())
    winners = [code for code, count in hits.items() if count == best]
    return winners[0] if best and len(winners) == 1 else ""


def stems(text: str, language: str) -> list[tuple[str, str]]:
    """Stem and word of what is no stop word, in the order of the text."""
    stop = STOP_WORDS.get(language, frozenset())
    reduce = _stemmer(language)
    found = []
    for word in split(text):
        if word in stop:
            continue
        bare = _ELISION.sub("", word) if language in ("fr", "it") else word
        if len(bare) > 2 and bare not in stop:
            found.append((reduce(bare), bare))
    return found


@lru_cache(maxsize=8)
def _stemmer(language: str) -> Callable[[str], str]:
    if snowballstemmer is not None and language in LANGUAGES:
        word_of = snowballstemmer.stemmer(LANGUAGES[language]).stemWord
        return lru_cache(maxsize=20_000)(lambda word: str(word_of(word)))
    endings = _ENDINGS.get(language, ())

    def cut(word: str) -> str:
        bare = unicodedata.normalize("NFD", word)
        word = "".join(one for one in bare if not unicodedata.combining(one))
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                return word[: -len(ending)]
        return word

    return cut
