"""What a carrier's or an aggregator's own code means: state, reason and responsible party.

The tables are data (``tables/*.csv``), each row with its source; how they are read is in
``codes.py``, and ``docs/tracking_codes.md`` says how to add a carrier. A code that no table knows
has no meaning here: it is kept, shown and reported, never guessed.
"""

from .codes import VOCABULARIES, Meaning, Row, Vocabulary, iftsta, lookup, rows

__all__ = ["VOCABULARIES", "Meaning", "Row", "Vocabulary", "iftsta", "lookup", "rows"]
