// Polls: vote, see the answers grow, and make one in two clicks.

import type { Connection } from "./connection";
import { fill, type Panel, slot } from "./parts";
import type { Poll } from "./wire";

const ANSWERS_MAX = 8;

export class Polls {
  private shown: Poll[] = [];
  private readonly votes = new Map<string, number[]>();
  private readonly cards = new Map<string, HTMLElement>();

  constructor(
    private readonly panel: Panel,
    private readonly connection: Connection,
  ) {
    panel.part("poll-call").addEventListener("click", () => panel.root.querySelector<HTMLElement>('a[href="#room-polls"]')?.click());
    this.bindMaking();
  }

  mine(votes: Record<string, number[]>): void {
    for (const [id, choices] of Object.entries(votes)) this.votes.set(id, choices);
    this.show(this.shown);
  }

  show(polls: Poll[]): void {
    this.shown = polls;
    const frame = this.panel.part("polls");
    this.panel.part("no-polls").hidden = polls.length > 0;
    polls.forEach((poll, at) => {
      const card = this.cards.get(poll.id) ?? this.card(poll);
      this.update(card, poll);
      if (frame.children[at] !== card) frame.insertBefore(card, frame.children[at] ?? null);
    });
    const running = polls.find((each) => each.state === "open");
    this.panel.part("poll-dot").hidden = !running;
    const call = this.panel.part("poll-call");
    call.hidden = !running || this.votes.has(running.id);
    fill(call, "question", running?.question ?? "");
  }

  private card(poll: Poll): HTMLElement {
    const card = this.panel.make("poll");
    this.cards.set(poll.id, card);
    fill(card, "question", poll.question);
    fill(card, "legend", poll.question);
    const choices = poll.choices.map((text, at) => {
      const line = this.panel.make("choice");
      const input = line.querySelector("input") as HTMLInputElement;
      input.type = poll.kind === "multiple" ? "checkbox" : "radio";
      input.value = String(at);
      input.name = `choice-${poll.id}`;
      fill(line, "text", text);
      return line;
    });
    slot(card, "choices")?.replaceChildren(...choices);
    slot(card, "form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.vote(card, poll.id);
    });
    card.querySelector('[data-act="close-poll"]')?.addEventListener("click", () => {
      void this.connection.send("staff", { act: "close-poll", poll: poll.id }).then(({ refused }) => this.note(refused));
    });
    return card;
  }

  private update(card: HTMLElement, poll: Poll): void {
    const mine = this.votes.get(poll.id);
    const isOpen = poll.state === "open";
    const isVoting = isOpen && !mine && slot(card, "send") !== null;
    const isShown = poll.counts !== null && !isVoting;
    card.classList.toggle("is-shown", isShown);
    fill(card, "state", this.panel.say(isOpen ? "running" : "ended"));
    fill(card, "votes", this.panel.say("votes", poll.voters));
    fill(card, "send", this.panel.say("vote"));
    fill(card, "words", isOpen && mine ? this.panel.say(poll.counts ? "thanks" : "later") : "");
    slot(card, "send")?.toggleAttribute("hidden", !isVoting);
    slot(card, "door")?.toggleAttribute("hidden", !isOpen);
    card.querySelector('[data-act="close-poll"]')?.toggleAttribute("hidden", !isOpen);
    [...(slot(card, "choices")?.children ?? [])].forEach((line, at) => {
      const input = line.querySelector("input") as HTMLInputElement;
      input.disabled = !isVoting;
      if (mine) input.checked = mine.includes(at);
      const share = poll.voters && poll.counts ? Math.round((100 * (poll.counts[at] ?? 0)) / poll.voters) : 0;
      fill(line, "share", isShown ? `${share} %` : "");
      const bar = slot<HTMLProgressElement>(line, "bar");
      if (bar) {
        bar.hidden = !isShown;
        bar.value = share;
        bar.ariaLabel = poll.choices[at] ?? "";
      }
    });
  }

  private async vote(card: HTMLElement, id: string): Promise<void> {
    const choices = [...card.querySelectorAll<HTMLInputElement>("input:checked")].map((each) => Number(each.value));
    if (!choices.length) return;
    const { refused } = await this.connection.send("vote", { poll: id, choices });
    if (!refused) this.votes.set(id, choices);
    this.note(refused);
    this.show(this.shown);
  }

  private bindMaking(): void {
    const form = this.panel.find<HTMLFormElement>("poll-form");
    if (!form) return;
    const answers = this.panel.part("answers");
    const more = this.panel.part<HTMLButtonElement>("more-answers");
    const question = form.elements.namedItem("question") as HTMLInputElement;
    const add = (words = ""): void => {
      const field = this.panel.make("answer") as HTMLInputElement;
      field.value = words;
      answers.append(field);
      more.disabled = answers.childElementCount >= ANSWERS_MAX;
    };
    more.addEventListener("click", () => add());
    this.panel.part("poll-cancel").addEventListener("click", () => form.toggleAttribute("hidden", true));
    for (const button of this.panel.part("make").querySelectorAll<HTMLElement>("[data-template]"))
      button.addEventListener("click", () => {
        answers.replaceChildren();
        for (const words of (button.dataset.template || "||").split("|")) add(words);
        form.hidden = false;
        question.focus();
      });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const choices = [...answers.querySelectorAll("input")].map((each) => each.value.trim()).filter(Boolean);
      const { refused } = await this.connection.send("staff", {
        act: "open-poll",
        question: question.value,
        choices,
        kind: (form.elements.namedItem("multiple") as HTMLInputElement).checked ? "multiple" : "single",
        is_result_live: !(form.elements.namedItem("later") as HTMLInputElement).checked,
      });
      this.note(refused);
      if (refused) return;
      form.reset();
      form.hidden = true;
    });
  }

  private note(refused?: string): void {
    this.panel.part("poll-note").textContent = refused ? this.panel.say(refused) : "";
  }
}
