"""The data map: nothing is stored that it does not name."""

from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, Table

from bot.runtime import company, datamap, entrance, installations
from bot.runtime.retention import DAY, LONGEST_H
from bot.runtime.store import statements
from bot.runtime.tables import METADATA
from tests.runtime.operator import landa

GRACE_DAYS = 30
"""The most that `LANDA_GRACE_DAYS` may be, see `test_settings`."""
PAGE = Path(__file__).parents[2] / "docs" / "data.md"


def test_everything_is_declared() -> None:
    """Every table says whose it is, and every column why it is there and for how long."""
    assert list(datamap.undeclared()) == []


def test_what_is_not_declared_is_seen() -> None:
    """A new column or table that says nothing of itself is named, with what is missing."""
    changed = MetaData()
    for table in METADATA.sorted_tables:
        table.to_metadata(changed)
    changed.tables["person"].append_column(Column("mood", Integer))
    late = {"purpose": "what they felt", "retention": "as long as we like"}
    changed.tables["person"].append_column(Column("feeling", Integer, info=late))
    Table("diary", changed, Column("id", Integer, info={"purpose": "which", "retention": DAY}))
    told = sorted(line.split(":")[0] for line in datamap.undeclared(changed))
    assert told == ["diary", "person.feeling", "person.mood", "person.mood"]


def test_a_persons_tables_say_whose_row_it_is() -> None:
    """Whatever tells about a person can be found by that person, and so be shown and erased."""
    for table in datamap.personal():
        assert {"person", "owner", "lead", "colleague", "asker"} & set(table.columns.keys()), (
            table.name
        )
        assert "workspace" in table.columns, table.name


def test_each_retention_is_used() -> None:
    """No retention is declared that nothing is kept for."""
    used = {column.info["retention"] for t in METADATA.sorted_tables for column in t.columns}
    assert used == set(LONGEST_H)


def test_what_prunes_reads_the_map() -> None:
    """What is declared to end with time is pruned by that very time."""
    pruned = {
        statements.SEEN_KEPT_MS,
        statements.CONVERSATION_KEPT_MS,
        statements.OUTBOX_KEPT_MS,
        statements.GIVEN_UP_KEPT_MS,
        company.KEPT_MS,
        entrance.KEPT_MS,
        GRACE_DAYS * installations.DAY_MS,
    }
    assert pruned == {hours * 3_600_000 for hours in LONGEST_H.values() if hours}


def test_the_page_is_as_the_tables_are() -> None:
    """`docs/data.md` is what `landa data-map --markdown` writes."""
    assert PAGE.read_text(encoding="utf-8") == datamap.markdown()


def test_an_operator_reads_it(tmp_path: Path) -> None:
    """`landa data-map` needs no settings and no database, and names every column."""
    told = landa(tmp_path, "data-map")
    assert told.returncode == 0
    for table in METADATA.sorted_tables:
        assert f"\n{table.name} (" in f"\n{told.stdout}"
        for column in table.columns:
            assert f"  {column.name}: {column.info['purpose']}\n" in told.stdout
