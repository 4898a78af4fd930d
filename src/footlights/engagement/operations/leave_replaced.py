"""What a room said is not played with another film than the one it was said to, unless its makers want that."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from footlights.engagement.models import ReplayRow


def leave_replaced(*, title_id: UUID, at: datetime) -> None:
    """Hide it, as the title plays another file since `at`. Safe to repeat, also once it is shown again."""
    is_news = Q(replaced_at=None) | Q(replaced_at__lt=at)
    ReplayRow.objects.filter(is_news, pk=title_id).update(is_shown=False, replaced_at=at)
