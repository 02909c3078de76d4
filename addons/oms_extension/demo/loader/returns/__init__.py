"""Returns: the club shop's year of them, live ones in every state, and the look for causes."""

from . import club, club_goods, club_returns, look, scenes


def build(books):
    """Write the club's year, then what visitors are shown, then look for causes."""
    club_goods.build(books)
    copied = club.build(books)
    club_returns.build(books, copied)
    scenes.build(books)
    look.build(books)
