"""One room while it is changed: its locked row, who speaks, and what is to be told afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

import msgspec

from footlights.engagement.errors import RefusedError
from footlights.engagement.models import BanRow, MessageRow, PollRow, QuestionRow, RoomRow, ViewerRow
from footlights.engagement.queries import listed_words
from footlights.engagement.records import Answer, Change, Desk, Message, Rules
from footlights.engagement.staff import staff_of
from footlights.engagement.telling import tell_messages, tell_poll, tell_questions


@dataclass
class Floor:
    """The caller holds the room's row for update until its transaction ends, so nothing here races."""

    room: RoomRow
    at: datetime
    viewers: dict[UUID, ViewerRow]
    banned: set[UUID]
    answers: list[tuple[UUID, Answer]] = field(default_factory=list)
    said: list[MessageRow] = field(default_factory=list)
    hidden: list[UUID] = field(default_factory=list)
    polls: dict[UUID, PollRow] = field(default_factory=dict)
    questions: dict[UUID, QuestionRow] = field(default_factory=dict)
    rules: Rules | None = None
    is_pin_changed: bool = False
    held: list[MessageRow] = field(default_factory=list)
    done: list[UUID] = field(default_factory=list)
    expelled: list[UUID] = field(default_factory=list)

    @classmethod
    def take(cls, room: RoomRow, viewer_ids: Iterable[UUID], at: datetime) -> "Floor":
        rows = ViewerRow.objects.filter(room=room, pk__among=set(viewer_ids))
        viewers = {row.pk: row for row in rows}
        persons = {row.person_id for row in viewers.values()}
        bans = BanRow.objects.filter(channel_id=room.channel_id, person_id__among=persons)
        return cls(room, at, viewers, set(bans.values_list("person_id", flat=True)))

    @cached_property
    def staff(self) -> frozenset[UUID]:
        return staff_of(self.room.channel_id)

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """The words for which messages wait here. One query."""
        return listed_words(self.room.channel_id)

    def viewer(self, viewer_id: UUID) -> ViewerRow:
        """Whoever speaks. Raises RefusedError for a guest, and for somebody who was banned."""
        row = self.viewers.get(viewer_id)
        if row is None:
            raise RefusedError("guest")
        if row.person_id in self.banned:
            raise RefusedError("banned")
        return row

    def speaker(self, viewer_id: UUID) -> ViewerRow:
        """The same, who is not to be silent for a while either."""
        row = self.viewer(viewer_id)
        if row.silent_until is not None and row.silent_until > self.at:
            raise RefusedError("silent")
        return row

    def is_staff(self, viewer: ViewerRow) -> bool:
        return viewer.person_id in self.staff

    def answer(self, viewer_id: UUID, key: str, *, refused: str = "", wait_s: int = 0, is_held: bool = False) -> None:
        self.answers.append((viewer_id, Answer(key=key, refused=refused, wait_s=wait_s, held=is_held)))

    def hide(self, rows: list[MessageRow], *, by_id: UUID | None) -> None:
        """One that waits was shown to nobody: its end is told at the desk alone. `by_id`: None for a tip's return."""
        ids = {row.pk for row in rows}
        MessageRow.objects.filter(pk__in=ids).update(hidden_at=self.at, hidden_by_id=by_id)
        self.said = [row for row in self.said if row.pk not in ids]
        self.held = [row for row in self.held if row.pk not in ids]
        self.hidden += [row.pk for row in rows if not row.held_for]
        self.done += [row.pk for row in rows if row.held_for]
        if self.room.pinned_id in ids:
            self.pin(None)

    def pin(self, row: MessageRow | None) -> None:
        self.room.pinned, self.is_pin_changed = row, True

    @property
    def is_changed(self) -> bool:
        return bool(self.said or self.hidden or self.polls or self.questions or self.rules or self.is_pin_changed)

    def leave(self) -> tuple[Change | None, Desk | None]:
        """Count the room's version on when something changed; what is to be told then, to all and to the desk."""
        change = None
        if self.is_changed:
            self.room.version += 1
            self.room.changed_at = self.at
            self.room.save(update_fields=["version", "changed_at", "slow_s", "speakers", "links", "review", "pinned"])
            change = self.change()
        return change, self.desk() if self.held or self.done else None

    def change(self) -> Change:
        """All that changed, as everybody is told."""
        return Change(
            v=self.room.version,
            said=tell_messages(self.said, staff=self.staff) if self.said else [],
            hidden=self.hidden,
            polls=[tell_poll(row) for row in self.polls.values()],
            questions=tell_questions(list(self.questions.values()), staff=self.staff) if self.questions else [],
            rules=self.rules,
            pinned=self._pinned() if self.is_pin_changed else msgspec.UNSET,
        )

    def desk(self) -> Desk:
        """What those who look after the room are told alone."""
        return Desk(held=tell_messages(self.held, staff=self.staff) if self.held else [], done=self.done)

    def _pinned(self) -> Message | None:
        if self.room.pinned_id is None:
            return None
        row = MessageRow.objects.select_related("viewer", "answers_to__viewer").get(pk=self.room.pinned_id)
        return tell_messages([row], staff=self.staff)[0]
