"""Many processes at once on a real database.

``databases`` copies one per test → ``shop`` fills it → ``programs`` says who calls what →
``worker`` (own processes, which may meet their ``death``) or ``server`` (HTTP) carries it out with
the ``verbs`` → ``stock`` counts what came of it.
"""
