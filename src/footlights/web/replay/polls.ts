// Polls at their moment: one votes as one could live, and sees what was chosen then, and since.

import { clock } from "../watch/player/format";
import { fill, type Panel, slot } from "../rooms/parts";
import { send, type Poll } from "./wire";

const CALLED_MS = 20_000; // so long at least a poll stands over the chat

export class Polls {
  private readonly cards = new Map<string, HTMLElement>();
  private readonly looked = new Set<string>(); // whose result was asked for without a vote
  private shown = "";
  private called = "";

  constructor(
    private readonly panel: Panel,
    private polls: Poll[],
    private readonly votes: Record<string, number[]>,
    private readonly address: string,
  ) {
    panel.part("poll-call").addEventListener("click", () => panel.root.querySelector<HTMLElement>('a[href="#replay-polls"]')?.click());
    panel.part("no-polls").textContent = panel.say(polls.length ? "no-poll-yet" : "no-poll");
  }

  /** The film is here now: those that had been asked by then, the latest first. */
  at(ms: number): void {
    const asked = this.polls.filter(({ t }) => t <= ms).reverse();
    const shown = asked.map(({ id }) => id).join();
    if (shown !== this.shown) {
      this.shown = shown;
      this.panel.part("polls").replaceChildren(...asked.map((poll) => this.card(poll)));
      this.panel.part("no-polls").hidden = asked.length > 0;
    }
    const latest = asked[0];
    const isDue = latest !== undefined && ms < Math.max(latest.ends_t, latest.t + CALLED_MS) && this.isOpen(latest);
    this.call(isDue ? latest : null);
  }

  private call(poll: Poll | null): void {
    if (this.called === (poll?.id ?? "")) return;
    this.called = poll?.id ?? "";
    const call = this.panel.part("poll-call");
    call.hidden = !poll;
    this.panel.part("poll-dot").hidden = !poll;
    fill(call, "question", poll?.question ?? "");
  }

  private card(poll: Poll): HTMLElement {
    const known = this.cards.get(poll.id);
    if (known) return known;
    const card = this.panel.make("poll");
    this.cards.set(poll.id, card);
    fill(card, "moment", clock(poll.t / 1_000));
    fill(card, "question", poll.question);
    fill(card, "legend", poll.question);
    slot(card, "choices")?.replaceChildren(...poll.choices.map((words, at) => this.choice(poll, words, at)));
    slot(card, "form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.vote(card, poll.id);
    });
    card.querySelector('[data-act="look"]')?.addEventListener("click", () => {
      this.looked.add(poll.id);
      this.update(card, poll);
      (card.querySelector("h3") as HTMLElement).focus();
    });
    this.update(card, poll);
    return card;
  }

  private choice(poll: Poll, words: string, at: number): HTMLElement {
    const line = this.panel.make("choice");
    const input = line.querySelector("input") as HTMLInputElement;
    input.type = poll.kind === "multiple" ? "checkbox" : "radio";
    input.name = `choice-${poll.id}`;
    input.value = String(at);
    fill(line, "text", words);
    return line;
  }

  private update(card: HTMLElement, poll: Poll): void {
    const mine = this.votes[poll.id];
    const isOpen = this.isOpen(poll);
    card.classList.toggle("is-shown", !isOpen);
    fill(card, "votes", this.panel.say("votes", poll.voters));
    fill(card, "since-votes", this.panel.say("since-votes", poll.since_voters));
    fill(card, "words", this.words(poll, mine));
    for (const each of card.querySelectorAll<HTMLElement>('[data-slot="send"], [data-act="look"]')) each.hidden = !isOpen;
    [...(slot(card, "choices")?.children ?? [])].forEach((line, at) => {
      const input = line.querySelector("input") as HTMLInputElement;
      input.disabled = !isOpen;
      if (mine) input.checked = mine.includes(at);
      fill(line, "right", !isOpen && poll.right === at ? `✓ ${this.panel.say("right")}` : "");
      this.share(line, "live", poll.counts[at] ?? 0, poll.voters, isOpen);
      this.share(line, "since", poll.since_counts[at] ?? 0, poll.since_voters, isOpen);
    });
  }

  private share(line: Element, name: "live" | "since", count: number, of: number, isHidden: boolean): void {
    const place = slot(line, name);
    const bar = place?.querySelector("progress");
    if (!place || !bar) return;
    const share = of ? Math.round((100 * count) / of) : 0;
    place.hidden = isHidden;
    bar.value = share;
    bar.ariaLabel = this.panel.say(name);
    fill(place, "share", `${this.panel.say(name)} ${share} %`);
  }

  /** May this viewer still vote in it? Whoever has seen the answer of a quiz may not; nor does who looked first. */
  private isOpen(poll: Poll): boolean {
    return !this.votes[poll.id] && !this.looked.has(poll.id);
  }

  /** What stands below the answers: what became of one's vote. */
  private words(poll: Poll, mine?: number[]): string {
    if (!mine) return "";
    if (poll.right === null) return this.panel.say("thanks");
    return this.panel.say(mine.includes(poll.right) ? "was-right" : "was-wrong");
  }

  private async vote(card: HTMLElement, id: string): Promise<void> {
    const choices = [...card.querySelectorAll<HTMLInputElement>("input:checked")].map((each) => each.value);
    if (!choices.length) return;
    const { csrf = "" } = this.panel.root.dataset;
    const { told, refused } = await send<Poll>(`${this.address}/votes`, { poll: id, choice: choices }, csrf);
    this.panel.part("poll-note").textContent = refused ? this.panel.say(refused) : "";
    if (!told) return;
    this.votes[id] = choices.map(Number);
    this.polls = this.polls.map((each) => (each.id === id ? told : each));
    this.update(card, told);
    this.call(null);
    (card.querySelector("h3") as HTMLElement).focus();
  }
}
