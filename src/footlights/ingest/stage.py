"""One broadcast in this process: who sends, which run is open, what viewers are told.

It lasts through senders that come and go. Between them, on air, a slate runs. All that must outlive a kill is in the
folder; what the house decided (on air, over) comes with each beat's answer.
"""

import asyncio
import json
import logging
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from footlights.ingest import flv, ladder, manifests
from footlights.ingest.errors import BadStreamError, HookError, IngestError, RefusedError
from footlights.ingest.health import Health
from footlights.ingest.hook import Hook
from footlights.ingest.rtmp.chunks import AUDIO, DATA, Message
from footlights.ingest.run import Key, Run, RunEndedError, Source, described_in, new_run

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
BEAT_EVERY_S = 2.0
SLATE_AFTER_S = 1.0
PREVIEW_KEPT_S = 30.0  # without a sender, off air
OTHER_SENDER_S = 3.0  # one that was heard so lately is still there
SOUND_WITHIN_MS = 1_000  # of the first picture; a sender without any gets silence
PENDING_BYTES = 16 << 20
FAST_DEATHS = 3  # of runs in a row: then it is the stream
FAST_S = 5.0
STATE = "state.json"


class Sender(Protocol):
    def media(self) -> AsyncIterator[Message]: ...
    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the house gives for a key: the broadcast, its folder, what seals it."""

    broadcast: str
    folder: str
    key_id: str
    key: str
    key_since: str = ""
    is_on_air: bool = False

    @classmethod
    def read(cls, answer: dict[str, Any]) -> "Ticket":
        return cls(**{name: answer[name] for name in cls.__slots__ if name in answer})


@dataclass(frozen=True, slots=True)
class Place:
    """Where this process works."""

    root: Path
    scratch: Path
    hook: Hook
    node: str
    cores: int


class Stage:
    def __init__(self, ticket: Ticket, place: Place) -> None:
        self.ticket = ticket
        self.folder = place.root / ticket.folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.is_over = False
        self._place = place
        self._is_on_air = ticket.is_on_air
        self._sender: Sender | None = None
        self._run: Run | None = None
        self._health = Health()
        self._ending: set[asyncio.Task[None]] = set()
        self._gone_at = time.monotonic()
        self._deaths = 0
        self._problem = ""

    async def live(self) -> None:
        """Until the house says it is over."""
        beat_at = 0.0
        while not self.is_over:
            try:
                await self._look()
                if time.monotonic() - beat_at >= BEAT_EVERY_S:
                    beat_at = time.monotonic()
                    await self._beat()
            except (OSError, IngestError) as error:
                logger.warning("broadcast %s: %s", self.ticket.broadcast, error)
            await asyncio.sleep(LOOK_EVERY_S)

    def admit(self, ticket: Ticket) -> None:
        """Let this sender take the place; one that is still there keeps it. Raises RefusedError."""
        if self._sender and time.monotonic() - self._health.heard_at < OTHER_SENDER_S:
            raise RefusedError("Somebody is sending with this key already. Stop that first.")
        self.ticket = ticket
        self._is_on_air = self._is_on_air or ticket.is_on_air

    async def carry(self, sender: Sender) -> None:
        """Take what a sender sends until it ends. Raises what its connection does."""
        if self._sender:
            await self._sender.close()
        self._sender, self._health, self._problem = sender, Health(), ""
        self._health.heard_at = time.monotonic()
        try:
            await self._take(sender)
        finally:
            if self._sender is sender:
                self._sender = None
                self._gone_at = time.monotonic()
                self._finish_run()

    async def close(self) -> None:
        """End what runs here and leave the folder as it is: the next process goes on with it."""
        self.is_over = True
        if self._sender:
            await self._sender.close()
        self._finish_run()
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _take(self, sender: Sender) -> None:
        preamble, clock, pending = flv.Preamble(), flv.Clock(), list[Message]()
        async for message in sender.media():
            self._health.note(message)
            is_new = preamble.note(message)
            run = self._run_of(sender)
            if is_new and run:
                self._finish_run()  # another picture or sound from here on
                run = None
            if message.kind == DATA or flv.sets_up(message):
                continue
            if run:
                await self._hand_on(run, [message], clock)
                continue
            pending = _held(pending, message)
            if pending and _knows_enough(preamble, pending):
                clock = flv.Clock()
                run = await self._begin("sender", sound=preamble.has_sound)
                await run.feed(preamble.tags())
                await self._hand_on(run, pending, clock)
                pending = []

    def _run_of(self, sender: Sender) -> Run | None:
        """The run that this sender's pictures go to, if it is as it should be."""
        run = self._run
        if self._sender is not sender:
            raise BadStreamError("Another sender took its place.")
        if run is None or run.described.source == "slate":
            return None
        if run.described.is_public != self._is_on_air:
            self._finish_run()  # on air from the next key frame on
            return None
        return run

    async def _hand_on(self, run: Run, messages: list[Message], clock: flv.Clock) -> None:
        try:
            await run.feed(b"".join(flv.tag(each, clock.read(each.at_ms)) for each in messages))
        except RunEndedError as error:
            self._finish_run()
            lasted = time.time() - run.described.began_at
            self._deaths = self._deaths + 1 if lasted < FAST_S else 1
            self._problem = str(error)
            logger.warning("broadcast %s: a run ended: %s", self.ticket.broadcast, error)
            if self._deaths >= FAST_DEATHS:
                raise BadStreamError("This stream cannot be converted.") from error

    async def _begin(self, source: Source, *, sound: bool = True) -> Run:
        if self._run:
            self._finish_run()
        described = new_run(self.folder, source=source, is_public=self._is_on_air)
        rungs = [rung for rung in ladder.ladder(cores=self._place.cores) if self._has(rung.name)]
        key = Key(self.ticket.key_id, self.ticket.key)
        run = self._run = Run(self.folder, described, rungs=rungs, key=key, scratch=self._place.scratch)
        await run.begin(sound=sound)
        return run

    def _has(self, track: str) -> bool:
        """Whether the broadcast has this rendition: what its first run has, all have."""
        first = next(iter(described_in(self.folder)), None)
        return first is None or (self.folder / first.name / track).exists()

    def _finish_run(self) -> None:
        """Let it run out beside what comes next."""
        if self._run:
            task = asyncio.create_task(self._run.end())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
            self._run = None

    async def _look(self) -> None:
        run = self._run
        if run and run.is_over and run.described.source == "slate":
            self._finish_run()
        is_away = not self._sender and time.monotonic() - self._gone_at > SLATE_AFTER_S
        if self._is_on_air and is_away and self._run is None and not self._ending:
            await self._begin("slate")
        self._write(ended=False)

    def _write(self, *, ended: bool) -> None:
        runs = described_in(self.folder)
        if self._ending and self._run:  # what follows waits until the run before it is whole
            runs = [run for run in runs if run.number < self._run.described.number]
        if manifests.write_manifests(self.folder, runs, ended=ended):
            is_live = self._sender is not None or (self._run is not None and self._run.described.source == "sender")
            self._tell("ended" if ended else "live" if is_live else "interrupted")

    def _tell(self, state: str) -> None:
        """What every viewer's page reads now and then."""
        body = json.dumps({"state": state}).encode()
        path = self.folder / STATE
        if not path.exists() or path.read_bytes() != body:
            manifests.replace(path, body)

    async def _beat(self) -> None:
        health = self._health.tell() | {"behind_s": self._behind_s()}
        try:
            answer = await self._place.hook.ask(
                "beat",
                broadcast=self.ticket.broadcast,
                node=self._place.node,
                key_since=self.ticket.key_since,
                is_sending=self._sender is not None,
                health=health,
                problem=self._problem,
            )
        except HookError:  # the show goes on
            return
        except RefusedError:
            answer = {"state": "ended"}
        self._is_on_air = answer["state"] == "on_air"
        if self._sender and not answer.get("sender_stays", True):
            await self._sender.close()
        if answer["state"] == "ended":
            await self._end()
        elif not self._is_on_air and not self._sender and time.monotonic() - self._gone_at > PREVIEW_KEPT_S:
            await self.close()
            self._forget_previews()

    def _behind_s(self) -> float | None:
        """How far the encoder is behind what arrives."""
        run = self._run
        if run is None or run.described.source == "slate" or not run.encoded_s:
            return None
        return round(max(0.0, time.time() - run.described.began_at - run.encoded_s), 1)

    async def _end(self) -> None:
        await self.close()
        self._write(ended=True)
        self._tell("ended")
        self._forget_previews()
        with suppress(IngestError):
            await self._place.hook.ask("closed", broadcast=self.ticket.broadcast, node=self._place.node)

    def _forget_previews(self) -> None:
        (self.folder / manifests.PREVIEW).unlink(missing_ok=True)
        for run in described_in(self.folder):
            if not run.is_public:
                shutil.rmtree(self.folder / run.name, ignore_errors=True)


def _held(pending: list[Message], message: Message) -> list[Message]:
    """What waits for a run to begin: everything from the latest key frame on."""
    if flv.is_key_frame(message):
        return [message]
    if not pending or sum(len(each.body) for each in pending) > PENDING_BYTES:
        return []
    return [*pending, message]


def _knows_enough(preamble: flv.Preamble, pending: list[Message]) -> bool:
    """Whether the decoder can be told what comes. Sound may be late."""
    if preamble.has_sound:
        return preamble.audio is not None or any(each.kind == AUDIO for each in pending)
    return pending[-1].at_ms - pending[0].at_ms >= SOUND_WITHIN_MS
