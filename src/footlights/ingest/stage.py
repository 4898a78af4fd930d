"""One broadcast in this process: who sends, which run is open, what viewers are told.

It lasts through senders that come and go; who of them is shown, incoming.py says. Between them, on air, a slate runs.
All that must outlive a kill is in the folder; what the house decided (on air, over) comes with each beat's answer.
"""

import asyncio
import base64
import json
import logging
import shutil
import time
from contextlib import suppress

from footlights.ingest import flv, ladder, manifests
from footlights.ingest.admission import Admission, Place
from footlights.ingest.errors import BadStreamError, HookError, IngestError, RefusedError
from footlights.ingest.health import Health
from footlights.ingest.incoming import SILENT_S, Incoming, Seat, Sender, choose
from footlights.ingest.ladder import Rung
from footlights.ingest.passthrough import Passthrough
from footlights.ingest.rtmp.chunks import DATA, VIDEO, Message
from footlights.ingest.run import SLATE, Run, RunEndedError, Source, described_in, new_run

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
BEAT_EVERY_S = 2.0
SLATE_AFTER_S = 1.0
PREVIEW_KEPT_S = 30.0  # without a sender, off air
OTHER_SENDER_S = 3.0  # one that was heard so lately is still there
GONE_S = 4.0  # without a picture for so long, a sender that is alone makes way for the slate
FAST_DEATHS = 3  # of runs in a row: then it is the stream
FAST_S = 5.0
CARRIER = ".carrier"  # in the folder: the name of the ingest that writes there
PASSED_AFTER_S = 10.0  # of a run: it does not pass for another sooner


class Stage:
    def __init__(self, admission: Admission, place: Place) -> None:
        self.admission = admission
        self.folder = place.root / admission.folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.is_over = False
        self._place = place
        self._mark_ours()
        self._is_on_air = admission.is_on_air
        self._incoming: dict[Seat, Incoming] = {}
        self._shown: Incoming | None = None
        self._seen_until = 0.0  # what came until then (on the monotonic clock) is in a run
        self._turn = asyncio.Lock()  # one message after the other, whoever sends it
        self._run: Run | None = None
        self._ending: dict[asyncio.Task[None], Run] = {}
        self._gone_at = time.monotonic()
        self._deaths = 0
        self._problem = ""
        self._most_renditions = len(ladder.LADDER)
        self._written: tuple[object, ...] = ()  # what the manifests were made of
        self._has_manifest = False
        self._restarts = 0
        self._restarted_at = 0.0

    @property
    def gather_s(self) -> float:
        """For how long what a sender sends may be gathered."""
        return self.admission.latency.pace.gather_s

    async def live(self) -> None:
        """Until the house says it is over, or another ingest carries it."""
        beat_at = 0.0
        learning = asyncio.create_task(self._learn_slate())
        while not self.is_over:
            try:
                if not self._is_ours():
                    logger.info("broadcast %s: another ingest carries it", self.admission.broadcast)
                    await self.close()
                    break
                await self._look()
                if time.monotonic() - beat_at >= BEAT_EVERY_S:
                    beat_at = time.monotonic()
                    await self._beat()
            except (OSError, IngestError) as error:
                logger.warning("broadcast %s: %s", self.admission.broadcast, error)
            await self._pause()
        learning.cancel()

    def admit(self, admission: Admission, seat: Seat) -> None:
        """Let this sender take the seat; one that is still there keeps it. Raises RefusedError."""
        before = self._incoming.get(seat)
        if before and time.monotonic() - before.health.heard_at < OTHER_SENDER_S:
            raise RefusedError("Somebody is sending with this key already. Stop that first.")
        self._mark_ours()
        self.admission = admission
        self._is_on_air = self._is_on_air or admission.is_on_air

    async def carry(self, sender: Sender, seat: Seat) -> None:
        """Take what a sender sends until it ends. Raises what its connection does."""
        if before := self._incoming.get(seat):
            await before.sender.close()
        mine = self._incoming[seat] = Incoming(sender, seat, heard_at=time.monotonic())
        self._problem = ""
        try:
            async for message in sender.media():
                async with self._turn:
                    await self._take(mine, message)
        finally:
            if self._incoming.get(seat) is mine:
                del self._incoming[seat]
                self._gone_at = time.monotonic()
            if self._shown is mine:
                self._shown = None
                self._finish_run()

    async def close(self) -> None:
        """End what runs here and leave the folder as it is: another process goes on with it."""
        self.is_over = True
        await self._put_out()
        self._finish_run()
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _pause(self) -> None:
        """Until the next look; what is out meanwhile is told at once where viewers are to see it soon."""
        until, every_s = time.monotonic() + LOOK_EVERY_S, self.admission.latency.pace.look_every_s
        while (left_s := until - time.monotonic()) > every_s and not self.is_over:
            await asyncio.sleep(every_s)
            running = [*self._ending.values(), *([self._run] if self._run else [])]
            if sum(run.tells_more() for run in running) and self._is_ours():  # each of them is asked
                self._write(ended=False)
        await asyncio.sleep(max(0, left_s))

    def _mark_ours(self) -> None:
        """Whoever carried it before and is not gone after all reads there that it lost it, and writes nothing more."""
        if not self._is_ours(if_nobodys=False):
            manifests.replace(self.folder / CARRIER, self._place.node.encode())

    def _is_ours(self, *, if_nobodys: bool = True) -> bool:
        try:
            return (self.folder / CARRIER).read_text() == self._place.node
        except FileNotFoundError:
            return if_nobodys

    async def _put_out(self) -> None:
        for each in list(self._incoming.values()):
            await each.sender.close()

    async def _take(self, mine: Incoming, message: Message) -> None:
        if self._incoming.get(mine.seat) is not mine:
            raise BadStreamError("Another sender took its place.")
        at = time.monotonic()
        is_new = mine.note(message, at)
        if flv.is_key_frame(message):
            mine.passthrough.probe(message)
        if is_new and self._shown is mine:
            self._finish_run()  # another picture or sound from here on
        shown = self._shown.seat if self._shown else None
        if choose(shown, self._incoming, at) is not mine.seat:
            return
        run = self._run
        if run and self._shown is mine and run.described.is_public == self._is_on_air:
            if self._is_to_leave(run, mine, message, at):
                await self._show(mine)
            elif message.kind != DATA and not flv.sets_up(message):
                await self._hand_on(run, [message])
        elif mine.is_ready:
            await self._show(mine)
        if message.kind == VIDEO:
            mine.heard_at = time.monotonic()  # that the encoder let it wait is not its silence

    def _is_to_leave(self, run: Run, mine: Incoming, message: Message, at: float) -> bool:
        """Whether another run begins with this picture: its content key is old, or passthrough begins or is over."""
        if message.kind != VIDEO or flv.sets_up(message):
            return False
        is_key, is_passed = flv.is_key_frame(message), run.passed is not None
        if not is_key and not is_passed:
            return False
        passes = mine.passthrough.rung(run.rungs, segment_s=run.described.segment_s, is_passed=is_passed)
        if is_passed and passes is not run.passed:
            mine.passthrough.is_barred = True
            logger.info("broadcast %s: what is sent is no longer passed through", self.admission.broadcast)
        elif not is_key or not (self._is_key_old(run, at) or self._may_pass(run, passes, at)):
            return False
        if is_key:
            self._seen_until = at
        return True

    @staticmethod
    def _may_pass(run: Run, passes: Rung | None, at: float) -> bool:
        return run.passed is None and passes is not None and at - run.watch.begun_at > PASSED_AFTER_S

    def _is_key_old(self, run: Run, at: float) -> bool:
        lasts_s = self.admission.key_lasts_s
        return bool(run.described.key_number) and 0 < lasts_s < at - run.watch.begun_at

    async def _show(self, mine: Incoming) -> None:
        """Begin a run with this sender's pictures, where what was seen until now ends."""
        if self._shown is not None and self._shown is not mine:
            logger.info("broadcast %s: the %s sender is shown", self.admission.broadcast, mine.seat)
        messages, skip_s, first_at = mine.since(self._seen_until)
        self._shown = mine
        passing = None if skip_s else mine.passthrough  # what is passed through begins with a key frame
        run = await self._begin(
            "sender", sound=mine.preamble.has_sound, skip_s=skip_s, first_at=first_at, passing=passing
        )
        await self._hand_on(run, messages, preamble=mine.preamble.tags())

    async def _hand_on(self, run: Run, messages: list[Message], *, preamble: bytes = b"") -> None:
        tags = b"".join(flv.tag(each, run.clock.read(each.at_ms)) for each in messages)
        try:
            await run.feed(preamble + tags)
        except RunEndedError as error:
            self._lose(run, str(error))
            if self._deaths >= FAST_DEATHS:
                raise BadStreamError("This stream cannot be converted.") from error
        else:
            run.watch.fed_s = (run.clock.last_ms or 0) / 1000 - run.skip_s
            if messages[-1].kind == VIDEO or len(messages) > 1:
                self._seen_until = time.monotonic()

    def _lose(self, run: Run, why: str) -> None:
        """A run ended by itself: the next begins where viewers saw the last of it, unless that is what kills it."""
        if run is not self._run:
            return
        at = time.monotonic()
        self._deaths = self._deaths + 1 if at - run.watch.begun_at < FAST_S else 1
        if self._deaths == 1:
            self._seen_until = run.watch.first_at + run.published_s
        else:
            self._problem = why
        self._restarts, self._restarted_at = self._restarts + 1, at
        if run.passed and self._shown:
            self._shown.passthrough.is_barred = True
        logger.warning("broadcast %s: a run ended: %s", self.admission.broadcast, why)
        self._finish_run(at_once=True)

    async def _begin(
        self,
        source: Source,
        *,
        sound: bool = True,
        skip_s: float = 0.0,
        first_at: float | None = None,
        passing: Passthrough | None = None,
    ) -> Run:
        if self._run:
            self._finish_run()
        rungs = [rung for rung in ladder.LADDER if self._has(rung.name)][-self._most_renditions :]
        passed = passing.rung(rungs, segment_s=self.admission.latency.pace.segment_s) if passing else None
        rungs = self._place.capacity.take(self.admission.broadcast, rungs, passed=passed)
        first_at = time.monotonic() if first_at is None else first_at
        began_at = time.time() - (time.monotonic() - first_at)
        described = new_run(
            self.folder,
            source=source,
            is_public=self._is_on_air,
            began_at=began_at,
            latency=self.admission.latency,
            has_own_key=bool(self.admission.run_secret),
        )
        run = self._run = Run(
            self.folder,
            described,
            rungs=rungs,
            key=self.admission.key_of(described.key_number),
            scratch=self._place.scratch,
            first_at=first_at,
            passed=passed,
        )
        await run.begin(sound=sound, skip_s=skip_s)
        return run

    def _has(self, track: str) -> bool:
        """Whether the broadcast has this rendition: no run has one that its first has not."""
        first = next(iter(described_in(self.folder)), None)
        return first is None or (self.folder / first.name / track).exists()

    def _finish_run(self, *, at_once: bool = False) -> None:
        """Let it run out beside what comes next; or not, when nothing more comes of it."""
        if self._run:
            run = self._run
            if run.described.source == "sender" and run.passed is None:
                self._place.capacity.learn(run.rungs, run.spent_s, run.watch.encoded_s)
            task = asyncio.create_task(run.end(at_once=at_once))
            self._ending[task] = run
            task.add_done_callback(self._ending.pop)
            self._run = None

    async def _look(self) -> None:
        run, at = self._run, time.monotonic()
        if run and run.is_over and run.described.source == "slate":
            self._finish_run()
        if run and run.described.source == "sender":
            self._watch(run, at)
        if self._shown and not self._turn.locked() and at - self._shown.heard_at > GONE_S:
            self._shown.forget()  # until a whole picture comes
            self._shown = None
            self._finish_run()
        heard_at = max((each.heard_at for each in self._incoming.values()), default=self._gone_at)
        if self._is_on_air and at - heard_at > SLATE_AFTER_S and not self._turn.locked():
            async with self._turn:
                if self._run is None and not self._ending:
                    self._shown = None
                    await self._begin("slate")
        self._write(ended=False)

    def _watch(self, run: Run, at: float) -> None:
        """Begin a run anew that stands still, and one with a rendition less where the machine is too slow."""
        run.watch.look(run.published_s, at)
        if not self._shown or (at - self._shown.heard_at > SILENT_S and not self._turn.locked()):
            return  # nothing comes in, so nothing can come out
        if run.watch.is_stalled(at):
            self._lose(run, "It stood still.")
        elif run.watch.is_slow(at) and len(run.rungs) > 1:
            self._most_renditions = len(run.rungs) - 1
            self._lose(run, "The machine is too slow for it.")

    def _write(self, *, ended: bool) -> None:
        runs = described_in(self.folder)
        if self._ending and self._run:  # what follows waits until the run before it is whole
            runs = [run for run in runs if run.number < self._run.described.number]
        stamp = (ended, *manifests.stamp(self.folder, runs))
        if stamp != self._written:
            self._has_manifest = manifests.write_manifests(self.folder, runs, ended=ended)
            self._written = stamp
        if self._has_manifest:
            is_live = bool(self._incoming) and not (self._run and self._run.described.source == "slate")
            self._tell("ended" if ended else "live" if is_live else "interrupted")
        self._tell("live" if self._shows_preview() else "waiting", to=manifests.PREVIEW_STATE)

    def _shows_preview(self) -> bool:
        """Whether the team has a picture, and not only the last of what was sent before."""
        run = self._run
        return bool(self._incoming) and run is not None and not run.described.is_public and run.published_s > 0

    def _tell(self, state: str, *, to: str = manifests.STATE) -> None:
        """What pages read now and then."""
        body = json.dumps({"state": state}).encode()
        path = self.folder / to
        if not path.exists() or path.read_bytes() != body:
            manifests.replace(path, body)

    async def _beat(self) -> None:
        of_whom = self._shown or next(iter(self._incoming.values()), None)
        health = (of_whom.health if of_whom else Health()).tell() | {
            "restarts": self._restarts,
            "restarted_s": round(time.monotonic() - self._restarted_at, 1) if self._restarts else None,
            "has_main": int(Seat.MAIN in self._incoming),
            "has_backup": int(Seat.BACKUP in self._incoming),
            "shows_backup": int(self._shown is not None and self._shown.seat is Seat.BACKUP),
        }
        if self._run and self._run.described.source == "sender":
            health |= self._run.watch.figures(time.monotonic()) | {
                "renditions": len(self._run.rungs),
                "passthrough": self._run.passed.height if self._run.passed else 0,
            }
        try:
            answer = await self._place.hook.ask(
                "beat",
                broadcast=self.admission.broadcast,
                node=self._place.node,
                key_since=self.admission.key_since,
                is_sending=bool(self._incoming),
                health=health,
                problem=self._problem,
            )
        except HookError:  # the show goes on
            return
        except RefusedError:  # it is gone, or another's
            await self.close()
            return
        self._is_on_air = answer["state"] == "on_air"
        if not answer.get("sender_stays", True):
            await self._put_out()
        if answer["state"] == "ended":
            await self._end()
        elif not self._is_on_air and not self._incoming and time.monotonic() - self._gone_at > PREVIEW_KEPT_S:
            await self.close()
            self._forget_previews()

    async def _end(self) -> None:
        await self.close()
        self._write(ended=True)
        self._tell("ended")
        self._forget_previews()
        with suppress(IngestError):
            await self._place.hook.ask("closed", broadcast=self.admission.broadcast, node=self._place.node)

    async def _learn_slate(self) -> None:
        """Fetch what is shown while nobody sends; without it there is a dark picture."""
        with suppress(IngestError, ValueError, OSError):
            answer = await self._place.hook.ask("slate", broadcast=self.admission.broadcast)
            if picture := base64.b64decode(answer.get("picture", "")):
                manifests.replace(self.folder / SLATE, picture)

    def _forget_previews(self) -> None:
        for name in (manifests.PREVIEW, manifests.PREVIEW_STATE):
            (self.folder / name).unlink(missing_ok=True)
        for run in described_in(self.folder):
            if not run.is_public:
                shutil.rmtree(self.folder / run.name, ignore_errors=True)
