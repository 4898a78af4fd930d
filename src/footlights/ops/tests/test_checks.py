"""The doctor's rounds reach the backoffice, without what opens anything."""

from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from unittest import mock

import pytest

from footlights.alerts.api import list_checks
from footlights.kernel import environment
from footlights.ops.doctor import machine, service
from footlights.ops.doctor.finding import good, wrong
from footlights.ops.engines import checks
from footlights.payments.api import GatewayUnreachableError


@pytest.mark.django_db
def test_what_the_doctor_finds_is_there_for_the_backoffice(monkeypatch):
    monkeypatch.setattr(machine, "CHECKS", [lambda _: iter([good("Disk", "plenty")])])
    monkeypatch.setattr(
        service, "CHECKS", [lambda _: iter([wrong("Objects", "s3://key:canary@bucket?k=canary is away", "Look")])]
    )
    checks.look()
    told = [(each.what, each.seen, each.level, each.mend) for each in list_checks()]
    assert told == [("Disk", "plenty", "good", ""), ("Objects", "s3://bucket is away", "wrong", "Look")]


def test_the_doctor_tells_a_missing_permission_from_a_gateway_that_is_away(monkeypatch, settings):
    settings.PAYMENT_GATEWAY = "paypal"
    for answer, seen in (
        (lambda: (), "taken by paypal"),
        (lambda: ("Payouts", "Vault"), "paypal does not let us use: Payouts, Vault"),
        (mock.Mock(side_effect=GatewayUnreachableError("PayPal cannot be asked.")), "PayPal cannot be asked."),
    ):
        monkeypatch.setattr(service.payments, "list_lacks", answer)
        assert [found.seen for found in service.check_payments(environment.load())] == [seen]


class MailServer(StreamRequestHandler):
    """As much of SMTP as lets somebody in."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            self.wfile.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 yes\r\n")


def test_the_doctor_knocks_at_the_mail_server_itself(settings):
    """Whatever only queues mails lets everybody in."""
    settings.MAILS_ARRIVE, settings.EMAIL_FILE_PATH = False, "/tmp/mail"
    [found] = service.check_mail(environment.load())
    assert (found.level, "goes to" in found.seen) == ("note", True)
    settings.MAILS_ARRIVE, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = True, False, False
    settings.EMAIL_BACKEND = "footlights.accounts.adapters.mail.QueuedMail"
    del settings.EMAIL_FILE_PATH  # there is none where a mail server is set
    with ThreadingTCPServer(("127.0.0.1", 0), MailServer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        [found] = service.check_mail(environment.load())
        assert (found.level, "lets us in" in found.seen) == ("good", True)
        server.shutdown()
    [found] = service.check_mail(environment.load())
    assert (found.level, found.mend) == ("wrong", "Check FOOTLIGHTS_MAIL_URL")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://user:password@db.example:5432/films is away", "postgresql://db.example:5432/films is away"),
        ("https://store.example/x?signature=abc&k=1: refused", "https://store.example/x refused"),
        ("/srv/footlights, 73.2 GiB free", "/srv/footlights, 73.2 GiB free"),
    ],
)
def test_addresses_lose_what_opens_them(text, shown):
    assert checks.harmless(text) == shown
