// A room as this browser knows it. Versions have no gaps: where one is missing, the whole is fetched.

import type { Heard, Message, Poll, Question, Rules, Snapshot } from "./wire";

const SHOWN_MAX = 300;
const PATIENCE_MS = 1500; // a pulse can overtake the change it counts

export interface View {
  said(messages: Message[], isFirst: boolean): void;
  hidden(ids: string[]): void;
  polls(polls: Poll[]): void;
  questions(questions: Question[]): void;
  rules(rules: Rules): void;
  pinned(message: Message | null): void;
  reactions(counts: Record<string, number>): void;
  here(count: number): void;
}

export class RoomState {
  private v = -1;
  private readonly messages = new Map<string, Message>();
  private readonly polls = new Map<string, Poll>();
  private readonly questions = new Map<string, Question>();
  private early: Heard[] = [];
  private isFetching = false;

  constructor(
    private readonly address: string,
    private readonly view: View,
    private readonly onOver: () => void,
    private readonly ask: () => Promise<Snapshot | undefined>,
  ) {}

  hear(heard: Heard): void {
    if (heard.r) this.view.reactions(heard.r);
    if (heard.here !== undefined) this.view.here(heard.here);
    if (heard.now !== undefined) this.checkPulse(heard.now);
    if (heard.v === undefined) return;
    if (this.isFetching || heard.v > this.v + 1) {
      this.early.push(heard);
      void this.fetchWhole();
    } else if (heard.v === this.v + 1) this.apply(heard);
  }

  /** The whole room, unless that is on its way already: whoever knew it asks the broker, where one answer is for all. */
  async fetchWhole(within_ms = PATIENCE_MS): Promise<void> {
    if (this.isFetching) return;
    this.isFetching = true;
    await new Promise((resolve) => setTimeout(resolve, this.v < 0 ? 0 : Math.random() * within_ms));
    let isTrue = false;
    try {
      const whole = (this.v < 0 ? undefined : await this.ask()) ?? (await this.fetched());
      if (whole === "over") return this.onOver();
      if (whole) this.replace(whole);
      isTrue = Boolean(whole);
    } catch {
      // offline: tried again below
    } finally {
      this.isFetching = false;
    }
    const early = this.early.filter((each) => (each.v ?? 0) > this.v).sort((a, b) => (a.v ?? 0) - (b.v ?? 0));
    this.early = [];
    for (const each of early) this.hear(each);
    if (!isTrue) setTimeout(() => void this.fetchWhole(), PATIENCE_MS);
  }

  private async fetched(): Promise<Snapshot | "over" | undefined> {
    const answer = await fetch(this.address);
    if (answer.status === 404) return "over";
    return answer.ok ? ((await answer.json()) as Snapshot) : undefined;
  }

  private checkPulse(now: number): void {
    if (now > this.v && this.v >= 0) setTimeout(() => now > this.v && void this.fetchWhole(), PATIENCE_MS);
  }

  private replace(whole: Snapshot): void {
    if (whole.v < this.v) return;
    const isFirst = this.v < 0;
    const known = new Set(whole.said.map((each) => each.id));
    const since = whole.said[0]?.at ?? "";
    const gone = [...this.messages.values()].filter((each) => each.at >= since && !known.has(each.id));
    this.v = whole.v;
    this.take(gone.map((each) => each.id), whole, isFirst);
  }

  private apply(change: Heard): void {
    this.v = change.v ?? this.v;
    this.take(change.hidden ?? [], change, false);
  }

  private take(hidden: string[], what: Partial<Snapshot>, isFirst: boolean): void {
    for (const id of hidden) this.messages.delete(id);
    if (hidden.length) this.view.hidden(hidden);
    const fresh = (what.said ?? []).filter((each) => !this.messages.has(each.id));
    for (const each of fresh) this.messages.set(each.id, each);
    if (what.rules) this.view.rules(what.rules);
    if (what.pinned !== undefined) this.view.pinned(what.pinned);
    if (fresh.length || isFirst) this.view.said(fresh, isFirst);
    const over = [...this.messages.keys()].slice(0, Math.max(0, this.messages.size - SHOWN_MAX));
    for (const id of over) this.messages.delete(id);
    if (over.length) this.view.hidden(over);
    for (const each of what.polls ?? []) this.polls.set(each.id, each);
    if (what.polls) this.view.polls([...this.polls.values()].sort((a, b) => b.at.localeCompare(a.at)));
    for (const each of what.questions ?? []) this.questions.set(each.id, each);
    if (what.questions) this.view.questions([...this.questions.values()]);
  }
}
