// What was said beside a broadcast, in step with its recording: follows the player's film, whatever is done to it.

import { register } from "../design/islands";
import { Panel } from "../rooms/parts";
import { recall, remember } from "../watch/player/memory";
import { Chat } from "./chat";
import { drawPeaks } from "./peaks";
import { Track } from "./track";
import { fetchJson, type Whole } from "./wire";

const FILM = '[data-island~="player"]';

register("replay", (root) => {
  const panel = new Panel(root);
  const player = document.querySelector<HTMLElement>(FILM);
  const video = player?.querySelector("video");
  if (!player || !video) return;
  const ends = new AbortController();
  const failed = (is: boolean): void => {
    panel.part("failed-words").textContent = is ? panel.say("failed") : "";
    panel.part("again").hidden = !is;
  };
  let chat: Chat | null = null;
  const follow = (): void => chat?.at(video.currentTime * 1_000, video.playbackRate);

  const begin = async (): Promise<void> => {
    const address = root.dataset.whole ?? "";
    try {
      const whole = await fetchJson<Whole>(address);
      chat = new Chat(panel, new Track(address, whole), () => video.currentTime * 1_000, failed);
      drawPeaks(player.querySelector('[data-part="peaks"]'), whole.peaks);
      failed(false);
      follow();
    } catch {
      panel.part("loading").hidden = true;
      failed(true);
    }
  };
  panel.part("again").addEventListener("click", () => (chat ? chat.again() : void begin()));
  for (const name of ["timeupdate", "seeking", "seeked", "loadedmetadata", "ended"]) video.addEventListener(name, follow, { signal: ends.signal });
  fold(panel);
  void begin();
  return () => ends.abort();
});

/** Whoever would rather have the picture alone folds the panel; this browser remembers it. */
function fold(panel: Panel): void {
  const [close, open] = [panel.part("fold"), panel.part("unfold")];
  const set = (is: boolean): void => {
    panel.root.toggleAttribute("data-folded", is);
    close.hidden = is;
    open.hidden = !is;
  };
  const choose = (is: boolean): void => {
    set(is);
    remember("replay.folded", is);
    (is ? open : close).focus();
  };
  close.addEventListener("click", () => choose(true));
  open.addEventListener("click", () => choose(false));
  set(recall("replay.folded", false));
}
