"""Fields and constraints of rooms. One vote a person, one open poll a room: the database sees to it."""

from enum import StrEnum
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from footlights.engagement import lookups  # noqa: F401  fields learn them here
from footlights.engagement.mood.models import MoodRow, MoodTurnRow  # noqa: F401  Django looks for models here
from footlights.engagement.policies import (
    APPEAL_LENGTH_MAX,
    CHOICES_MAX,
    MENTIONS_MAX,
    OWN_WORDS_MAX,
    QUESTION_LENGTH_MAX,
    SAY_LENGTH_MAX,
    SLOW_S_MAX,
    WORD_LENGTH_MAX,
)
from footlights.engagement.records import (
    HeldFor,
    Links,
    PollKind,
    PollState,
    QuestionState,
    Review,
    Room,
    Rules,
    Speakers,
)
from footlights.kernel.ids import new_id


def _choices(names: type[StrEnum]) -> list[tuple[str, str]]:
    return [(each.value, each.value) for each in names]


class RoomRow(models.Model):
    """Where people talk about one `subject`, such as "broadcast:<id>". Its `version` counts what changed in it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=80, unique=True)
    channel_id = models.UUIDField()
    version = models.BigIntegerField(default=0)
    slow_s = models.PositiveSmallIntegerField(default=0)
    speakers = models.CharField(max_length=9, choices=_choices(Speakers), default=Speakers.EVERYBODY)
    links = models.CharField(max_length=7, choices=_choices(Links), default=Links.REFUSED)
    review = models.CharField(max_length=10, choices=_choices(Review), default=Review.NOBODYS)
    pinned = models.ForeignKey("MessageRow", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)
    entered_at = models.DateTimeField(null=True, db_index=True)  # by somebody, to the minute
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "engagement_room"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(slow_s__lte=SLOW_S_MAX), name="engagement_room_slow_within"),
        ]

    def __str__(self) -> str:
        return self.subject

    def to_record(self) -> Room:
        return Room(
            id=self.id,
            subject=self.subject,
            channel_id=self.channel_id,
            version=self.version,
            rules=self.to_rules(),
            entered_at=self.entered_at,
            closed_at=self.closed_at,
        )

    def to_rules(self) -> Rules:
        return Rules(
            slow_s=self.slow_s,
            speakers=Speakers(self.speakers),
            links=Links(self.links),
            review=Review(self.review),
        )


class ViewerRow(models.Model):
    """Somebody with an account in one room. Its id is theirs on the wire and tells nothing about who they are."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    room = models.ForeignKey(RoomRow, models.CASCADE, related_name="viewers")
    person_id = models.UUIDField()
    silent_until = models.DateTimeField(null=True)
    is_member = models.BooleanField(default=False)  # of the channel, when they came in last
    device = models.BinaryField(null=True)  # keyed digests of what they came in with last: nobody reads them
    network = models.BinaryField(null=True)
    is_near_ban = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "engagement_viewer"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["room", "person_id"], name="engagement_viewer_once_a_room")
        ]

    def __str__(self) -> str:
        return str(self.id)


class BanRow(models.Model):
    """Somebody is kept out of every room of a channel; so is the device they used, and whoever pays as they did."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel_id = models.UUIDField()
    person_id = models.UUIDField()
    by_id = models.UUIDField()
    at = models.DateTimeField(db_index=True)
    device = models.BinaryField(null=True)
    network = models.BinaryField(null=True)
    methods = ArrayField(models.BinaryField(), default=list)  # what they paid with, as payments' keyed digests
    appeal = models.CharField(max_length=APPEAL_LENGTH_MAX, blank=True)
    appealed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "engagement_ban"
        indexes: ClassVar = [
            models.Index(fields=["channel_id", "device"], name="engagement_ban_device"),
            models.Index(fields=["channel_id", "network", "at"], name="engagement_ban_network"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel_id", "person_id"], name="engagement_ban_once_a_channel"),
            models.CheckConstraint(
                condition=Q(appeal="", appealed_at=None) | (~Q(appeal="") & Q(appealed_at__isnull=False)),
                name="engagement_ban_appealed_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class CaughtRow(models.Model):
    """Somebody else whom a ban keeps out, too, found while they may be there: they are put out at once.

    `heard_at`: when a room process saw to it. None of them is needed for longer than a token lives.
    """

    ban = models.ForeignKey(BanRow, models.CASCADE, related_name="caught")
    person_id = models.UUIDField()
    at = models.DateTimeField(db_index=True)
    heard_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "engagement_caught"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ban", "person_id"], name="engagement_caught_once_a_ban")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} with {self.ban_id}"


class WordListRow(models.Model):
    """The words for which messages in a channel's rooms wait."""

    channel_id = models.UUIDField(primary_key=True)
    own = ArrayField(models.CharField(max_length=WORD_LENGTH_MAX), size=OWN_WORDS_MAX, default=list)
    languages = ArrayField(models.CharField(max_length=2), default=list)

    class Meta:
        db_table = "engagement_word_list"

    def __str__(self) -> str:
        return str(self.channel_id)


class MessageRow(models.Model):
    """What somebody said in the chat. Its id follows from theirs and their browser's key: said twice is said once."""

    id = models.UUIDField(primary_key=True, editable=False)
    room = models.ForeignKey(RoomRow, models.CASCADE, related_name="messages")
    viewer = models.ForeignKey(ViewerRow, models.CASCADE, related_name="messages")
    text = models.CharField(max_length=SAY_LENGTH_MAX)
    said_at = models.DateTimeField()  # of one that waited: when it was shown
    answers_to = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    mentions = ArrayField(models.UUIDField(), size=MENTIONS_MAX, default=list)
    held_for = models.CharField(max_length=5, choices=_choices(HeldFor), default=HeldFor.NOTHING, blank=True)
    tip_minor = models.BigIntegerField(null=True)  # what they gave with it, which has arrived
    tip_currency = models.CharField(max_length=3, blank=True, default="")
    hidden_at = models.DateTimeField(null=True)
    hidden_by_id = models.UUIDField(null=True)

    class Meta:
        db_table = "engagement_message"
        indexes: ClassVar = [
            models.Index(fields=["room", "-said_at"], name="engagement_message_newest"),
            models.Index(fields=["viewer", "-said_at"], name="engagement_message_of"),
            models.Index(
                fields=["room", "said_at"],
                condition=~Q(held_for="") & Q(hidden_at=None),
                name="engagement_message_waiting",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_by_id=None)
                | Q(hidden_at__isnull=False, hidden_by_id__isnull=False)
                | Q(hidden_at__isnull=False, tip_minor__isnull=False),  # it goes with its money, by itself
                name="engagement_message_hidden_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class PollRow(models.Model):
    """`counts` hold how often each of `choices` was chosen: changed in the transaction that keeps the vote.

    `since_counts` and `since_voters` are the same of those who voted beside the recording; empty until somebody did.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    room = models.ForeignKey(RoomRow, models.CASCADE, related_name="polls")
    question = models.CharField(max_length=QUESTION_LENGTH_MAX)
    kind = models.CharField(max_length=8, choices=_choices(PollKind))
    state = models.CharField(max_length=6, choices=_choices(PollState))
    choices = ArrayField(models.CharField(max_length=80))
    counts = ArrayField(models.PositiveIntegerField())
    voters = models.PositiveIntegerField(default=0)
    since_counts = ArrayField(models.PositiveIntegerField(), default=list)
    since_voters = models.PositiveIntegerField(default=0)
    is_result_live = models.BooleanField(default=True)
    right = models.PositiveSmallIntegerField(null=True)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)  # by itself
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "engagement_poll"
        indexes: ClassVar = [
            models.Index(fields=["room", "-opened_at"], name="engagement_poll_newest"),
            models.Index(
                fields=["closes_at"], condition=Q(state="open", closes_at__isnull=False), name="engagement_poll_due"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["room"], condition=Q(state="open"), name="engagement_poll_one_open_a_room"),
            models.CheckConstraint(
                condition=Q(choices__len__gte=2, choices__len__lte=CHOICES_MAX, counts__len=F("choices__len")),
                name="engagement_poll_counts_for_choices",
            ),
            models.CheckConstraint(
                condition=Q(since_counts__len=0, since_voters=0) | Q(since_counts__len=F("choices__len")),
                name="engagement_poll_since_counts_too",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | Q(state="closed", closed_at__isnull=False),
                name="engagement_poll_closed_at_some_time",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind=PollKind.QUIZ, right__isnull=False, right__lt=F("choices__len"), is_result_live=False)
                    | (~Q(kind=PollKind.QUIZ) & Q(right=None))
                ),
                name="engagement_poll_right_in_a_quiz",
            ),
        ]

    def __str__(self) -> str:
        return self.question


class ReplayRow(models.Model):
    """A room that is played with the recording which `title_id` is; `parts`: where each moment is in it.

    `replaced_at`: since when the title plays another file, in which nobody knows where each moment is.
    """

    title_id = models.UUIDField(primary_key=True)
    room = models.OneToOneField(RoomRow, models.CASCADE, related_name="replay")
    parts = models.JSONField()
    is_shown = models.BooleanField(default=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "engagement_replay"

    def __str__(self) -> str:
        return f"{self.room_id} in {self.title_id}"


class PreparedRow(models.Model):
    """A poll that a channel prepared, to be asked in any of its rooms as often as it likes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel_id = models.UUIDField(db_index=True)
    question = models.CharField(max_length=QUESTION_LENGTH_MAX)
    kind = models.CharField(max_length=8, choices=_choices(PollKind))
    choices = ArrayField(models.CharField(max_length=80))
    right = models.PositiveSmallIntegerField(null=True)
    is_result_live = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "engagement_prepared_poll"

    def __str__(self) -> str:
        return self.question


class VoteRow(models.Model):
    """What one person chose: one row, once and for all."""

    poll = models.ForeignKey(PollRow, models.CASCADE, related_name="votes")
    viewer = models.ForeignKey(ViewerRow, models.CASCADE, related_name="votes")
    choices = ArrayField(models.PositiveSmallIntegerField())
    at = models.DateTimeField()
    is_since = models.BooleanField(default=False)  # beside the recording

    class Meta:
        db_table = "engagement_vote"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "viewer"], name="engagement_vote_once_a_person"),
            models.CheckConstraint(condition=Q(choices__len__gte=1), name="engagement_vote_for_something"),
        ]

    def __str__(self) -> str:
        return f"{self.viewer_id} in {self.poll_id}"


class QuestionRow(models.Model):
    """What somebody wants to know of whoever is on stage; `raised` counts who wants to know it too."""

    id = models.UUIDField(primary_key=True, editable=False)
    room = models.ForeignKey(RoomRow, models.CASCADE, related_name="questions")
    viewer = models.ForeignKey(ViewerRow, models.CASCADE, related_name="questions")
    text = models.CharField(max_length=QUESTION_LENGTH_MAX)
    state = models.CharField(max_length=9, choices=_choices(QuestionState))
    raised = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    answering_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    tip_minor = models.BigIntegerField(null=True)  # given for an answer; its id is the tip's, then
    tip_currency = models.CharField(max_length=3, blank=True, default="")

    class Meta:
        db_table = "engagement_question"
        indexes: ClassVar = [models.Index(fields=["room", "state", "-raised"], name="engagement_question_wanted")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["room"], condition=Q(state="answering"), name="engagement_question_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class RaiseRow(models.Model):
    """Somebody wants to know it too."""

    question = models.ForeignKey(QuestionRow, models.CASCADE, related_name="raises")
    viewer = models.ForeignKey(ViewerRow, models.CASCADE, related_name="raises")

    class Meta:
        db_table = "engagement_raise"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "viewer"], name="engagement_raise_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.viewer_id} for {self.question_id}"


class GivenRow(models.Model):
    """A tip to a room whose money arrived. `heard_at`: when the room was told; `is_settled`: nothing of it is owed."""

    id = models.UUIDField(primary_key=True, editable=False)  # the tip's own, and that of what it became in the room
    room = models.ForeignKey(RoomRow, models.CASCADE, related_name="given")
    person_id = models.UUIDField(null=True)  # None: without a name
    is_question = models.BooleanField(default=False)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    text = models.CharField(max_length=QUESTION_LENGTH_MAX, blank=True)
    at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)  # None again once the room is to hear that it went back
    returned_at = models.DateTimeField(null=True)
    is_settled = models.BooleanField()  # False: of a question, until it was answered or its money went back

    class Meta:
        db_table = "engagement_given"
        indexes: ClassVar = [
            models.Index(fields=["at"], condition=Q(heard_at=None), name="engagement_given_unheard"),
            models.Index(fields=["at"], condition=Q(is_settled=False), name="engagement_given_owed"),
        ]

    def __str__(self) -> str:
        return str(self.id)
