"""The conservation auditor: nothing is lost, doubled or promised twice.

``checks`` (one set-based query per kind of breach) → ``audit`` (sentences) → ``finding`` (kept for
people) → ``repair`` (what can safely be put right).
"""

from . import audit
from . import finding
from . import repair
