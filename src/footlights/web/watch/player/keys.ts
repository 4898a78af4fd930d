// The keyboard. Works anywhere on the page, except where the keys mean something else: fields, sheets, other buttons.

import { faster, jump, louder, mute, skip, toggle } from "./actions";
import type { Stage } from "./stage";

export function keys(stage: Stage): void {
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isMeantForOthers(event, stage)) return;
      const act = actionOf(event.key, stage);
      if (!act || stage.root.dataset.state === "blocked") return;
      event.preventDefault();
      stage.send("awake");
      act();
    },
    { signal: stage.gone },
  );
  // The seek bar's own arrows would step by the smallest amount there is.
  stage.listen(stage.part("position"), "keydown", (event) => {
    if (["ArrowUp", "ArrowDown", "PageUp", "PageDown"].includes(event.key)) event.preventDefault();
  });
}

function actionOf(key: string, stage: Stage): (() => void) | null {
  const send = (name: string) => () => stage.send("act", { name });
  switch (key) {
    case " ":
    case "k":
    case "K":
      return stage.root.dataset.state === "idle" ? send("begin") : () => toggle(stage);
    case "j":
    case "J":
      return () => skip(stage, -10);
    case "l":
    case "L":
      return () => skip(stage, 10);
    case "ArrowLeft":
      return () => skip(stage, -5);
    case "ArrowRight":
      return () => skip(stage, 5);
    case "ArrowUp":
      return () => louder(stage, 0.05);
    case "ArrowDown":
      return () => louder(stage, -0.05);
    case "m":
    case "M":
      return () => mute(stage);
    case "<":
      return () => faster(stage, -1);
    case ">":
      return () => faster(stage, 1);
    case "f":
    case "F":
      return send("fullscreen");
    case "t":
    case "T":
      return send("theatre");
    case "c":
    case "C":
      return send("captions");
    case "p":
    case "P":
      return send("picture");
    case "?":
      return send("help");
    default:
      return /^[0-9]$/.test(key) ? () => jump(stage, Number(key) / 10) : null;
  }
}

function isMeantForOthers({ key, target }: KeyboardEvent, stage: Stage): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (document.querySelector("dialog[open]")) return true;
  if (target.isContentEditable || target.matches("textarea, select, input:not([type=range])")) return true;
  if (target.matches("input[type=range]")) return target !== stage.part("position") && key.startsWith("Arrow");
  const ours = stage.root.contains(target);
  if (key === " " || key === "Enter") return target.matches("button, a[href], summary");
  return !ours && key.startsWith("Arrow") && target.matches("[role=tab], [role=menuitem], [role=option]");
}
