"""`viewer_id__among=ids`: one array, where `in` writes a parameter for each of thousands."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ForeignKey, Lookup, UUIDField
from django.db.models.sql.compiler import SQLCompiler


@UUIDField.register_lookup
@ForeignKey.register_lookup
class Among(Lookup):
    lookup_name = "among"

    def get_prep_lookup(self) -> str:
        return "{" + ",".join(each.hex for each in self.rhs) + "}"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = any(%s::uuid[])", (*parameters, self.rhs)
