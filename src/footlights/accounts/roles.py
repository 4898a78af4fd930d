"""Who may do what: the one table. Pure; the documentation's table and the tests' expectations are read from it.

Owns the permissions, the roles, and which role holds which permission. Never says to which address a permission opens
(web/rules), nor who holds a role: accounts keeps the house's roles, catalog those of a channel's team.
"""

from collections.abc import Iterable
from enum import Enum, StrEnum
from typing import Any, Self

from django.utils.translation import gettext_lazy as _


class Scope(Enum):
    """On what a permission is held."""

    SELF = "oneself"
    CHANNEL = "one channel"
    HOUSE = "the whole service"


class Permission(StrEnum):
    """What may be done, and to what."""

    scope: Scope
    words: Any

    def __new__(cls, name: str, scope: Scope, words: Any) -> Self:
        permission = str.__new__(cls, name)
        permission._value_ = name
        permission.scope, permission.words = scope, words
        return permission

    VISIT = "visit", Scope.SELF, _("Look around, and watch what is free")
    HAVE_ACCOUNT = "have_account", Scope.SELF, _("Buy and rent; keep a library, a history and receipts")
    OPEN_CHANNEL = "open_channel", Scope.SELF, _("Open a channel")

    SEE_CHANNEL = "see_channel", Scope.CHANNEL, _("See its titles in the studio, and watch them before they are out")
    SEE_VIEWS = "see_views", Scope.CHANNEL, _("See how often titles are watched")
    EDIT_TITLES = "edit_titles", Scope.CHANNEL, _("Upload, edit, publish and delete titles")
    SEE_EARNINGS = "see_earnings", Scope.CHANNEL, _("See what titles earn, and every sale")
    SET_PRICES = "set_prices", Scope.CHANNEL, _("Set prices")
    REFUND_SALES = "refund_sales", Scope.CHANNEL, _("Give a buyer the money back")
    PAY_OUT = "pay_out", Scope.CHANNEL, _("Say where its earnings are sent, and ask for them")
    MODERATE = "moderate", Scope.CHANNEL, _("Open the room, start polls, answer questions, keep the chat in order")
    SHARE_EARNINGS = "share_earnings", Scope.CHANNEL, _("Share what titles earn with others, if they agree")
    EDIT_CHANNEL = "edit_channel", Scope.CHANNEL, _("Change its name, pictures, and where it may be embedded")
    SEE_ACTIVITY = "see_activity", Scope.CHANNEL, _("See who did what in the channel")
    MANAGE_TEAM = "manage_team", Scope.CHANNEL, _("Invite people to the team, change their roles, remove them")

    SEE_BACKOFFICE = "see_backoffice", Scope.HOUSE, _("Come into the backoffice")
    SEE_FIGURES = "see_figures", Scope.HOUSE, _("See what the whole service takes and gives back")
    SEE_PEOPLE = "see_people", Scope.HOUSE, _("Find people, and see why they may or may not watch")
    SEE_ALL_TITLES = "see_all_titles", Scope.HOUSE, _("Find any title, and what became of its file")
    VIEW_AS = "view_as", Scope.HOUSE, _("See a title's page as somebody else would")
    SEE_PAYMENTS = "see_payments", Scope.HOUSE, _("Find any payment, and its whole story")
    REFUND_PAYMENTS = "refund_payments", Scope.HOUSE, _("Give any payment back")
    APPROVE_PAYOUTS = "approve_payouts", Scope.HOUSE, _("Approve or refuse large payouts; hold earnings back")
    SET_TERMS = "set_terms", Scope.HOUSE, _("Decide the platform's share, price limits, refunds and payouts")
    SEE_BOOKS = "see_books", Scope.HOUSE, _("See every movement of money, and take the books along")
    REPORT_SELLERS = "report_sellers", Scope.HOUSE, _("Take along what tax offices ask of who earns here")
    RUN_JOBS = "run_jobs", Scope.HOUSE, _("See the works; run jobs and files again, or stop them")
    HANDLE_ALERTS = "handle_alerts", Scope.HOUSE, _("See alerts, take them on, silence them")
    NAME_SERVICE = "name_service", Scope.HOUSE, _("Change what the service is called")
    CHANGE_SETTINGS = "change_settings", Scope.HOUSE, _("Change the service's other settings")
    SEE_TRAIL = "see_trail", Scope.HOUSE, _("Search the trail, and take it along")
    GIVE_ROLES = "give_roles", Scope.HOUSE, _("Give and take the roles of the house")


class Role(StrEnum):
    """As what somebody acts. The first two are everybody's; a channel's are held on that channel alone."""

    scope: Scope
    words: Any

    def __new__(cls, name: str, scope: Scope, words: Any) -> Self:
        role = str.__new__(cls, name)
        role._value_ = name
        role.scope, role.words = scope, words
        return role

    VISITOR = "visitor", Scope.SELF, _("Visitor")
    SUBSCRIBER = "subscriber", Scope.SELF, _("Subscriber")
    CREATOR = "creator", Scope.CHANNEL, _("Creator")
    EDITOR = "editor", Scope.CHANNEL, _("Editor")
    MODERATOR = "moderator", Scope.CHANNEL, _("Moderator")
    ANALYST = "analyst", Scope.CHANNEL, _("Analyst")
    FINANCE = "finance", Scope.CHANNEL, _("Finance")
    MARKETING = "marketing", Scope.HOUSE, _("Marketing")
    SUPPORT = "support", Scope.HOUSE, _("Support")
    EXECUTIVE = "executive", Scope.HOUSE, _("Executive")
    OPERATOR = "operator", Scope.HOUSE, _("IT operator")
    ADMINISTRATOR = "administrator", Scope.HOUSE, _("Administrator")


_P = Permission
HELD: dict[Role, frozenset[Permission]] = {
    Role.VISITOR: frozenset({_P.VISIT}),
    Role.SUBSCRIBER: frozenset({_P.VISIT, _P.HAVE_ACCOUNT, _P.OPEN_CHANNEL}),
    Role.CREATOR: frozenset(permission for permission in Permission if permission.scope is Scope.CHANNEL),
    Role.EDITOR: frozenset({_P.SEE_CHANNEL, _P.SEE_VIEWS, _P.EDIT_TITLES}),
    Role.MODERATOR: frozenset({_P.SEE_CHANNEL, _P.MODERATE}),
    Role.ANALYST: frozenset({_P.SEE_CHANNEL, _P.SEE_VIEWS}),
    Role.FINANCE: frozenset({_P.SEE_CHANNEL, _P.SEE_VIEWS, _P.SEE_EARNINGS, _P.SET_PRICES, _P.REFUND_SALES}),
    Role.MARKETING: frozenset({_P.SEE_BACKOFFICE, _P.SEE_ALL_TITLES, _P.NAME_SERVICE}),
    Role.SUPPORT: frozenset({_P.SEE_BACKOFFICE, _P.SEE_PEOPLE, _P.SEE_ALL_TITLES, _P.VIEW_AS, _P.SEE_PAYMENTS}),
    Role.EXECUTIVE: frozenset({_P.SEE_BACKOFFICE, _P.SEE_FIGURES}),
    Role.OPERATOR: frozenset({_P.SEE_BACKOFFICE, _P.SEE_ALL_TITLES, _P.RUN_JOBS, _P.HANDLE_ALERTS}),
    Role.ADMINISTRATOR: frozenset(permission for permission in Permission if permission.scope is Scope.HOUSE),
}

HOUSE_ROLES = tuple(role for role in Role if role.scope is Scope.HOUSE)
TEAM_ROLES = tuple(role for role in Role if role.scope is Scope.CHANNEL and role is not Role.CREATOR)

# Whoever sees other people's data or money, or acts for the whole service, shows a second proof when signing in.
SECOND_FACTOR = frozenset({*HOUSE_ROLES, Role.FINANCE})


_BY_NAME = {role.value: role for role in Role}


def role_named(name: str) -> Role:
    """The role a row of the database names."""
    return _BY_NAME[name]


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """All that these roles hold together."""
    return frozenset().union(*(HELD[role] for role in roles))


def needs_second_factor(*, roles: Iterable[Role], is_required: bool) -> bool:
    """Whether one of the roles asks for it, where the installation requires it; to others it is offered."""
    return is_required and not SECOND_FACTOR.isdisjoint(roles)


def holders_of(permission: Permission) -> list[Role]:
    return [role for role in Role if permission in HELD[role]]
