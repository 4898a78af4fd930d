"""`footlights bench`: runs the files of bench/ and keeps what they found in bench/results/."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import click

from footlights.kernel.errors import FootlightsError
from footlights.ops.bench.result import Result
from footlights.ops.up import ours


def names(folder: Path) -> list[str]:
    return sorted(path.stem.replace("_", "-") for path in folder.glob("*.py") if not path.stem.startswith("_"))


def run_all(folder: Path) -> bool:
    """Each in a process of its own, so that none leaves anything to the next. Whether every claim holds."""
    codes = [subprocess.run(ours("bench", name), check=False).returncode for name in names(folder)]
    return not any(codes)


def run_one(folder: Path, name: str) -> bool:
    """Print a line a claim, the summary last; whether all hold."""
    path = folder / f"{name.replace('-', '_')}.py"
    if not path.exists():
        raise FootlightsError(f"There is no measurement called {name}. There are: {', '.join(names(folder))}.")
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise FootlightsError(f"{path} cannot be loaded.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(folder))
    spec.loader.exec_module(module)
    results: list[Result] = []
    for result in module.run():
        results.append(result)
        click.echo(json.dumps(result.as_dict()))
    holds = all(result.holds for result in results)
    if len(results) != 1:
        summary = Result(
            name=name,
            value=sum(result.holds for result in results),
            unit="claims",
            goal=f"= {len(results)}",
            holds=holds,
        )
        click.echo(json.dumps(summary.as_dict()))
        results.append(summary)
    kept = folder / "results"
    kept.mkdir(exist_ok=True)
    text = json.dumps([result.as_dict() for result in results], indent=1)
    (kept / f"{path.stem.replace('_', '-')}.json").write_text(text + "\n")
    return holds
