"""A model's field whose text lies sealed in the database, and is found by its exact value all the same.

One column of bytes holds the value's blind index (32 bytes) and, after it, what the keyset sealed; "" stays empty. Code
reads and writes text. Only equality can be asked (`exact`, `in`): whatever else is asked is a FieldError, not a wrong
answer. Constraints and indexes name `IndexOf(field)`. Sealed for its table and column, and for its own index: what is
moved to another column, or put behind another value's index, does not open.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db import connection, models
from django.db.migrations.operations import AddField, AlterField, RemoveField, RenameField, RunPython
from django.db.migrations.operations.base import Operation
from django.db.models import Func, Lookup
from django.db.models.expressions import Combinable
from psycopg import sql

from footlights.kernel import blind_index, crypto, keyset

AT_ONCE = 500


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]  # text to us, bytes to the database
    description = "Text that is sealed and found by a blind index"
    empty_strings_allowed = True

    def check(self, **kwargs: Any) -> list[Any]:
        """A default is text here, which BinaryField would refuse."""
        return [each for each in super().check(**kwargs) if each.id != "fields.E170"]

    def get_default(self) -> str:
        return str(self.default) if self.has_default() else ""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002  Django's
        return value if isinstance(value, bytes | memoryview | None) else self._sealed(str(value))

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> str | None:
        return None if value is None else self._opened(bytes(value))

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def get_lookup(self, lookup_name: str) -> "type[Lookup[Any]] | None":
        return {"exact": _Equal, "in": _AnyOf, "isnull": models.lookups.IsNull}.get(lookup_name)

    def index_of(self, value: str) -> bytes:
        return blind_index.digest(value, context=self._context) if value else b""

    @property
    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"  # noqa: SLF001  Django's documented meta

    def _sealed(self, value: str) -> bytes:
        index = self.index_of(value)
        return index + crypto.seal(value.encode(), context=_bound(self._context, index)) if value else b""

    def _opened(self, kept: bytes) -> str:
        index, sealed = kept[: blind_index.BYTES], kept[blind_index.BYTES :]
        return crypto.unseal(sealed, context=_bound(self._context, index)).decode() if kept else ""


class IndexOf(Func):
    """What a sealed column is compared by."""

    template = f"substring(%(expressions)s from 1 for {blind_index.BYTES})"
    arity = 1
    output_field: ClassVar = models.BinaryField()


def reseal_sealed_text(*, table: str, key: str, column: str) -> int:
    """Seal a column of SealedTextField anew, row by row, by compare-and-set. Indexes stay as they are."""
    names = {"table": sql.Identifier(table), "key": sql.Identifier(key), "column": sql.Identifier(column)}
    find = sql.SQL(
        "select {key}, {column} from {table} where length({column}) > 0"
        " and substring({column} from %s for %s) <> %s order by {key} limit %s"
    ).format(**names)
    change = sql.SQL("update {table} set {column} = %s where {key} = %s and {column} = %s").format(**names)
    count = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(find, [blind_index.BYTES + 1, keyset.PREFIX_BYTES, keyset.prefix(), AT_ONCE])
            rows = cursor.fetchall()
            for row_key, kept in rows:
                index, sealed = bytes(kept[: blind_index.BYTES]), bytes(kept[blind_index.BYTES :])
                fresh = index + crypto.reseal(sealed, context=_bound(f"{table}.{column}", index))
                cursor.execute(change, [fresh, row_key, kept])
                count += cursor.rowcount
            if len(rows) < AT_ONCE:
                return count


def _bound(context: str, index: bytes) -> str:
    return f"{context}:{index.hex()}"


class _ByIndex(Lookup):
    def _index(self, value: Any) -> bytes:
        if isinstance(value, Combinable) or hasattr(value, "as_sql"):
            raise TypeError("A sealed text is compared with a value, not with an expression.")
        field: Any = self.lhs.output_field
        return bytes(field.index_of(str(value)))

    def _column(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"substring({left} from 1 for {blind_index.BYTES})", list(parameters)


class _Equal(_ByIndex):
    lookup_name = "exact"

    def get_prep_lookup(self) -> Any:
        return self._index(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, parameters = self._column(compiler, connection)
        return f"{left} = %s", [*parameters, self.rhs]


class _AnyOf(_ByIndex):
    lookup_name = "in"

    def get_prep_lookup(self) -> Any:
        return [self._index(value) for value in self.rhs]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, parameters = self._column(compiler, connection)
        return f"{left} = any(%s)", [*parameters, self.rhs]


def sealing(app: str, model: str, *names: str) -> list[Operation]:
    """For a migration: text columns become sealed ones, row by row. Their constraints are dropped before it.

    The migration after it drops with `forgetting` what was in the clear, and puts the constraints back.
    """
    steps: list[Operation] = []
    for name in names:
        steps += [
            RenameField(model, name, f"{name}_clear"),
            AlterField(model, f"{name}_clear", models.TextField(blank=True, default="")),
            AddField(model, name, SealedTextField(blank=True, default="")),
        ]
    there = {f"{name}_clear": name for name in names}
    back = {name: f"{name}_clear" for name in names}
    return [*steps, RunPython(_copy(app, model, there), _copy(app, model, back))]


def forgetting(model: str, *names: str) -> list[Operation]:
    return [RemoveField(model, f"{name}_clear") for name in names]


def _copy(app: str, model: str, names: Mapping[str, str]) -> Callable[[Any, Any], None]:
    def run(apps: Any, _schema: Any) -> None:
        rows = apps.get_model(app, model).objects
        for row in rows.order_by("pk").iterator(chunk_size=AT_ONCE):
            rows.filter(pk=row.pk).update(**{to: getattr(row, name) for name, to in names.items()})

    return run
