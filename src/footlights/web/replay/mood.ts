// How the room felt along the recording, for those who look after it: the whole as a picture, and this moment in words.

import { HEIGHT, hundred, paths, WIDTH } from "../rooms/mood_picture";
import { Panel } from "../rooms/parts";
import { fetchJson, type Feeling } from "./wire";

const FELT_MS = 60_000; // so long a feeling holds when nobody is heard after it

export class Mood {
  private readonly own: Panel;
  private course: Feeling[] = [];
  private shown: Feeling | undefined | null = null;

  constructor(
    private readonly frame: HTMLElement,
    private readonly lengthMs: number,
  ) {
    this.own = new Panel(frame);
  }

  /** Rejects when it does not arrive: the conversation goes on without. */
  async bring(): Promise<void> {
    this.course = await fetchJson<Feeling[]>(this.frame.dataset.mood ?? "");
    this.frame.hidden = !this.course.length;
    const { line, band } = paths(this.course.map((each) => [each.t, each]), 0, this.lengthMs);
    for (const name of ["spark", "line"]) this.own.part(name).setAttribute("d", line);
    this.own.part("band").setAttribute("d", band);
  }

  /** The film is here now. */
  at(ms: number): void {
    if (!this.course.length) return;
    this.own.part("here").setAttribute("d", `M${((WIDTH * ms) / this.lengthMs).toFixed(1)} 0V${HEIGHT}`);
    const now = this.course.findLast(({ t }) => t <= ms && t > ms - FELT_MS);
    if (now === this.shown) return;
    this.shown = now;
    const isKnown = now !== undefined && now.high - now.low < 1;
    this.own.part("now").textContent = isKnown ? this.own.say("now", hundred(now.share)) : this.own.say("nothing");
    this.own.part("between").textContent = isKnown ? this.own.say("between", `${hundred(now.low)} – ${hundred(now.high)}`) : "";
    this.own.part("heard").textContent = isKnown ? this.own.say("voices", now.people) : "";
  }
}
