"""The operator's site file: who is there to help at this workplace."""

import tomllib
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.context import Site
from bot.core.errors import SettingsError


class _Site(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    health_name: str = Field(default="", max_length=80)
    health_phone: str = Field(default="", max_length=40, pattern=r"^[+0-9 ()-]*$")
    incident_url: str = Field(default="", max_length=500, pattern=r"^(https://\S+)?$")
    safety_rep: str = Field(default="", max_length=80)
    closed: frozenset[date] = Field(default=frozenset(), max_length=400, strict=False)


def read(path: Path | None) -> Site:
    """raises  SettingsError with every fault of the file."""
    if path is None:
        return Site()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        return Site(**_Site.model_validate(values).model_dump())
    except ValidationError as wrong:
        raise SettingsError(
            tuple(
                f"LANDA_SITE: {'.'.join(map(str, error['loc']))}: {error['msg']}"
                for error in wrong.errors()
            )
        ) from None
    except tomllib.TOMLDecodeError as wrong:
        raise SettingsError((f"LANDA_SITE: is not TOML: {wrong}.",)) from None
    except (OSError, UnicodeDecodeError) as wrong:
        raise SettingsError((f"LANDA_SITE: cannot be read ({type(wrong).__name__}).",)) from None
