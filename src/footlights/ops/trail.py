"""`footlights audit`: says of the trail what its context found. Decides nothing."""

from collections.abc import Sequence

import click

from footlights.audit.api import anchor_text, find_last_checkpoint, list_public_keys, make_checkpoint
from footlights.audit.api import verify as verify_trail
from footlights.kernel.clock import now


def verify(copies: Sequence[str]) -> bool:
    """Print what was found; whether nothing was altered."""
    report = verify_trail(anchors=copies)
    for finding in report.findings:
        click.echo(f"{finding.kind}: {finding.words}")
    click.echo(
        f"{report.records} records, of which {report.unsigned} wait for the next checkpoint; {report.checkpoints}"
        f" checkpoints, {report.anchors} of them compared with copies: "
        + ("nothing was altered." if report.holds else f"{len(report.findings)} findings.")
    )
    return report.holds


def checkpoint() -> None:
    """Print a new checkpoint, or the last when nothing happened since."""
    made = make_checkpoint(at=now()) or find_last_checkpoint()
    click.echo(anchor_text(made) if made else "Nothing was recorded yet.")


def keys() -> None:
    for key in list_public_keys():
        click.echo(key)
