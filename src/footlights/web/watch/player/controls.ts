// The bar of buttons: shows the state of the film and sends what is clicked. Also hides itself while nobody moves.

import { clock } from "./format";
import type { Stage } from "./stage";

const FADE_AFTER_MS = 2_600;
const SPINNER_AFTER_MS = 500;
const BEZEL_MS = 900;

export function controls(stage: Stage): void {
  const { root, video } = stage;
  root.addEventListener(
    "click",
    (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-do]");
      if (button && root.contains(button)) stage.send("act", { name: button.dataset.do ?? "" });
    },
    { signal: stage.gone },
  );
  playState(stage);
  soundState(stage);
  time(stage);
  spinner(stage);
  bezel(stage);
  fading(stage);
  if (document.pictureInPictureEnabled && root.dataset.kind !== "audio") stage.part("picture-button").hidden = false;
  for (const name of ["enterpictureinpicture", "leavepictureinpicture"]) {
    video.addEventListener(name, () => root.toggleAttribute("data-picture", name.startsWith("enter")), { signal: stage.gone });
  }
}

function playState(stage: Stage): void {
  const { root, video } = stage;
  const button = stage.part("toggle");
  stage.listen(video, ["play", "playing", "pause", "ended", "seeking"], () => {
    if (root.dataset.state === "idle" && video.paused) return;
    const state = video.ended ? "ended" : video.paused ? "paused" : "playing";
    root.dataset.state = state;
    button.ariaLabel = stage.words(state === "ended" ? "replay" : state === "paused" ? "play" : "pause");
  });
}

function soundState(stage: Stage): void {
  const { root, video } = stage;
  const slider = stage.part<HTMLInputElement>("volume");
  const button = stage.part("mute");
  const show = () => {
    const level = video.muted ? 0 : video.volume;
    slider.value = String(level);
    slider.style.setProperty("--level", String(level));
    slider.ariaValueText = stage.words("volume", { percent: Math.round(level * 100) });
    button.ariaPressed = String(level === 0);
    root.toggleAttribute("data-muted", level === 0);
  };
  stage.listen(video, "volumechange", show);
  stage.listen(slider, "input", () => {
    video.volume = Number(slider.value);
    video.muted = video.volume === 0;
  });
  show();
}

function time(stage: Stage): void {
  const { video } = stage;
  const now = stage.part("time");
  const total = stage.part("total");
  stage.listen(video, ["timeupdate", "seeking", "durationchange"], () => {
    now.textContent = clock(video.currentTime);
    total.textContent = clock(video.duration);
  });
}

function spinner(stage: Stage): void {
  const { video } = stage;
  const wheel = stage.part("spinner");
  let timer = 0;
  stage.listen(video, ["waiting", "seeking", "loadstart"], () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => (wheel.hidden = video.readyState > 2 || stage.root.dataset.state === "idle"), SPINNER_AFTER_MS);
  });
  stage.listen(video, ["playing", "canplay", "seeked", "emptied"], () => {
    clearTimeout(timer);
    wheel.hidden = true;
  });
}

/** A word in the middle that says what a key did. */
function bezel(stage: Stage): void {
  const sign = stage.part("bezel");
  const said = stage.part("said");
  let timer = 0;
  stage.on("tell", ({ words }) => {
    sign.textContent = words;
    said.textContent = words;
    sign.toggleAttribute("data-shown", true);
    clearTimeout(timer);
    timer = window.setTimeout(() => sign.removeAttribute("data-shown"), BEZEL_MS);
  });
}

function fading(stage: Stage): void {
  const { root, video } = stage;
  let timer = 0;
  const fade = () => {
    const busy = video.paused || root.querySelector(".player__bar :focus-visible, .player__settings:not([hidden])") || root.matches(":has(dialog[open])");
    if (busy) timer = window.setTimeout(fade, FADE_AFTER_MS);
    else root.dataset.chrome = "hidden";
  };
  const wake = () => {
    root.dataset.chrome = "shown";
    clearTimeout(timer);
    timer = window.setTimeout(fade, FADE_AFTER_MS);
  };
  stage.on("awake", wake);
  stage.listen(root, ["pointermove", "focusin", "pointerdown"], (event) => {
    if (!(event instanceof PointerEvent && event.pointerType === "touch")) wake();
  });
  stage.listen(root, "pointerleave", (event) => {
    if (event.pointerType === "mouse" && !video.paused) {
      clearTimeout(timer);
      timer = window.setTimeout(fade, 600);
    }
  });
  stage.listen(video, ["play", "pause"], wake);
  wake();
}
