"""Numbers about Landa itself. No label names a person, a team, a word or a choice."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()

TURNS = Counter("landa_turns", "Turns taken", ["taken"], registry=REGISTRY)
TAKEN = {taken: TURNS.labels(taken) for taken in ("new", "seen", "late", "refused")}
TURN_SECONDS = Histogram(
    "landa_turn_seconds",
    "From a turn's arrival to its commit",
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.4, 1, 2.5, 10),
)
FAULTS = Counter("landa_faults", "Turns answered with an apology", registry=REGISTRY)
DELIVERED = Counter("landa_deliveries", "Cards delivered by the outbox", registry=REGISTRY)
GIVEN_UP = Counter("landa_deliveries_given_up", "Cards given up", registry=REGISTRY)
TICK_SECONDS = Histogram("landa_tick_seconds", "One round of the clock", registry=REGISTRY)
NUDGES = Counter("landa_nudges", "What became of nudges", ["became"], registry=REGISTRY)
NUDGE_LATE_SECONDS = Gauge(
    "landa_oldest_nudge_seconds", "How late the oldest nudge was taken", registry=REGISTRY
)
NUDGE_SECONDS = Histogram("landa_nudge_batch_seconds", "One batch of nudges", registry=REGISTRY)
LATE_SECONDS = Gauge("landa_oldest_due_seconds", "How late the oldest pause is", registry=REGISTRY)


def text() -> bytes:
    """All of them in Prometheus' text format."""
    return generate_latest(REGISTRY)
