"""Book what journals appended: put their lines in order, and add them to the totals."""

from django.db import connection


def book() -> None:
    """What was posted and what a balance is stay the same; reading them takes less. Safe to repeat, and at any moment.

    One statement of the database, run by a trigger: so nobody can take a line away without booking it.
    """
    with connection.cursor() as cursor:
        cursor.execute("insert into ledger_booking (at) values (now())")
