"""Landa with a flow of the tests' own for what it says by itself, and faster where asked to.

python -m tests.soak.saying run            FASTER=10: workspaces take ten times as much
                                           PATIENT=1: nothing is too late for a day
"""

import os
from datetime import timedelta

from adapters.slack import pace
from bot import flows
from bot.core import nudge
from bot.core.port import Pace, Rate
from tests.runtime.asked import BY_ITSELF

flows.FLOWS = BY_ITSELF  # before anybody looks at them
faster = float(os.environ.get("FASTER", "1"))
pace.PACE = Pace(pace.PERSON, Rate(pace.WORKSPACE.burst, pace.WORKSPACE.each_s / faster))

if "PATIENT" in os.environ:
    nudge.STALE = timedelta(days=1)

if __name__ == "__main__":
    from bot.__main__ import main

    main()
