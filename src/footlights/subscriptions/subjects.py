"""What of ours can be shared with others: a plan, whose channel says who takes part."""

import uuid

from footlights.splits.api import Subject, SubjectKind, register_subject
from footlights.subscriptions.models import PlanRow


def find_plan(plan_id: uuid.UUID) -> Subject | None:
    row = PlanRow.objects.filter(pk=plan_id).first()
    return Subject(row.channel_id, row.name) if row else None


register_subject(SubjectKind.PLAN, find_plan)
