"""People. The only context that holds names and mail addresses; every other one holds a person's id."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from footlights.accounts.guests import is_stand_in
from footlights.accounts.roles import HOUSE_ROLES
from footlights.kernel.clock import now
from footlights.kernel.ids import new_id
from footlights.kernel.sealed_text import SealedTextField


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    display_name = models.CharField(_("name"), max_length=80, blank=True)
    is_active = models.BooleanField(default=True)
    roles = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # of the house; most have none
    joined_at = models.DateTimeField(default=now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_unique_any_case"),
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=[role.value for role in HOUSE_ROLES]),
                name="accounts_user_roles_of_the_house",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="accounts_user_of_the_house", condition=~models.Q(roles=[])),
            models.Index(Lower("display_name"), name="accounts_user_by_name"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.address.split("@")[0]

    @property
    def is_guest(self) -> bool:
        """Whether they bought something and have not proved their address yet."""
        return is_stand_in(self.email)

    @property
    def address(self) -> str:
        """Where mail reaches them: what they signed up with, or typed as a guest."""
        return Guest.objects.get(pk=self.pk).address if self.is_guest else self.email


class Guest(models.Model):
    """Somebody who typed an address at the till. `joined` is whose it turned out to be: their own, or another's."""

    person = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    address = SealedTextField()
    admitted_at = models.DateTimeField(default=now, editable=False)
    joined = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"guest {self.pk}"


class TaxpayerRow(models.Model):
    """Who a person is to a tax office, sealed as one. `erase_on`: they want it gone, and the law until then not."""

    person = models.OneToOneField(User, on_delete=models.PROTECT, primary_key=True, related_name="+")
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()
    erase_on = models.DateField(null=True)

    class Meta:
        db_table = "accounts_taxpayer"

    def __str__(self) -> str:
        return f"taxpayer {self.person_id}"


class Device(models.Model):
    """A browser that a person signed in with before, known by the digest of a cookie only it has."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(max_length=32)
    known_since = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "digest"], name="accounts_device_once_a_person")
        ]

    def __str__(self) -> str:
        return f"a browser of {self.person_id}"


class Installation(models.Model):
    """The one row that says what this service is called.

    It is made together with the owner and its key is fixed, so of two first runs that race the second finds it taken.
    """

    ONLY_ID = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY_ID, editable=False)
    name = models.CharField(_("name of the service"), max_length=60)
    currency = models.CharField(max_length=3)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="accounts_installation_only_one")
        ]

    def __str__(self) -> str:
        return self.name
