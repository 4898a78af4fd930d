"""What every file in bench/ is written with: a service of its own, a load generator, percentiles, one result a claim.

A file bench/<name>.py has `def run() -> Iterable[Result]`; `footlights bench <name>` runs it in a process of its own.

    from footlights.ops.bench import Load, Result, load, percentile, service

    def run():
        with service() as instance:          # a whole service; Django here is set up on its database
            ...
        yield Result(name="pages", value=0.5, unit="ratio", goal=">= 0.4", holds=True)
"""

from footlights.ops.bench.load import Load, Request, load, percentile
from footlights.ops.bench.result import Result
from footlights.ops.bench.service import service

__all__ = ["Load", "Request", "Result", "load", "percentile", "service"]
