"""No statement reaches a row about somebody but by a key that holds their workspace.

Such a key is a parameter that is compared with a column of which `bot.runtime.columns.is_key` says
that it is a keyed hash with the workspace in it. What hangs on a row that was found so, is found
so too. A new row says itself where it belongs.
"""

from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import BindParameter, Column, Delete, Insert, Label, Select, Table, Update
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ClauseElement, Grouping
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import Join, ScalarSelect, SelectBase

from bot.core.errors import StateError
from bot.runtime.columns import is_about_somebody, is_key

EVERYWHERE = "everywhere"
"""The execution option of a statement that is meant for all workspaces at once, and why it is: the
clock claims what is due, pruning takes what is too old, and the operator is told counts."""
Tables = frozenset[Table]
_SCOPES = (Select, Update, Delete, Insert)


def fenced(statement: ClauseElement) -> str:
    """Why *statement* reaches rows of all workspaces; empty where it does not.

    raises  StateError when it does, and does not say why.
    """
    known: Any = statement
    if why := known.get_execution_options().get(EVERYWHERE):
        return why
    if open_to := sorted(set(_open(statement, frozenset()))):
        raise StateError(f"{', '.join(open_to)} without a workspace: {statement}")
    return ""


def _open(scope: ClauseElement, around: Tables) -> Iterator[str]:
    """Names of tables. around: those of the statements that this one is part of."""
    inside, here, equal = _parts(scope)
    own = here - around if len(here) > 1 else here
    if isinstance(scope, Insert):
        yield from _homeless(scope)
    else:
        yield from (
            table.name for table in own - _found(equal, around - own) if is_about_somebody(table)
        )
    for each in inside:
        yield from _open(each, around | here)


def _parts(scope: ClauseElement) -> tuple[list[ClauseElement], Tables, list[BinaryExpression[Any]]]:
    """The statements in this one, its own tables, and what it holds equal."""
    inside: list[ClauseElement] = []
    tables: set[Table] = set()
    equal = list(_equal(getattr(scope, "whereclause", None)))
    left = list(scope.get_children())
    while left:
        part = left.pop()
        if isinstance(part, _SCOPES):
            inside.append(cast("ClauseElement", part))
            continue
        match part:
            case Table() as table:
                tables.add(table)
            case Column(table=Table() as table):
                tables.add(table)
            case Join() as join:
                equal += _equal(join.onclause)
                left += join.get_children()
            case _:
                left += part.get_children()
    return inside, frozenset(tables), equal


def _equal(condition: Any) -> Iterator[BinaryExpression[Any]]:
    """What must be equal for *condition* to hold, whatever else."""
    match condition:
        case BooleanClauseList(operator=operators.and_):
            for each in condition.clauses:
                yield from _equal(each)
        case Grouping():
            yield from _equal(cast("Any", condition).element)
        case BinaryExpression(operator=operators.eq | operators.in_op):
            yield condition
        case _:
            pass


def _found(equal: list[BinaryExpression[Any]], around: Tables) -> Tables:
    """The tables of whose rows one is found by its key."""
    found = around
    while True:
        more = {
            one.table
            for each in equal
            for one, other in ((each.left, each.right), (each.right, each.left))
            if isinstance(one, Column) and is_key(one) and _is_given(other, found)
        }
        if more <= found:
            return found
        found |= more


def _is_given(value: Any, found: Tables) -> bool:
    """A parameter, or a column of a row that was found. A statement is looked at by itself."""
    match value:
        case BindParameter() | SelectBase() | ScalarSelect():
            return True
        case Column(table=Table() as table):
            return table in found
        case Label() | Grouping():
            return _is_given(cast("Any", value).element, found)
        case FunctionElement():  # any of an array
            return all(_is_given(each, found) for each in value.clauses)
        case _:  # a column of a statement in this one
            base = getattr(value, "base_columns", {value}) - {value}
            return any(_is_given(each, found) for each in base)


def _homeless(new: Insert) -> Iterator[str]:
    """The table, where a new row in it does not say where it belongs."""
    table = cast("Table", new.table)
    said: Any = new
    names = said._values or said._select_names or ()  # noqa: SLF001  there is no other way to ask
    known = {getattr(each, "name", each) for each in names}
    keys = {column.name for column in table.c if is_key(column)}
    if is_about_somebody(table) and not (keys & {"workspace"} or keys) <= known:
        yield table.name
