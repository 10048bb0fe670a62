"""How much Slack takes. docs.slack.dev, Rate limits, read 2026-11."""

from bot.core.port import Pace, Rate

# "1 per second" into each channel, "short bursts >1 allowed".
PERSON = Rate(burst=4, each_s=1.0)
# chat.postMessage also has "a workspace-wide limit" without a figure; "several hundred messages
# per minute" was said of it. This is 300 a minute.
WORKSPACE = Rate(burst=20, each_s=0.2)
PACE = Pace(PERSON, WORKSPACE)
