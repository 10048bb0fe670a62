"""How much Teams takes. learn.microsoft.com, rate limiting of bots in Teams, read 2026-11."""

from bot.core.port import Pace, Rate

# Into each conversation 7 in 1 s, 8 in 2 s, 60 in 30 s and 1,800 in an hour: 6 at once, and then
# one every 2.1 s, is under all four.
PERSON = Rate(burst=6, each_s=2.1)
# 30 in 1 s for each tenant: never more than 29, whatever second one takes.
TENANT = Rate(burst=4, each_s=0.04)
PACE = Pace(PERSON, TENANT)
