// What a viewer can do with the picture and sound, whether by button, key, touch or the keyboard's media keys.

import { clamp } from "./format";
import { recall, remember } from "./memory";
import type { Stage } from "./stage";

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

export function toggle({ video, root }: Stage): void {
  if (root.dataset.state === "idle") return;
  if (video.paused) void video.play().catch(() => undefined);
  else video.pause();
}

export function skip(stage: Stage, seconds: number): void {
  const { video } = stage;
  if (!Number.isFinite(video.duration)) return;
  video.currentTime = clamp(video.currentTime + seconds, 0, video.duration);
  stage.send("tell", { words: stage.words(seconds < 0 ? "back" : "forward", { seconds: Math.abs(seconds) }) });
}

export function jump({ video }: Stage, fraction: number): void {
  if (Number.isFinite(video.duration)) video.currentTime = video.duration * fraction;
}

export function louder(stage: Stage, by: number): void {
  const { video } = stage;
  video.volume = clamp(Math.round((video.volume + by) * 20) / 20, 0, 1);
  video.muted = video.volume === 0;
  stage.send("tell", { words: stage.words("volume", { percent: Math.round(video.volume * 100) }) });
}

export function mute(stage: Stage): void {
  const { video } = stage;
  video.muted = !video.muted;
  if (!video.muted && video.volume === 0) video.volume = 0.5;
  stage.send("tell", { words: stage.words(video.muted ? "muted" : "unmuted") });
}

export function faster(stage: Stage, steps: number): void {
  const now = SPEEDS.findIndex((speed) => speed >= stage.video.defaultPlaybackRate);
  const chosen = SPEEDS[clamp(now + steps, 0, SPEEDS.length - 1)] ?? 1;
  setSpeed(stage.video, chosen);
  stage.send("tell", { words: stage.words("speed", { speed: chosen }) });
}

/** The default rate keeps what was chosen while the engine, waiting for data, holds the rate at 0. */
export function setSpeed(video: HTMLVideoElement, speed: number): void {
  video.defaultPlaybackRate = speed;
  video.playbackRate = speed;
}

/** The sound this browser's viewer chose last. */
export function restoreSound({ video, gone }: Stage): void {
  const { volume, muted } = recall("sound", { volume: 1, muted: false });
  video.volume = clamp(volume, 0, 1);
  video.muted = muted;
  video.addEventListener("volumechange", () => remember("sound", { volume: video.volume, muted: video.muted }), { signal: gone });
}
