// The conversation's pieces: which are needed at a moment of the film, and those that are here. Each is fetched once.

import { fetchJson, type Line, type Course } from "./wire";

const BEFORE_MIN = 60; // so many messages are read back to, where there are as many
const BACK_MAX = 4; // pieces in which something was said
const AHEAD_MS = 15_000;
const KEPT_MAX = 40;

export class Track {
  private readonly here = new Map<number, Line[]>();
  private readonly coming = new Map<number, Promise<void>>();

  constructor(
    private readonly address: string,
    private readonly course: Course,
  ) {}

  get isEmpty(): boolean {
    return !this.course.pieces.some(Boolean);
  }

  /** What had been said by then, as far back as one reads; null while a piece of it is missing. */
  upTo(ms: number): Line[] | null {
    const pieces = this.needed(ms).map((number) => this.here.get(number));
    return pieces.includes(undefined) ? null : pieces.flatMap((lines) => lines ?? []).filter(({ t }) => t <= ms);
  }

  /** Fetch what is missing at that moment. Rejects when a piece does not arrive; ask again then. */
  async bring(ms: number): Promise<void> {
    await Promise.all(this.needed(ms).map((number) => this.fetch(number)));
  }

  /** What comes soon, at this speed, is fetched before it is due. */
  ready(ms: number, rate: number): void {
    const next = this.after(this.numberAt(ms));
    if (next === null || next * this.course.piece_ms - ms > AHEAD_MS * Math.max(1, rate)) return;
    this.fetch(next).catch(() => undefined); // it is asked for again once it is due
  }

  /** It was taken out. */
  forget(id: string): void {
    for (const [number, lines] of this.here) this.here.set(number, lines.filter((line) => line.id !== id));
  }

  private needed(ms: number): number[] {
    const last = this.numberAt(ms);
    const found = this.count(last) ? [last] : [];
    let lines = 0;
    for (let number = last - 1, pieces = 0; number >= 0 && lines < BEFORE_MIN && pieces < BACK_MAX; number--) {
      if (!this.count(number)) continue;
      lines += this.count(number);
      pieces++;
      found.unshift(number);
    }
    return found;
  }

  private fetch(number: number): Promise<void> {
    const arrives = this.coming.get(number);
    if (arrives || this.here.has(number)) return arrives ?? Promise.resolve();
    const arriving = fetchJson<Line[]>(`${this.address}/${number}`)
      .then((lines) => this.keep(number, lines))
      .finally(() => this.coming.delete(number));
    this.coming.set(number, arriving);
    return arriving;
  }

  private keep(number: number, lines: Line[]): void {
    this.here.set(number, lines);
    const [oldest] = this.here.keys();
    if (this.here.size > KEPT_MAX && oldest !== undefined) this.here.delete(oldest);
  }

  private after(number: number): number | null {
    const next = this.course.pieces.findIndex((count, at) => at > number && count > 0);
    return next < 0 ? null : next;
  }

  private numberAt(ms: number): number {
    return Math.min(Math.floor(ms / this.course.piece_ms), this.course.pieces.length - 1);
  }

  private count(number: number): number {
    return this.course.pieces[number] ?? 0;
  }
}
