// Polls: vote, see the answers grow, and make one in two clicks.

import type { Connection } from "./connection";
import { fill, type Panel, slot } from "./parts";
import type { Poll, PollKind, Prepared } from "./wire";

const ANSWERS_MAX = 8;

export class Polls {
  private shown: Poll[] = [];
  private opening: Promise<string | undefined> | null = null;
  private readonly votes = new Map<string, number[]>();
  private readonly cards = new Map<string, HTMLElement>();

  constructor(
    private readonly panel: Panel,
    private readonly connection: Connection,
  ) {
    panel.part("poll-call").addEventListener("click", () => panel.root.querySelector<HTMLElement>('a[href="#room-polls"]')?.click());
    this.bindMaking();
    window.setInterval(() => this.tick(), 1000);
  }

  /** How long a poll that closes by itself still runs; the service says when it is over. */
  private tick(): void {
    for (const { id, state, closes_at } of this.shown) {
      const card = this.cards.get(id);
      if (!card || (!closes_at && state === "open")) continue;
      const left_s = closes_at && state === "open" ? Math.max(0, Math.ceil((Date.parse(closes_at) - Date.now()) / 1000)) : 0;
      fill(card, "left", left_s ? this.panel.say("left", `${Math.floor(left_s / 60)}:${String(left_s % 60).padStart(2, "0")}`) : "");
    }
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
    this.tick();
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
    fill(card, "words", this.words(poll, mine));
    slot(card, "send")?.toggleAttribute("hidden", !isVoting);
    slot(card, "door")?.toggleAttribute("hidden", !isOpen);
    card.querySelector('[data-act="close-poll"]')?.toggleAttribute("hidden", !isOpen);
    [...(slot(card, "choices")?.children ?? [])].forEach((line, at) => {
      const input = line.querySelector("input") as HTMLInputElement;
      input.disabled = !isVoting;
      if (mine) input.checked = mine.includes(at);
      const share = poll.voters && poll.counts ? Math.round((100 * (poll.counts[at] ?? 0)) / poll.voters) : 0;
      fill(line, "share", isShown ? `${poll.right === at ? `✓ ${this.panel.say("right")} · ` : ""}${share} %` : "");
      const bar = slot<HTMLProgressElement>(line, "bar");
      if (bar) {
        bar.hidden = !isShown;
        bar.value = share;
        bar.ariaLabel = poll.choices[at] ?? "";
      }
    });
  }

  /** What stands below the answers: what became of one's vote, and of a rating its mean. */
  private words(poll: Poll, mine?: number[]): string {
    if (poll.kind === "rating" && poll.counts && poll.voters) {
      const sum = poll.counts.reduce((all, count, at) => all + count * (at + 1), 0);
      return this.panel.say("mean", (sum / poll.voters).toLocaleString(undefined, { maximumFractionDigits: 1 }));
    }
    if (poll.state === "open") return mine ? this.panel.say(poll.counts ? "thanks" : "later") : "";
    if (poll.right === null || !mine) return "";
    return this.panel.say(mine.includes(poll.right) ? "was-right" : "was-wrong");
  }

  private async vote(card: HTMLElement, id: string): Promise<void> {
    const choices = [...card.querySelectorAll<HTMLInputElement>("input:checked")].map((each) => Number(each.value));
    if (!choices.length) return;
    const { refused } = await this.connection.send("vote", { poll: id, choices });
    if (!refused) this.votes.set(id, choices);
    this.note(refused);
    this.show(this.shown);
  }

  /** What the channel prepared: one click starts it, another button fills the form to change it first. */
  prepared(polls: Prepared[]): void {
    const frame = this.panel.find("prepared");
    if (!frame) return;
    this.panel.part("prepared-frame").hidden = !polls.length;
    frame.replaceChildren(
      ...polls.map((poll) => {
        const line = this.panel.make("prepared");
        fill(line, "question", poll.question);
        for (const each of line.querySelectorAll("button")) each.setAttribute("aria-label", `${each.textContent}: ${poll.question}`);
        line.querySelector('[data-act="start"]')?.addEventListener("click", () => void this.open(poll));
        line.querySelector('[data-act="change"]')?.addEventListener("click", () => this.fillForm(poll));
        return line;
      }),
    );
  }

  private bindMaking(): void {
    const form = this.panel.find<HTMLFormElement>("poll-form");
    if (!form) return;
    this.panel.part("more-answers").addEventListener("click", () => this.addAnswer());
    this.panel.part("poll-cancel").addEventListener("click", () => form.toggleAttribute("hidden", true));
    for (const button of this.panel.part("make").querySelectorAll<HTMLElement>("[data-template]"))
      button.addEventListener("click", () => {
        const choices = (button.dataset.template || "|").split("|");
        this.fillForm({ question: "", kind: (button.dataset.kind ?? "single") as PollKind, choices, right: null, is_result_live: true });
      });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.start(form);
    });
  }

  private fillForm(poll: Omit<Prepared, "id">): void {
    const form = this.panel.part<HTMLFormElement>("poll-form");
    form.reset();
    form.dataset.kind = poll.kind;
    field(form, "question").value = poll.question;
    field(form, "multiple").checked = poll.kind === "multiple";
    field(form, "later").checked = !poll.is_result_live;
    this.panel.part("answers-frame").hidden = poll.kind === "rating";
    this.panel.part("multiple-frame").hidden = poll.kind === "rating" || poll.kind === "quiz";
    this.panel.part("later-frame").hidden = poll.kind === "quiz";
    this.panel.part("plain-legend").hidden = poll.kind === "quiz";
    this.panel.part("quiz-legend").hidden = poll.kind !== "quiz";
    this.panel.part("answers").replaceChildren();
    poll.choices.forEach((words, at) => this.addAnswer(words, at === poll.right));
    form.hidden = false;
    field(form, "question").focus();
  }

  private addAnswer(words = "", isRight = false): void {
    const answers = this.panel.part("answers");
    const line = this.panel.make("answer");
    const [right, text] = line.querySelectorAll("input");
    if (right && text) {
      right.hidden = this.panel.part("poll-form").dataset.kind !== "quiz";
      right.checked = isRight;
      text.value = words;
    }
    answers.append(line);
    this.panel.part<HTMLButtonElement>("more-answers").disabled = answers.childElementCount >= ANSWERS_MAX;
  }

  private async start(form: HTMLFormElement): Promise<void> {
    const kept = form.dataset.kind ?? "single";
    const lines = [...this.panel.part("answers").children]
      .map((line) => line.querySelectorAll("input"))
      .map(([right, text]) => ({ isRight: right?.checked ?? false, text: text?.value.trim() ?? "" }))
      .filter(({ text }) => text);
    const isPlain = kept === "single" || kept === "multiple";
    const right = lines.findIndex(({ isRight }) => isRight);
    const refused = await this.open(
      {
        question: field(form, "question").value,
        choices: lines.map(({ text }) => text),
        kind: isPlain ? (field(form, "multiple").checked ? "multiple" : "single") : (kept as PollKind),
        right: kept === "quiz" && right >= 0 ? right : null,
        is_result_live: !field(form, "later").checked,
      },
      Number(field(form, "seconds").value) || null,
    );
    if (refused) return;
    form.reset();
    form.hidden = true;
  }

  /** Without `seconds` it runs until somebody closes it. Returns why it did not begin. A click too many begins no other. */
  private open(poll: Omit<Prepared, "id">, seconds: number | null = null): Promise<string | undefined> {
    this.opening ??= this.ask(poll, seconds).finally(() => (this.opening = null));
    return this.opening;
  }

  private async ask({ question, choices, kind, right, is_result_live }: Omit<Prepared, "id">, seconds: number | null): Promise<string | undefined> {
    const { refused } = await this.connection.send("staff", { act: "open-poll", question, choices, kind, right, is_result_live, seconds });
    this.note(refused === "right" ? "right-one" : refused);
    return refused;
  }

  private note(refused?: string): void {
    this.panel.part("poll-note").textContent = refused ? this.panel.say(refused) : "";
  }
}

const field = (form: HTMLFormElement, name: string): HTMLInputElement => form.elements.namedItem(name) as HTMLInputElement;
