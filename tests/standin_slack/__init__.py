"""A strict stand-in for Slack, for tests and long runs on one machine."""

from tests.standin_slack.standin import Ack, StandIn
from tests.standin_slack.world import Fault, Shown

__all__ = ["Ack", "Fault", "Shown", "StandIn"]
