"""A strict stand-in for Teams: its connector, its login and what people do, on one machine."""

from tests.standin_teams.standin import StandIn
from tests.standin_teams.world import APP, SECRET, TENANT, Ack, Shown

__all__ = ["APP", "SECRET", "TENANT", "Ack", "Shown", "StandIn"]
