// What was said beside a broadcast, in step with its recording: follows the player's film, whatever is done to it.

import { register } from "../design/islands";
import { Panel } from "../rooms/parts";
import { recall, remember } from "../watch/player/memory";
import { Chat } from "./chat";
import { Mood } from "./mood";
import { drawPeaks } from "./peaks";
import { Polls } from "./polls";
import { Questions } from "./questions";
import { Track } from "./track";
import { fetchJson, type Whole } from "./wire";

const FILM = '[data-island~="player"]';
const MOMENTS = ["timeupdate", "seeking", "seeked", "loadedmetadata", "ended"];

register("replay", (root) => {
  const player = document.querySelector<HTMLElement>(FILM);
  const video = player?.querySelector("video");
  if (!player || !video) return;
  const conversation = new Conversation(new Panel(root), player, video);
  return () => conversation.leave();
});

class Conversation {
  private readonly ends = new AbortController();
  private readonly address: string;
  private chat?: Chat;
  private polls?: Polls;
  private questions?: Questions;
  private mood?: Mood;

  constructor(
    private readonly panel: Panel,
    private readonly player: HTMLElement,
    private readonly video: HTMLVideoElement,
  ) {
    this.address = panel.root.dataset.whole ?? "";
    panel.part("again").addEventListener("click", () => (this.chat ? this.chat.again() : void this.begin()));
    for (const name of MOMENTS) video.addEventListener(name, () => this.follow(), { signal: this.ends.signal });
    fold(panel);
    void this.begin();
  }

  leave(): void {
    this.ends.abort();
  }

  private async begin(): Promise<void> {
    try {
      const { course, polls, questions, mine } = await fetchJson<Whole>(this.address);
      this.chat = new Chat(this.panel, new Track(this.address, course), this.address, () => this.nowMs(), (is) => this.failed(is));
      this.polls = new Polls(this.panel, polls, mine, this.address);
      this.questions = new Questions(this.panel, questions, (seconds) => this.jump(seconds));
      void this.feel(course.length_ms);
      drawPeaks(this.player.querySelector('[data-part="peaks"]'), course.peaks);
      this.failed(false);
      this.follow();
    } catch {
      this.panel.part("loading").hidden = true;
      this.failed(true);
    }
  }

  /** For those who look after the room. */
  private async feel(lengthMs: number): Promise<void> {
    const frame = this.panel.find("mood");
    if (!frame) return;
    const mood = new Mood(frame, lengthMs);
    await mood.bring().catch(() => undefined);
    this.mood = mood;
    this.follow();
  }

  private follow(): void {
    const ms = this.nowMs();
    this.chat?.at(ms, this.video.playbackRate);
    this.polls?.at(ms);
    this.questions?.at(ms);
    this.mood?.at(ms);
  }

  private nowMs(): number {
    return this.video.currentTime * 1_000;
  }

  /** Whether the film could be taken there; before it begins, the page is loaded at that moment. */
  private jump(seconds: number): boolean {
    if (this.player.dataset.state === "idle") return false;
    this.video.currentTime = seconds;
    this.player.scrollIntoView({ block: "nearest" });
    void this.video.play();
    return true;
  }

  private failed(is: boolean): void {
    this.panel.part("failed-words").textContent = is ? this.panel.say("failed") : "";
    this.panel.part("again").hidden = !is;
  }
}

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
