"""What agrees together: a name, a place and a way to be reached weigh something else beside each other than alone.

Another name at the same door with the same mailbox is a name on a shop window or a sister firm; another name at the
same door alone is a neighbour. The sum of single fields does not tell these apart; how often each such sort is one
customer is learnt from the pairs whose numbers say it (`learning.learn_from_numbers`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from octowizard.matching.compare import Compared, located

NAMES, PLACES, REACHED = 4, 5, 6
SORTS = NAMES * PLACES * REACHED + 1
"""The last is that of pairs of which one has no name."""


def sorts(compared: Compared) -> NDArray[np.intp]:
    """The sort of each pair: how far the name agrees, the place, and by what both are reached."""
    level = compared.level
    name = np.array([0, 0, 0, 1, 1, 2, 3])[level("name")]
    street = level("street")
    town = (level("postcode") >= 2) | (level("city") >= 2)
    place = np.select([located(compared), (street == 0) & town, street == 0, town], [0, 1, 2, 3], 4)
    mail, line = level("email") == 3, (level("phone") == 3) | (level("iban") == 2)
    others = (level("email") == 1) | (level("phone") == 1)
    many = mail.astype(np.int8) + (level("phone") == 3) + (level("iban") == 2)
    reached = np.select([many >= 2, mail, line, level("domain") == 2, others], [4, 3, 2, 1, 5], 0)
    sort = (name * PLACES + place) * REACHED + reached
    return np.asarray(np.where(level("name") > 0, sort, SORTS - 1))
