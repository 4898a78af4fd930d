// The chat as it stood at this moment of the film: grows while it plays, and is another after a jump.

import { fillLine } from "../rooms/line";
import { Care } from "./care";
import type { Panel } from "../rooms/parts";
import type { Track } from "./track";
import type { Line } from "./wire";

const SHOWN_MAX = 150;
const NEAR_PX = 48;
const PATIENCE_MS = 250; // what arrives sooner changes nothing on the page meanwhile
const AGAIN_MS = 5_000;

export class Chat {
  private readonly scroll: HTMLElement;
  private readonly list: HTMLElement;
  private shown: Line[] = [];
  private isFollowing = true; // until somebody scrolls back
  private failedAt = Number.NEGATIVE_INFINITY;
  private isComing = false;

  private readonly care?: Care;

  constructor(
    private readonly panel: Panel,
    private readonly track: Track,
    address: string,
    private readonly nowMs: () => number,
    private readonly onFailed: (is: boolean) => void,
  ) {
    this.scroll = panel.part("scroll");
    this.list = panel.part("messages");
    const sheet = panel.find<HTMLDialogElement>("care");
    if (sheet) this.care = new Care(panel, sheet, address, (id) => this.gone(id));
    panel.part("newest").addEventListener("click", () => this.toEnd());
    this.scroll.addEventListener("scroll", () => {
      this.isFollowing = this.isAtEnd();
      if (this.isFollowing) panel.part("newest").hidden = true;
    });
    new ResizeObserver(() => this.isFollowing && this.toEnd()).observe(this.scroll); // what comes above or below it takes room
  }

  /** The film is here now, at this speed. */
  at(ms: number, rate: number): void {
    const lines = this.track.upTo(ms);
    if (!lines) return void this.bring();
    this.track.ready(ms, rate);
    this.draw(lines.slice(-SHOWN_MAX));
  }

  /** Somebody asks for what did not arrive. */
  again(): void {
    this.failedAt = Number.NEGATIVE_INFINITY;
    void this.bring();
  }

  private async bring(): Promise<void> {
    if (this.isComing || Date.now() - this.failedAt < AGAIN_MS) return;
    this.isComing = true;
    const waits = window.setTimeout(() => this.panel.root.classList.add("is-loading"), PATIENCE_MS);
    let arrived = false;
    try {
      await this.track.bring(this.nowMs());
      arrived = true;
    } catch {
      this.failedAt = Date.now();
    }
    window.clearTimeout(waits);
    this.panel.root.classList.remove("is-loading");
    this.isComing = false;
    this.onFailed(!arrived);
    if (arrived) this.at(this.nowMs(), 1);
  }

  private draw(lines: Line[]): void {
    this.panel.part("loading").hidden = true;
    const last = this.shown.at(-1);
    const from = last ? lines.lastIndexOf(last) + 1 : 0;
    const silence = this.panel.part("silence");
    silence.hidden = lines.length > 0;
    silence.textContent = this.panel.say(this.track.isEmpty ? "nobody" : "quiet");
    if (from === lines.length && lines.length) return;
    const fresh = lines.slice(from).map((each) => this.line(each));
    if (from) this.list.append(...fresh);
    else this.list.replaceChildren(...fresh);
    while (this.list.childElementCount > SHOWN_MAX) this.list.firstElementChild?.remove();
    this.shown = lines;
    if (this.isFollowing || !from) this.toEnd();
    else this.panel.part("newest").hidden = false;
  }

  private line(said: Line): HTMLElement {
    const line = this.panel.make("message");
    line.dataset.id = said.id;
    fillLine(line, said, said.mentions ?? []);
    this.care?.offer(line, said);
    return line;
  }

  /** Somebody took it out. */
  private gone(id: string): void {
    this.track.forget(id);
    this.shown = this.shown.filter((said) => said.id !== id);
    this.list.querySelector(`[data-id="${CSS.escape(id)}"]`)?.remove();
    this.scroll.focus();
  }

  private isAtEnd(): boolean {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_PX;
  }

  private toEnd(): void {
    this.isFollowing = true;
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.panel.part("newest").hidden = true;
  }
}
