// The room around the picture: full screen, theatre mode, picture-in-picture, the sheet of keys.

import { recall, remember } from "./memory";
import type { Stage } from "./stage";

export function layout(stage: Stage): void {
  const { root } = stage;
  const fullscreen = stage.part("fullscreen-button");
  document.addEventListener(
    "fullscreenchange",
    () => {
      const full = document.fullscreenElement === root;
      root.toggleAttribute("data-fullscreen", full);
      fullscreen.ariaLabel = stage.words(full ? "window" : "fullscreen");
    },
    { signal: stage.gone },
  );
  setTheatre(stage, recall("theatre", false));
  stage.on("act", ({ name }) => {
    if (name === "fullscreen") void toggleFullscreen(root);
    if (name === "picture") void togglePicture(stage);
    if (name === "theatre") setTheatre(stage, !document.documentElement.hasAttribute("data-theatre"));
    if (name === "help") stage.part<HTMLDialogElement>("help").showModal();
  });
}

async function toggleFullscreen(root: HTMLElement): Promise<void> {
  try {
    await (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen({ navigationUI: "hide" }));
  } catch {
    // A frame without permission: the browser stays as it is.
  }
}

async function togglePicture(stage: Stage): Promise<void> {
  try {
    await (document.pictureInPictureElement ? document.exitPictureInPicture() : stage.video.requestPictureInPicture());
  } catch {
    stage.send("tell", { words: stage.words("noPicture") });
  }
}

function setTheatre(stage: Stage, on: boolean): void {
  const button = stage.maybe("theatre-button");
  if (!button) return;
  document.documentElement.toggleAttribute("data-theatre", on);
  button.ariaPressed = String(on);
  remember("theatre", on);
}
