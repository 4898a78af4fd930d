// How the room feels, drawn quietly for those who look after it: where the mood lies, and how surely.

import { hundred, paths } from "./mood_picture";
import { Panel } from "./parts";
import type { Feeling, Mood as Words } from "./wire";

const SHOWN_MS = 30 * 60_000;
const TURN_SHOWN_MS = 120_000;

export class Mood {
  private readonly course = new Map<number, Feeling>();
  private readonly heard = new Map<string, number>();
  private readonly own: Panel;
  private timer = 0;

  constructor(private readonly panel: Panel) {
    this.own = new Panel(panel.part("mood"));
  }

  /** All of the last half hour, as it was when we were let in. */
  replace(words: Words): void {
    this.course.clear();
    this.heard.clear();
    this.hear(words);
  }

  hear({ course = [], turns = [], languages = {} }: Words): void {
    for (const each of course) this.course.set(Date.parse(each.at), each);
    for (const [language, many] of Object.entries(languages)) this.heard.set(language, (this.heard.get(language) ?? 0) + many);
    const last = Math.max(...this.course.keys());
    for (const at of this.course.keys()) if (at < last - SHOWN_MS) this.course.delete(at);
    this.panel.part("mood").hidden = !this.course.size;
    if (!this.course.size) return;
    this.draw(last);
    const now = this.course.get(last) as Feeling;
    this.own.part("now").textContent = now.high - now.low < 1 ? this.own.say("now", hundred(now.share)) : this.own.say("nothing");
    this.own.part("between").textContent = this.own.say("between", `${hundred(now.low)} – ${hundred(now.high)}`);
    this.own.part("heard").textContent = `${this.own.say("voices", now.people)} · ${this.languages()}`;
    const turn = turns.at(-1);
    if (turn && last - Date.parse(turn.at) < TURN_SHOWN_MS) this.tell(turn.was, turn.now);
  }

  /** A sudden turn stands above the chat for a while. */
  private tell(was: number, now: Feeling): void {
    const place = this.panel.part("turn");
    const words = `${hundred(was)} → ${hundred(now.share)} (${hundred(now.low)} – ${hundred(now.high)})`;
    place.textContent = this.own.say(now.share > was ? "turn-up" : "turn-down", words);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => place.replaceChildren(), TURN_SHOWN_MS);
  }

  private draw(last: number): void {
    const points = [...this.course].sort(([one], [other]) => one - other);
    const first = Math.min(points[0]?.[0] ?? last, last - SHOWN_MS / 6);
    const { line, band } = paths(points, first, last);
    for (const name of ["spark", "line"]) this.own.part(name).setAttribute("d", line);
    this.own.part("band").setAttribute("d", band);
  }

  private languages(): string {
    const names = new Intl.DisplayNames(document.documentElement.lang || "en", { type: "language" });
    const all = [...this.heard.values()].reduce((sum, many) => sum + many, 0);
    return [...this.heard]
      .sort(([, one], [, other]) => other - one)
      .map(([language, many]) => `${language ? names.of(language) : this.own.say("others")} ${Math.round((100 * many) / all)} %`)
      .join(", ");
  }
}
