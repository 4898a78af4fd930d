"""What every test of the player does: open a film's page, wait for its video, ask it something, press a key."""

import time

PLAYING = "video.currentTime > 0.3 && !video.paused"


def watch(visitor, title):
    page = visitor.open(f"{title.path}/watch")
    until(page, PLAYING)
    return page


def until(page, truth, *, within_s=15):
    """Wait until a script says true. (Playwright's own wait_for_function needs eval, which the pages forbid.)"""
    deadline = time.monotonic() + within_s
    while not page.evaluate(f"(() => {{ const video = document.querySelector('video'); return Boolean({truth}) }})()"):
        assert time.monotonic() < deadline, f"never became true: {truth}"
        page.wait_for_timeout(50)


def video(page, what):
    return page.evaluate(f"document.querySelector('video').{what}")


def press(page, key, truth):
    page.keyboard.press(key)
    until(page, truth)
