"""A strict stand-in for Slack, for tests and long runs on one machine."""

from tests.standin_slack.standin import StandIn
from tests.standin_slack.world import Ack, Fault, Shown

__all__ = ["Ack", "Fault", "Shown", "StandIn"]
