"""Terms that somebody may join by."""

import uuid

from django.utils.translation import gettext as _

from footlights.kernel.errors import NotFoundError
from footlights.subscriptions.errors import TermsChangedError
from footlights.subscriptions.models import TermsRow


def require_offered(terms_id: uuid.UUID) -> TermsRow:
    """Raises NotFoundError, and TermsChangedError for what is not offered any more."""
    terms = TermsRow.objects.select_related("plan").filter(pk=terms_id).first()
    if terms is None:
        raise NotFoundError(_("There is no such membership."))
    if terms.withdrawn_at or terms.plan.withdrawn_at:
        raise TermsChangedError(_("This is not offered any more. Nothing was charged."))
    return terms
