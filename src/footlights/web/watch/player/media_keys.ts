// The device's own controls (lock screen, headphones, media keys): what plays, and what they may do. Media Session, W3C.

import { skip } from "./actions";
import type { Stage } from "./stage";

export function mediaKeys(stage: Stage): void {
  if (!("mediaSession" in navigator)) return;
  const { video, root } = stage;
  const { mediaSession } = navigator;
  mediaSession.metadata = new MediaMetadata({
    title: root.dataset.titleName ?? "",
    artist: root.dataset.channelName ?? "",
    artwork: video.poster ? [{ src: video.poster }] : [],
  });
  mediaSession.setActionHandler("play", () => void video.play());
  mediaSession.setActionHandler("pause", () => video.pause());
  mediaSession.setActionHandler("seekbackward", ({ seekOffset }) => skip(stage, -(seekOffset ?? 10)));
  mediaSession.setActionHandler("seekforward", ({ seekOffset }) => skip(stage, seekOffset ?? 10));
  mediaSession.setActionHandler("seekto", ({ seekTime }) => {
    if (seekTime !== undefined && seekTime !== null) video.currentTime = seekTime;
  });
  stage.listen(video, ["seeked", "ratechange", "playing"], () => {
    if (!Number.isFinite(video.duration) || !video.playbackRate) return; // the engine holds the picture with a rate of 0
    mediaSession.setPositionState({
      duration: video.duration,
      playbackRate: video.playbackRate,
      position: Math.min(video.currentTime, video.duration),
    });
  });
}
