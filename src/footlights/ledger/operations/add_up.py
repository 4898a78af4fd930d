"""Add changes of balances to their totals."""

from django.db import connection


def add_up() -> None:
    """What a balance is stays the same; reading it takes fewer rows. Safe to repeat, and at any moment.

    One statement of the database, run by a trigger: so nobody can take a change away without adding it to its total.
    """
    with connection.cursor() as cursor:
        cursor.execute("insert into ledger_adding_up (at) values (now())")
