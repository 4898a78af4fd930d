// The seek bar: what is played and buffered, dragging, and a still from the film above the pointer.

import { clamp, clock } from "./format";
import type { Stage } from "./stage";
import type { Still, Stills } from "./stills";

export function seekbar(stage: Stage, stills: Stills, chapterAt: (seconds: number) => string): void {
  const { video } = stage;
  const bar = stage.part<HTMLInputElement>("position");
  const played = stage.part("played");
  const buffered = stage.part("buffered");
  let dragging = false;

  const show = (seconds: number) => {
    const total = video.duration || 0;
    played.style.inlineSize = `${total ? (seconds / total) * 100 : 0}%`;
    bar.ariaValueText = stage.words("position", { time: clock(seconds), total: clock(total) });
  };
  stage.listen(video, ["durationchange", "loadedmetadata"], () => {
    bar.disabled = !Number.isFinite(video.duration);
    bar.max = String(video.duration || 0);
  });
  stage.listen(video, ["timeupdate", "seeking"], () => {
    if (dragging) return;
    bar.value = String(video.currentTime);
    show(video.currentTime);
  });
  stage.listen(video, ["progress", "timeupdate", "seeked"], () => {
    const end = aheadOf(video);
    buffered.style.inlineSize = `${video.duration ? (end / video.duration) * 100 : 0}%`;
  });
  stage.listen(bar, "input", () => {
    dragging = true;
    show(Number(bar.value));
  });
  stage.listen(bar, "change", () => {
    dragging = false;
    video.currentTime = Number(bar.value);
  });
  preview(stage, stills, chapterAt);
}

function aheadOf({ buffered, currentTime }: HTMLVideoElement): number {
  for (let range = 0; range < buffered.length; range++) {
    if (buffered.start(range) <= currentTime + 0.1 && buffered.end(range) >= currentTime) return buffered.end(range);
  }
  return currentTime;
}

function preview(stage: Stage, stills: Stills, chapterAt: (seconds: number) => string): void {
  const { video } = stage;
  const seek = stage.part("seek");
  const card = stage.part("preview");
  const still = stage.part("still");
  const label = stage.part("preview-time");
  const chapter = stage.part("preview-chapter");

  const show = (clientX: number) => {
    if (!Number.isFinite(video.duration)) return;
    const box = seek.getBoundingClientRect();
    const fraction = clamp((clientX - box.left) / box.width, 0, 1);
    const seconds = fraction * video.duration;
    label.textContent = clock(seconds);
    chapter.textContent = chapterAt(seconds);
    chapter.hidden = !chapter.textContent;
    showStill(still, stills.at(seconds));
    card.hidden = false;
    const half = card.offsetWidth / 2;
    card.style.insetInlineStart = `${clamp(fraction * box.width, half, box.width - half)}px`;
  };
  const hide = () => {
    card.hidden = true;
  };
  stage.listen(seek, ["pointermove", "pointerdown"], (event) => show(event.clientX));
  stage.listen(seek, ["pointerleave", "pointercancel"], hide);
  stage.listen(seek, "pointerup", (event) => event.pointerType === "touch" && hide());
}

function showStill(frame: HTMLElement, still: Still | null): void {
  frame.hidden = !still;
  if (!still) return;
  Object.assign(frame.style, {
    width: `${still.width}px`,
    height: `${still.height}px`,
    backgroundImage: `url("${still.url}")`,
    backgroundPosition: `-${still.x}px -${still.y}px`,
  });
}
