from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from footlights.accounts.api import Permission
from footlights.audit.api import Act, record
from footlights.catalog.api import may
from footlights.kernel.errors import NotAllowedError
from footlights.playback.models import ChannelEmbedding
from footlights.playback.policies import clean_domains
from footlights.playback.records import EmbedPolicy


def set_embed_policy(
    *, channel_id: UUID, editor_id: UUID, anywhere: bool, domains: list[str], at: datetime
) -> EmbedPolicy:
    """Say on which websites the channel's player may appear. Last write wins.

    Raises NotAllowedError, InvalidInputError (field "domains").
    """
    if not may(editor_id, Permission.EDIT_CHANNEL, channel_id):
        raise NotAllowedError(_("Only the people of a channel decide where it may be embedded."))
    policy = EmbedPolicy(channel_id, anywhere=anywhere, domains=clean_domains(domains))
    defaults = {"anywhere": anywhere, "domains": list(policy.domains), "edited_by": editor_id, "edited_at": at}
    with transaction.atomic():
        before = ChannelEmbedding.objects.filter(channel_id=channel_id).values("anywhere", "domains").first()
        ChannelEmbedding.objects.update_or_create(channel_id=channel_id, defaults=defaults)
        record(
            act=Act.CHANNEL_EMBEDDING_CHANGED,
            object_kind="channel",
            object_id=channel_id,
            channel_id=channel_id,
            before=before,
            after={"anywhere": anywhere, "domains": list(policy.domains)},
        )
    return policy
