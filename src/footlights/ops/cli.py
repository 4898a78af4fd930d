"""The `footlights` command. Each verb is a thin face over its module, imported only when asked for."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from footlights.kernel import environment
from footlights.kernel.errors import FootlightsError

EDGE_OPTIONS = [
    click.option("--home", type=click.Path(file_okay=False), help="The data folder. Everything lives under it."),
    click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on."),
    click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on.  [8000; 443 with --domain]"),
    click.option("--domain", help="Serve this name over HTTPS; certificates come by themselves."),
    click.option("--tls", type=click.Choice(["automatic", "internal"]), default="automatic", show_default=True,
                 help="With --domain: certificates from a public authority, or from our own for a closed network."),
    click.option("--http-port", type=click.IntRange(1, 65535), default=80, show_default=True,
                 help="With --domain: where plain HTTP is answered with a redirect."),
]  # fmt: skip


class Command(click.Group):
    """Shows what went wrong in one line, never a traceback, when a person can act on it."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except FootlightsError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="footlights")
def main() -> None:
    """A creator's own streaming service."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "footlights.config.settings")


def _with_edge_options(command: Any) -> Any:
    for option in reversed(EDGE_OPTIONS):
        command = option(command)
    return command


@main.command()
@_with_edge_options
def up(home: str | None, **options: Any) -> None:
    """Run the whole service until Ctrl-C."""
    from footlights.ops import up as service  # noqa: PLC0415  see the module's first lines

    service.up(_edge(home, **options))


@main.command()
@_with_edge_options
def demo(home: str | None, **options: Any) -> None:
    """Run the whole service with a demo: channels, films, sales, sign-ins."""
    from footlights.ops.demo import run  # noqa: PLC0415  as above

    run.demo(_edge(home, **options))


@main.command(hidden=True)
def fill() -> None:
    """Fill the running service with the demo (one process of `demo`)."""
    from footlights.ops.demo import run  # noqa: PLC0415  as above

    run.fill()


def _edge(home: str | None, *, host: str, port: int | None, domain: str | None, tls: str, http_port: int) -> Any:
    from footlights.ops.engines.caddy import Edge  # noqa: PLC0415  as above

    if home:
        os.environ["FOOTLIGHTS_HOME"] = home
    return Edge(
        host="0.0.0.0" if domain and host == "127.0.0.1" else host,  # noqa: S104  a domain is for everybody
        port=port or (443 if domain else 8000),
        http_port=http_port,
        domain=domain,
        tls=tls,
        trusted_proxies=os.environ.get("FOOTLIGHTS_TRUSTED_PROXIES", ""),
    )


@main.command()
def install() -> None:
    """Migrate the database and collect static files."""
    from footlights.ops import install as installation  # noqa: PLC0415  as above

    installation.run(environment.load())


@main.command()
@click.argument("members", nargs=-1, required=True, type=click.Choice(["web", "uploads", "worker", "room"]))
def crew(members: tuple[str, ...]) -> None:
    """Run these, each a process, all sharing their memory (`up` runs one of each; run more of them to grow).

    web serves the pages and uploads takes files, on sockets in the data folder; worker does background jobs; room looks
    after live rooms.
    """
    from footlights.ops.engines import crew as process  # noqa: PLC0415  as above

    process.run(list(members))


@main.command()
@click.argument("number", type=click.IntRange(min=1), default=1)
def ingest(number: int) -> None:
    """Take broadcasts in from encoders such as OBS (`up` runs FOOTLIGHTS_INGESTS of these, numbered from 1)."""
    from footlights.ops.engines import ingest as process  # noqa: PLC0415  as above

    process.run(environment.load(), number)


@main.command()
def roles() -> None:
    """Print who may do what, as a page of Markdown."""
    import django  # noqa: PLC0415  as above

    django.setup()
    from footlights.ops.roles_page import page  # noqa: PLC0415  as above

    click.echo(page(), nl=False)


@main.command()
@click.option("--home", type=click.Path(file_okay=False), help="The data folder.")
def doctor(home: str | None) -> None:
    """Say what is wrong and how to mend it."""
    from footlights.ops.doctor import run  # noqa: PLC0415  as above

    if home:
        os.environ["FOOTLIGHTS_HOME"] = home
    address = environment.load().home / "address"
    if address.exists():
        os.environ.setdefault("FOOTLIGHTS_SITE_URL", address.read_text())
    sys.exit(0 if run.run(environment.load()) else 1)


@main.group()
@click.option("--home", type=click.Path(file_okay=False), help="The data folder.")
def audit(home: str | None) -> None:
    """The trail: prove that nothing of it was altered."""
    import django  # noqa: PLC0415  as above

    if home:
        os.environ["FOOTLIGHTS_HOME"] = home
    django.setup()


@audit.command()
@click.option("--copy", "copies", multiple=True, type=click.File(), help="A checkpoint kept elsewhere: a mail, a file.")
def verify(copies: tuple[Any, ...]) -> None:
    """Read all of it and name what was edited, deleted, added, cut off or forged."""
    from footlights.ops import trail  # noqa: PLC0415  as above

    sys.exit(0 if trail.verify([copy.read() for copy in copies]) else 1)


@audit.command()
def checkpoint() -> None:
    """Sign how far it has come, now, and print that: keep it where nobody here can change it."""
    from footlights.ops import trail  # noqa: PLC0415  as above

    trail.checkpoint()


@audit.command("keys")
def audit_keys() -> None:
    """Print the public keys, so that others can check what was signed."""
    from footlights.ops import trail  # noqa: PLC0415  as above

    trail.keys()


@main.group()
@click.option("--home", type=click.Path(file_okay=False), help="The data folder.")
def ledger(home: str | None) -> None:
    """The books."""
    import django  # noqa: PLC0415  as above

    if home:
        os.environ["FOOTLIGHTS_HOME"] = home
    django.setup()


@ledger.command("export")
def ledger_export() -> None:
    """Print all of them in hledger's journal format."""
    from footlights.ledger.api import export_lines  # noqa: PLC0415  as above

    for line in export_lines():
        click.echo(line, nl=False)


@main.group()
@click.option("--home", type=click.Path(file_okay=False), help="The data folder.")
def keys(home: str | None) -> None:
    """The keys that everything at rest is sealed with."""
    import django  # noqa: PLC0415  as above

    if home:
        os.environ["FOOTLIGHTS_HOME"] = home
    django.setup()


@keys.command()
def rotate() -> None:
    """Seal everything anew with a new key, while the service runs. Repeat it if it was interrupted."""
    from footlights.ops import keys as work  # noqa: PLC0415  as above

    work.rotate()


@keys.command()
def retire() -> None:
    """Drop the old key, a day after a rotation."""
    from footlights.ops import keys as work  # noqa: PLC0415  as above

    work.retire()


@main.command()
@click.argument("address")
@click.option("--home", type=click.Path(file_okay=False), help="The data folder.")
def forget_second_step(address: str, home: str | None) -> None:
    """Let somebody in by password alone who lost their phone, passkeys and spare codes."""
    import django  # noqa: PLC0415  as above

    if home:
        os.environ["FOOTLIGHTS_HOME"] = home
    django.setup()
    from footlights.accounts.api import forget_second_factor  # noqa: PLC0415  needs Django to be set up

    person = forget_second_factor(email=address)
    click.echo(f"{person.email} signs in with the password alone now, and is signed out everywhere.")


@main.command()
@click.argument("name", default="all")
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default="bench")
def bench(name: str, folder: Path) -> None:
    """Measure a claim of bench/, or all of them; the last line is JSON."""
    from footlights.ops.bench import run  # noqa: PLC0415  as above

    sys.exit(0 if (run.run_all(folder) if name == "all" else run.run_one(folder, name)) else 1)


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Django's own management commands."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415  as above

    execute_from_command_line(["footlights manage", *arguments])


@main.group()
def simulate() -> None:
    """Live a while in an installation of its own, and see whether everything adds up."""


@simulate.command()
@click.option("--subscribers", default=10_000, show_default=True, help="How many people become members.")
@click.option("--channels", default=24, show_default=True, help="How many channels sell.")
@click.option("--seed", default=1, show_default=True, help="What people want hangs on it.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=os.cpu_count(),
    show_default="one a processor",
    help="How many processes live the month side by side.",
)
@click.option("--days", type=click.IntRange(1, 30), default=30, show_default=True, help="How long it lasts.")
def month(**asked: int) -> None:
    """A month of trade: memberships, sales, refunds, disputes, payouts, and everything that goes wrong.

    Takes about a third of a second a member on one processor, and says after each day how far it is.
    """
    from footlights.ops.simulate.world import world  # noqa: PLC0415  as above

    with world():
        from footlights.ops.simulate.month import simulate_month  # noqa: PLC0415  needs Django to be set up

        adds_up = simulate_month(**asked)
    if not adds_up:
        sys.exit(1)


if __name__ == "__main__":
    sys.exit(main())
