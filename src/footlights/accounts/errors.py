from footlights.kernel.errors import FootlightsError


class AccountsError(FootlightsError):
    code = "accounts"


class AlreadySetUpError(AccountsError):
    """This service has its owner already. Sign in instead."""

    code = "already_set_up"


class LastAdministratorError(AccountsError):
    """This is the last administrator. Make somebody else one first."""

    code = "last_administrator"


class UnprovenAccountError(AccountsError):
    """An account claims this address, and has not proved it; the message says what to do."""

    code = "unproven_account"
