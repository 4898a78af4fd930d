"""How what accounts keep sealed is sealed anew: second factors, who people are to tax offices, mails that wait.

A form that waits for a proof lies sealed in a session for half an hour; the old key is dropped a day later at least.
"""

import base64
import json
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection

from footlights.accounts.adapters import mail, second_factor
from footlights.accounts.sealing import of_taxpayer
from footlights.kernel import crypto
from footlights.kernel.reseal import reseal_column, reseals
from footlights.kernel.sealed_text import reseal_sealed_text

SECRETS = ("secret", "seed")
WAITING_MAILS = (
    "select id, args from procrastinate_jobs where args ? 'sealed' and status in ('todo', 'doing', 'failed')"
)
CHANGE_MAIL = "update procrastinate_jobs set args = jsonb_set(args, '{sealed}', to_jsonb(%s::text)) where id = %s"


@reseals("second steps")
def reseal_second_factors() -> int:
    count = 0
    for row in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk").iterator():
        fresh = {
            name: _fresh(value, second_factor.CONTEXT) if name in SECRETS and isinstance(value, str) else value
            for name, value in row.data.items()
        }
        if fresh != row.data:
            count += Authenticator.objects.filter(pk=row.pk, data=row.data).update(data=fresh)
    return count


@reseals("guests")
def reseal_guests() -> int:
    return reseal_sealed_text(table="accounts_guest", key="person_id", column="address")


@reseals("who people are to tax offices")
def reseal_taxpayers() -> int:
    return reseal_column(table="accounts_taxpayer", key="person_id", column="sealed", context=of_taxpayer)


@reseals("mails that wait")
def reseal_mails() -> int:
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(WAITING_MAILS)
        rows: list[Any] = cursor.fetchall()
        for number, arguments in rows:
            sealed = (arguments if isinstance(arguments, dict) else json.loads(arguments))["sealed"]
            fresh = _fresh(sealed, mail.CONTEXT)
            if fresh != sealed:
                cursor.execute(CHANGE_MAIL, [fresh, number])
                count += 1
    return count


def _fresh(text: str, context: str) -> str:
    sealed = base64.b64decode(text)
    return text if crypto.is_current(sealed) else base64.b64encode(crypto.reseal(sealed, context=context)).decode()
