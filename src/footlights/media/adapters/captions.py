"""WebVTT and SRT in, clean WebVTT out (W3C WebVTT §4).

Only cues survive: no styles, regions, notes, scripts or foreign tags.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from footlights.kernel.errors import InvalidInputError

MAX_BYTES = 4 << 20
MAX_CUES = 20_000
_CUE_CHARACTERS = 2_000
_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}(.*)$")
_SETTING = re.compile(
    r"^(line:-?\d{1,4}(\.\d+)?%?|position:\d{1,3}(\.\d+)?%|size:\d{1,3}(\.\d+)?%|align:(start|center|end|left|right)|vertical:(rl|lr))$"
)
_TAG = re.compile(
    r"<(/?)(b|i|u|ruby|rt)(?:\.[\w.-]*)?>|<(/?)v(?:\.[\w.-]*)?(?:[ \t]+([^<>&]{0,80}))?>|<[^<>]*>|\{\\[^{}]*\}"
)
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|nbsp|lrm|rlm);)")


def to_webvtt(body: bytes) -> str:
    """Raises InvalidInputError in the sender's words."""
    if len(body) > MAX_BYTES:
        raise InvalidInputError(_("These captions are too large. The most is 4 MB."), field="captions")
    lines = _text(body).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cues = list(_cues(lines))
    if not cues:
        raise InvalidInputError(
            _("There are no captions in this file. Use WebVTT (.vtt) or SubRip (.srt)."), field="captions"
        )
    if len(cues) > MAX_CUES:
        raise InvalidInputError(_("There are too many captions in this file."), field="captions")
    return "\n".join(["WEBVTT", "", *cues])


def _text(body: bytes) -> str:
    """UTF-8, UTF-16 by its mark, else Western European as old SRT files are."""
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return body.decode("utf-16", errors="replace")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise InvalidInputError(_("This is not a captions file. Use WebVTT (.vtt) or SubRip (.srt)."), field="captions")
    return text


def _cues(lines: list[str]) -> Iterator[str]:
    """Each cue with its blank line."""
    index = 0
    while index < len(lines):
        timing = _TIMING.match(lines[index])
        index += 1
        if not timing:
            continue
        words = []
        while index < len(lines) and lines[index].strip() and not _TIMING.match(lines[index]):
            words.append(lines[index])
            index += 1
        begin, end = _ms(timing.groups()[:4]), _ms(timing.groups()[4:8])
        text = _clean("\n".join(words))
        if end > begin and text:
            settings = " ".join(word for word in timing.group(9).split() if _SETTING.match(word))
            yield f"{_clock(begin)} --> {_clock(end)}{' ' + settings if settings else ''}\n{text}\n"


def _clean(text: str) -> str:
    """Cue text with the tags WebVTT allows, closed in order; everything else is text or gone."""
    out: list[str] = []
    open_tags: list[str] = []
    position = 0
    for match in _TAG.finditer(text[:_CUE_CHARACTERS]):
        out.append(_escape(text[position : match.start()]))
        position = match.end()
        closing, plain, voice_closing, voice = match.groups()
        name = plain or ("v" if voice_closing is not None else "")
        if not name:
            continue
        if closing or voice_closing:
            if name in open_tags:
                while (last := open_tags.pop()) != name:
                    out.append(f"</{last}>")
                out.append(f"</{name}>")
        elif name != "v" or (voice and voice.strip()):
            open_tags.append(name)
            out.append(f"<v {voice.strip()}>" if name == "v" else f"<{name}>")
    out.append(_escape(text[position:_CUE_CHARACTERS]))
    out += [f"</{name}>" for name in reversed(open_tags)]
    lines = ("".join(out)).replace("-->", "→").split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _escape(text: str) -> str:
    """Ampersands and brackets as entities; entities WebVTT knows stay; control characters go."""
    kept = "".join(letter for letter in text if letter == "\n" or letter.isprintable())
    bare = _BARE_AMPERSAND.sub("&amp;", kept)
    return bare.replace("<", "&lt;").replace(">", "&gt;")


def _ms(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = parts
    return ((int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)) * 1000 + int(
        (fraction or "0").ljust(3, "0")
    )


def _clock(ms: int) -> str:
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"
