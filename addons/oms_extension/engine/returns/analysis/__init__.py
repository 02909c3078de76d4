"""Why things come back: rates that do not lie, and causes found early with evidence and in money.

1. ``columns``: delivered lines and returns as arrays of integer codes.
2. ``maturity``: what share of the returns to come an age shows (Kaplan–Meier).
3. ``rate``: rates of products shrunk towards their category (beta-binomial); ``tails``: the
   distributions that this and the tests need.
4. ``expected``: how many returns every delivered line should have given by today.
5. ``scan``: observed against expected for every group, window and reason (negative binomial).
6. ``discovery``: which of thousands of looks are no chance (Benjamini & Hochberg).
7. ``cause``: which group and reason hold the cause, and whether it is lateness; ``money``: what it
   costs. ``detect`` does 2–7 and gives a list of ``finding``.
8. ``follow``: is it over, and did the action help.
9. ``table``, ``cohort``: descriptive figures. ``forecast``, ``supply``: what will come back.
10. ``topics``: comments grouped by what they speak of.

Needs numpy, and nothing else. Sources stand at each step; figures in ``docs/returns_analysis.md``.
"""
