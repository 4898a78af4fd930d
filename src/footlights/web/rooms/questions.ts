// Questions: ask, want to know it too, and what staff do with them. The most wanted stands on top.

import { bindWords } from "./chat";
import type { Connection } from "./connection";
import { fill, fillTip, type Panel, slot } from "./parts";
import type { Question } from "./wire";

const ORDER = { answering: 0, asked: 1, answered: 2, hidden: 3 };

export class Questions {
  private shown: Question[] = [];
  private readonly raised = new Set<string>();
  private readonly lines = new Map<string, HTMLElement>();

  constructor(
    private readonly panel: Panel,
    private readonly connection: Connection,
  ) {
    const form = panel.find<HTMLFormElement>("ask");
    if (form) bindWords(form, panel.part("ask-note"), panel, (text) => connection.send("ask", { text }));
  }

  mine(raised: string[]): void {
    for (const id of raised) this.raised.add(id);
    this.show(this.shown);
  }

  show(questions: Question[]): void {
    this.shown = questions;
    for (const each of questions) if (each.state === "hidden") this.lines.get(each.id)?.remove();
    const seen = questions
      .filter((each) => each.state !== "hidden")
      .sort((a, b) => ORDER[a.state] - ORDER[b.state] || Number(Boolean(b.tip)) - Number(Boolean(a.tip)) || b.raised - a.raised || a.at.localeCompare(b.at));
    const answered = seen.filter((each) => each.state === "answered");
    this.put(this.panel.part("questions"), seen.filter((each) => each.state !== "answered"));
    this.put(this.panel.part("answered"), answered);
    this.panel.part("answered-frame").hidden = !answered.length;
    this.panel.part("no-questions").hidden = seen.length > 0;
  }

  /** In this order; a line that has the focus keeps it. */
  private put(frame: HTMLElement, questions: Question[]): void {
    questions.forEach((question, at) => {
      const line = this.lines.get(question.id) ?? this.line(question);
      this.update(line, question);
      if (frame.children[at] === line) return;
      const held = line.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
      frame.insertBefore(line, frame.children[at] ?? null);
      held?.focus();
    });
  }

  private line(question: Question): HTMLElement {
    const line = this.panel.make("question");
    this.lines.set(question.id, line);
    fill(line, "text", question.text);
    fill(line, "name", question.name);
    for (const button of line.querySelectorAll<HTMLElement>("[data-act]"))
      button.addEventListener("click", () => void this.act(button.dataset.act ?? "", question.id));
    return line;
  }

  private update(line: HTMLElement, question: Question): void {
    const raise = line.querySelector<HTMLButtonElement>('[data-act="raise"]');
    if (raise) {
      const isMine = this.raised.has(question.id);
      raise.setAttribute("aria-pressed", String(isMine));
      raise.disabled = question.state !== "asked" || !this.panel.find("ask");
      raise.setAttribute("aria-label", this.panel.say("raised", question.raised));
    }
    fillTip(line, question.tip);
    fill(line, "raised", String(question.raised));
    slot(line, "now")?.toggleAttribute("hidden", question.state !== "answering");
    line.classList.toggle("is-now", question.state === "answering");
    line.querySelector('[data-act="answering"]')?.toggleAttribute("hidden", question.state !== "asked");
    line.querySelector('[data-act="answered"]')?.toggleAttribute("hidden", question.state === "answered");
  }

  private async act(act: string, question: string): Promise<void> {
    if (act === "raise" && this.raised.has(question)) return;
    const answer = act === "raise" ? await this.connection.send("raise", { question }) : await this.connection.send("staff", { act, question });
    if (act === "raise" && !answer.refused) this.mine([question]);
    this.panel.part("ask-note").textContent = answer.refused ? this.panel.say(answer.refused) : "";
  }
}
