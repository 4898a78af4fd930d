"""Several ingests share a port: whose sender it is, what is handed on, and who carries what when one is gone."""

import asyncio
import json

import pytest

from footlights.ingest.admission import Place
from footlights.ingest.capacity import Capacity
from footlights.ingest.errors import CarriedElsewhereError, RefusedError
from footlights.ingest.hook import Hook
from footlights.ingest.house import House as Carriers
from footlights.ingest.incoming import Seat
from footlights.ingest.neighbours import Neighbours
from footlights.ingest.run import described_in
from footlights.ingest.stage import CARRIER, Stage
from footlights.ingest.tests.house import KEY, House, ingest, publish, until
from footlights.kernel.testing import run_apart


@pytest.mark.media
def test_a_sender_that_comes_to_another_ingest_is_handed_on_to_the_one_that_carries_its_broadcast(tmp_path):
    run_apart(_handed_on(tmp_path))


async def _handed_on(root) -> None:
    house = House(root)
    async with ingest(root, house, count=2) as first, ingest(root, house, number=2, count=2) as second:
        main = await publish(first, seconds=300)
        await until((house.folder / "manifest.mpd").exists)
        backup = await publish(second, seconds=300, to="backup")
        await until(lambda: house.beats[-1]["health"]["has_backup"])
        another = await publish(second, seconds=1)
        assert await another.wait() != 0  # the main sender's place is taken, whichever ingest is asked
        main.kill()
        await until(lambda: house.beats[-1]["health"]["shows_backup"])
        assert [run.source for run in described_in(house.folder)] == ["sender", "sender"]
        assert {beat["node"] for beat in house.beats} == {house.carrier}

        # The second takes it: the first, which is not gone at all, reads that and writes nothing more.
        before, house.carrier = house.carrier, f"{house.carrier}-2"
        (house.folder / CARRIER).write_text(house.carrier)
        assert await asyncio.wait_for(backup.wait(), 20) != 0
        told = (house.folder / "manifest.mpd").read_bytes()
        asked = len(house.beats)
        again = await publish(first, seconds=300)  # comes to the first once more, and is the second's
        await until(lambda: house.folder.joinpath("manifest.mpd").read_bytes() != told)
        await until(lambda: any(beat["is_sending"] for beat in house.beats[asked:]))
        assert {beat["node"] for beat in house.beats[asked:]} == {f"{before}-2"}
        again.kill()
        await asyncio.gather(main.wait(), again.wait())


def test_a_neighbour_that_is_gone_loses_its_broadcast(tmp_path):
    run_apart(_gone(tmp_path, answers=False))


def test_a_neighbour_that_stands_still_loses_its_broadcast(tmp_path):
    run_apart(_gone(tmp_path, answers=True))


async def _gone(root, *, answers: bool) -> None:
    """It is dead, so its socket refuses; or it stands still, and takes the connection but says nothing."""
    house, carriers = House(root, carrier="other"), _carriers(root)
    async with await asyncio.start_unix_server(house.serve, root / "web.sock"), _silent(root, answers=answers):
        carrier = await carriers.admit(Seat.MAIN, key=KEY)
        assert isinstance(carrier, Stage)
        assert house.carrier == "mine"
        assert (house.folder / CARRIER).read_text() == "mine"
        await carriers.close()
        await until(lambda: not carriers._lives)  # each looks once more


def _silent(root, *, answers: bool):
    async def keep_silent(reader, writer) -> None:
        await reader.read()
        writer.close()

    return _Server(keep_silent, root / "other.sock" if answers else root / "elsewhere.sock")


class _Server:
    """A server whose connections are not waited for at its end."""

    def __init__(self, take, path) -> None:
        self._take, self._path = take, path

    async def __aenter__(self):
        self._server = await asyncio.start_unix_server(self._take, self._path)

    async def __aexit__(self, *_error):
        self._server.close()
        await asyncio.sleep(0.1)  # for those that are open to see their end


def test_what_an_ingest_elsewhere_carries_stays_its_own(tmp_path):
    run_apart(_elsewhere(tmp_path))


async def _elsewhere(root) -> None:
    house, carriers = House(root, carrier="another machine's"), _carriers(root)
    async with await asyncio.start_unix_server(house.serve, root / "web.sock"):
        with pytest.raises(CarriedElsewhereError, match="Somebody is sending already"):
            await carriers.admit(Seat.MAIN, key=KEY)
        with pytest.raises(RefusedError, match="not known"):
            await carriers.admit(Seat.MAIN, key="wrong")
    assert not house.folder.exists()


def test_the_words_of_a_neighbour_that_refuses_reach_the_sender(tmp_path):
    run_apart(_refused(tmp_path))


async def _refused(root) -> None:
    async def refuse(reader, writer) -> None:
        writer.write(b"\n")
        assert json.loads(await reader.readline()) == {"seat": "backup", "key": KEY}
        writer.write(b'{"refused": "One sends already."}\n')
        writer.close()

    house, carriers = House(root, carrier="other"), _carriers(root)
    async with await asyncio.start_unix_server(house.serve, root / "web.sock"), _Server(refuse, root / "other.sock"):
        with pytest.raises(RefusedError, match="One sends already"):
            await carriers.admit(Seat.BACKUP, key=KEY)
    assert house.carrier == "other"


def _carriers(root) -> Carriers:
    """Those of an ingest that is called "mine"; its neighbour is "other"."""
    hook = Hook(root / "web.sock", "http://localhost", "s")
    place = Place(root / "live", root, hook, "mine", Capacity(1, root / "pace.json"))
    return Carriers(place, Neighbours({"other": root / "other.sock"}))
