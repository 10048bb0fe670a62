"""Everything that can go wrong by name. A docstring is what the operator reads."""


class LandaError(Exception):
    """Landa could not do what was asked."""


class StateError(LandaError):
    """A stored conversation could not be read by this version of Landa."""


class NotAllowedError(LandaError):
    """A conversation would have done what its person may not: nothing of it happened."""


class ContentError(LandaError):
    """A content file has a fault."""

    def __init__(self, path: str, key: str, why: str) -> None:
        super().__init__(f"{path}: {key}: {why}" if key else f"{path}: {why}")
        self.path, self.key, self.why = path, key, why


class SettingsError(LandaError):
    """The settings have faults; each is one line."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class SchemaError(LandaError):
    """The database has another schema than this version of Landa. Run: landa migrate"""


class NotReadyError(LandaError):
    """A platform has not let us in yet."""


class StorageError(LandaError):
    """The database could not take the turn; nothing of it was written."""


class CopyError(LandaError):
    """A copy of the database could not be made, or not be put back; nothing was changed."""


class DeliveryError(LandaError):
    """The platform did not take a card.

    permanent      trying again is useless: the place is gone or closed to us.
    shut           the person has shut Landa out: nothing more is sent to them unasked.
    retry_after_s  seconds the platform asked us to wait; None when it named none.
    unknown        it may have been delivered: the answer was lost on the way.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        shut: bool = False,
        retry_after_s: float | None = None,
        unknown: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason, self.permanent, self.shut = reason, permanent or shut, shut
        self.retry_after_s, self.unknown = retry_after_s, unknown
