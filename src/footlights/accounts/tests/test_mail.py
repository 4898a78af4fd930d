"""A mail waits in a job of its own, sealed, and is sent as it was written."""

import json
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from procrastinate.contrib.django.models import ProcrastinateJob

from footlights.accounts.adapters import mail as mails
from footlights.accounts.jobs import send_mail
from footlights.accounts.testing import make_person
from footlights.kernel.crypto import SealBrokenError

pytestmark = pytest.mark.django_db
QUEUED = "footlights.accounts.adapters.mail.QueuedMail"
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def queued(settings):
    settings.EMAIL_BACKEND = QUEUED


def waiting() -> list[dict[str, str]]:
    return list(ProcrastinateJob.objects.filter(task_name="accounts.send_mail").values_list("args", flat=True))


def test_a_mail_waits_sealed_and_arrives_as_it_was_written(queued) -> None:
    written = EmailMultiAlternatives(
        "Reset", "Go to /secret-link", "us@example.org", ["v@example.org"], headers={"X": "1"}
    )
    written.attach_alternative("<p>Go</p>", "text/html")
    written.send()
    assert mail.outbox == []
    [args] = waiting()
    assert "secret-link" not in json.dumps(args)
    mails.deliver(args["sealed"], backend=LOCMEM)
    [sent] = mail.outbox
    assert (sent.subject, sent.body, sent.from_email, sent.to, sent.extra_headers) == (
        "Reset", "Go to /secret-link", "us@example.org", ["v@example.org"], {"X": "1"},
    )  # fmt: skip
    assert [tuple(each) for each in sent.alternatives] == [("<p>Go</p>", "text/html")]


def test_a_mail_server_that_fails_is_asked_again(queued, monkeypatch) -> None:
    def refuse(*_args: object) -> None:
        raise SMTPException("later, please")

    monkeypatch.setattr("django.core.mail.backends.smtp.EmailBackend.send_messages", refuse)
    EmailMultiAlternatives("Reset", "x", "us@example.org", ["v@example.org"]).send()
    with pytest.raises(SMTPException):
        send_mail.func(**waiting()[0])
    assert send_mail.retry_strategy is not None
    assert send_mail.retry_strategy.max_attempts == 8


def test_what_is_attached_arrives_as_it_was() -> None:
    message = EmailMultiAlternatives("a", "b", "us@example.org", ["v@example.org"])
    message.attach("invoice.pdf", b"%PDF-\x00\xff", "application/pdf")
    [attached] = mails.unpack(mails.pack(message)).attachments
    assert tuple(attached) == ("invoice.pdf", b"%PDF-\x00\xff", "application/pdf")


def test_an_altered_mail_is_not_sent(queued) -> None:
    with pytest.raises(SealBrokenError):
        mails.deliver("AAAA" + mails.pack(EmailMultiAlternatives("a", "b", "us@example.org", ["v@example.org"])))


@pytest.mark.parametrize("email", ["known@example.org", "unknown@example.org"])
def test_a_forgotten_password_does_the_same_whoever_asks(client, queued, email) -> None:
    """No page tells, by words or by waiting for a mail server, whether there is such an account: one job either way."""
    make_person(email="known@example.org")
    answer = client.post("/account/password/reset/", {"email": email})
    assert (answer.status_code, answer["Location"]) == (302, "/account/password/reset/done/")
    assert len(waiting()) == 1
    assert mail.outbox == []
