"""`footlights doctor`: every check, what it saw, and how to mend what is wrong."""

import logging
import sys

import django
from rich.console import Console

from footlights.kernel.environment import Environment
from footlights.ops.doctor.finding import Finding, Level

MARKS = {Level.GOOD: "[green]✓[/]", Level.NOTE: "[yellow]•[/]", Level.WRONG: "[red]✗[/]"}


def run(installation: Environment) -> bool:
    """Print the findings; whether nothing is wrong."""
    django.setup()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    from footlights.ops.doctor import machine, service  # noqa: PLC0415  need Django to be set up

    console = Console(highlight=False, soft_wrap=True, file=sys.stdout)
    findings: list[Finding] = []
    for check in (*machine.CHECKS, *service.CHECKS):
        for finding in check(installation):
            findings.append(finding)
            console.print(f"{MARKS[finding.level]} {finding.what:<15} {finding.seen}")
            if finding.mend:
                console.print(f"  {'':<15} → {finding.mend}")
    wrong = sum(finding.level is Level.WRONG for finding in findings)
    console.print(f"\n{wrong} of {len(findings)} need mending." if wrong else "\nEverything is as it should be.")
    return not wrong
