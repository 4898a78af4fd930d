// Fingers and mouse on the picture: a tap shows the controls, two on a side skip ten seconds; a click plays, two fill the screen.

import { skip, toggle } from "./actions";
import type { Stage } from "./stage";

const DOUBLE_MS = 280;

export function touch(stage: Stage): void {
  const surface = stage.part("surface");
  let lastTap = 0;
  let single = 0;
  stage.listen(surface, "click", (event) => {
    const isTouch = (event as PointerEvent).pointerType === "touch";
    const double = event.timeStamp - lastTap < DOUBLE_MS;
    lastTap = event.timeStamp;
    clearTimeout(single);
    if (isTouch) tap(stage, event, double, (act) => (single = window.setTimeout(act, DOUBLE_MS)));
    else if (double) {
      toggle(stage); // takes back what the first click did
      stage.send("act", { name: "fullscreen" });
    } else toggle(stage);
  });
}

function tap(stage: Stage, event: MouseEvent, double: boolean, later: (act: () => void) => void): void {
  const { root } = stage;
  if (!double) {
    const hidden = root.dataset.chrome === "hidden";
    later(() => {
      if (hidden) stage.send("awake");
      else if (!stage.video.paused) root.dataset.chrome = "hidden";
    });
    return;
  }
  const box = stage.part("surface").getBoundingClientRect();
  const side = (event.clientX - box.left) / box.width;
  if (side < 0.4) skip(stage, -10);
  else if (side > 0.6) skip(stage, 10);
  else toggle(stage);
}
