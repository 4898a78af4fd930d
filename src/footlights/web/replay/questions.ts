// What was answered on stage: a list that leads to each answer, and above the chat the one that is being answered.

import { clock } from "../watch/player/format";
import { fill, fillTip, type Panel, slot } from "../rooms/parts";
import type { Question } from "./wire";

export class Questions {
  private readonly lines: HTMLElement[];
  private now: Question | undefined;

  constructor(
    private readonly panel: Panel,
    private readonly questions: Question[],
    private readonly jump: (seconds: number) => boolean,
  ) {
    this.lines = questions.map((question) => this.line(question));
    panel.part("questions").replaceChildren(...this.lines);
    panel.part("no-questions").hidden = questions.length > 0;
  }

  /** The film is here now. */
  at(ms: number): void {
    const now = this.questions.findLast(({ t, ends_t }) => t <= ms && ms < ends_t);
    if (now === this.now) return;
    this.now = now;
    const frame = this.panel.part("on-air");
    frame.hidden = !now;
    fill(frame, "text", now?.text ?? "");
    this.questions.forEach((question, at) => {
      this.lines[at]?.classList.toggle("is-now", question === now);
      const link = this.lines[at]?.querySelector("a");
      if (question === now) link?.setAttribute("aria-current", "true");
      else link?.removeAttribute("aria-current");
    });
  }

  private line(question: Question): HTMLElement {
    const line = this.panel.make("question");
    const seconds = Math.floor(question.t / 1_000);
    fill(line, "text", question.text);
    fill(line, "name", question.name);
    fillTip(line, question.tip);
    fill(line, "moment", clock(seconds));
    const link = slot<HTMLAnchorElement>(line, "link");
    if (link) link.href = `${location.pathname}?t=${seconds}`;
    link?.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      if (this.jump(seconds)) event.preventDefault();
    });
    return line;
  }
}
