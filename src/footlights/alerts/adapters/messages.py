"""An alert in the forms its receivers take. Holds no names and no mail addresses: the backoffice shows those."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from standardwebhooks import Webhook

from footlights.alerts.records import Alert


def url_of(alert: Alert) -> str:
    return f"{settings.SITE_URL}/backoffice/alerts/{alert.id}"


def runbook_of(alert: Alert) -> str:
    return f"{settings.SITE_URL}/backoffice/alerts/runbook#{alert.anchor}"


def as_webhook(alert: Alert, *, delivery_id: str, key: str, at: datetime) -> tuple[bytes, dict[str, str]]:
    """Body and headers after Standard Webhooks; a repeated delivery keeps its id, so that receivers know it."""
    content: dict[str, Any] = {
        "type": "alert.opened",
        "timestamp": alert.opened_at.isoformat(),
        "data": {
            "id": str(alert.id),
            "kind": alert.kind,
            "severity": alert.severity,
            "title": alert.title,
            "explanation": alert.words,
            "subject": alert.subject,
            "count": alert.count,
            "window_s": alert.window_s,
            "usual": alert.usual,
            "facts": alert.facts,
            "url": url_of(alert),
            "runbook": runbook_of(alert),
            "service": settings.SITE_URL,
        },
    }
    body = json.dumps(content, ensure_ascii=False)
    headers = {
        "content-type": "application/json",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(key).sign(delivery_id, at, body),
    }
    return body.encode(), headers


def as_slack(alert: Alert) -> bytes:
    """For Slack's incoming webhooks and whatever takes the same. Nobody is called by @."""
    told = _as_text(alert).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return json.dumps({"text": told}).encode()


def as_discord(alert: Alert) -> bytes:
    return json.dumps({"content": _as_text(alert)[:2000], "allowed_mentions": {"parse": []}}).encode()


def as_mail(alert: Alert) -> tuple[str, str]:
    """Subject and text."""
    subject = f"{urlsplit(settings.SITE_URL).hostname}: {alert.title}"
    facts = "\n".join(f"{name}: {value}" for name, value in alert.facts.items())
    words = _(
        "%(words)s\n\n%(facts)s\n\nWhat was seen:\n%(url)s\n\nWhat to do:\n%(runbook)s\n\n"
        "You get this mail because you look after this service."
    ) % {"words": alert.words, "facts": facts, "url": url_of(alert), "runbook": runbook_of(alert)}
    return subject, words.replace("\n\n\n\n", "\n\n")


def _as_text(alert: Alert) -> str:
    return f"{alert.title}\n{alert.words}\n{url_of(alert)}"
