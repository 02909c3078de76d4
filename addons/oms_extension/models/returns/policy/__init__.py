from . import conditions
from . import reason
from . import return_policy
from . import return_policy_rule
from . import return_terms
from . import sentences
from . import past
