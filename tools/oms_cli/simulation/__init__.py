"""Carriers at work: they tell the running demo what happens to its parcels, over HTTP alone.

``client.py`` knocks at the doors, ``ways.py`` says what happens next to a parcel and in which
words, ``play.py`` does it in time.
"""
