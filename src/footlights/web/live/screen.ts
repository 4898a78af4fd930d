// One broadcast on one page: waits for it, plays it, says when it is interrupted or over, and never needs a reload.
//
// What the broadcast does is told by a small file beside its segments, so that waiting costs the service nothing.

import type { Engine as EngineOf } from "../watch/player/engine";
import { isProblem, obstacle, type Problem } from "../watch/player/problem";
import { requestLicence } from "../watch/player/service";
import { clock } from "../watch/player/format";

type Told = "live" | "interrupted" | "ended";
/** The broadcast's word; `replay` is where its recording is, once it plays. */
interface Word {
  state: Told;
  replay?: string;
}
type State = Told | "waiting" | "starting" | "blocked";
interface EngineModule {
  Engine: typeof EngineOf;
}

const ASK_MS = 4_000;
const REPLAY_MS = 12_000; // how often, once it is over, whether the recording is there
const REPLAY_TRIES = 100;
const JITTER_MS = 1_500; // a full house does not ask all at once
const HIDE_MS = 3_000;
const LATE_MS = 15_000; // a picture that stands still does not hold up what is told
const STILL_MS = 8_000; // a picture that stands still after the end has come to it
const EDGE_S = 12; // nearer than this to the newest picture counts as live

export function screen(root: HTMLElement): () => void {
  const show = new Show(root);
  show.begin();
  return () => show.end();
}

class Show {
  readonly #video: HTMLVideoElement;
  readonly #ends = new AbortController();
  #engine: EngineOf | null = null;
  #loading = false;
  #timers: number[] = [];
  #hide = 0;
  #next: { state: Told; atS: number; before: number } | null = null;
  #asksForReplay = REPLAY_TRIES;
  #over: { placeS: number; since: number } | null = null; // it is over; where the picture is, and since when

  constructor(readonly root: HTMLElement) {
    const video = root.querySelector("video");
    if (!video) throw new Error("A screen has a video.");
    this.#video = video;
  }

  begin(): void {
    const lacking = obstacle();
    if (lacking) return this.#block(this.#say(lacking));
    this.#listen();
    this.#count();
    this.#timers.push(window.setInterval(() => this.#tick(), 1_000));
    void this.#ask();
  }

  end(): void {
    this.#ends.abort();
    this.#timers.forEach((timer) => window.clearInterval(timer));
    void this.#engine?.destroy();
  }

  /** What the broadcast does now; again and again until it is over. */
  async #ask(): Promise<void> {
    if (this.#ends.signal.aborted) return;
    const told = await this.#told();
    if (told) this.#hear(told.state);
    const isOver = told?.state === "ended" || this.#state === "ended";
    if (isOver && (this.#offer(told?.replay) || --this.#asksForReplay <= 0)) return;
    const wait = (isOver ? REPLAY_MS : ASK_MS) + (Math.random() - 0.5) * 2 * JITTER_MS;
    window.setTimeout(() => void this.#ask(), document.hidden ? wait * 3 : wait);
  }

  async #told(): Promise<Word | null> {
    try {
      const answer = await fetch(this.root.dataset.told ?? "", { cache: "no-cache" });
      if (!answer.ok) return null;
      const word = (await answer.json()) as Word | { state: "waiting" }; // the edge's, before there is a file
      if (word.state !== "waiting") return word;
      this.#wait();
      return null;
    } catch {
      return null; // out of reach for a moment
    }
  }

  /** Nothing is sent to look at: of a preview, not any more. */
  #wait(): void {
    if (!this.#engine || this.#loading) return;
    void this.#engine.destroy();
    this.#engine = null;
    this.#state = "waiting";
  }

  #hear(told: Told): void {
    if (this.#state === "blocked") return;
    if (told === "ended") {
      this.#over ??= { placeS: -1, since: Date.now() };
      return this.#endOnceSeen();
    }
    if (!this.#engine) void this.#load(told);
    else if (told !== (this.#next?.state ?? this.#state)) this.#next = { state: told, atS: this.#range.end, before: Date.now() + LATE_MS };
  }

  /** Whoever is behind sees the rest first; a picture that cannot come to its end does not hold it up. */
  #endOnceSeen(): void {
    if (!this.#over || this.#state === "ended" || this.#loading) return;
    const { currentTime, paused, ended } = this.#video;
    const isMoving = currentTime !== this.#over.placeS;
    if (isMoving || paused) this.#over = { placeS: currentTime, since: Date.now() };
    if (this.#engine && !ended && Date.now() - this.#over.since < STILL_MS) return;
    void this.#engine?.destroy();
    this.#engine = null;
    this.#state = "ended";
  }

  /** The way to the recording, once there is one; whether there is nothing more to ask. */
  #offer(replay: string | undefined): boolean {
    const link = this.root.querySelector<HTMLAnchorElement>('[data-part="replay"]');
    if (!link?.hidden) return true;
    if (!replay) return false;
    link.href = `${replay}/watch`;
    link.hidden = false;
    this.#part("soon").hidden = true;
    return true;
  }

  /** What was told shows when the picture comes to it: whoever watches is some seconds behind. */
  #turn(): void {
    const next = this.#next;
    if (!next || (this.#video.currentTime < next.atS && Date.now() < next.before)) return;
    this.#next = null;
    this.#state = next.state;
  }

  async #load(told: Told): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    this.#state = "starting";
    try {
      const { engine = "", dash = "", licence = "" } = this.root.dataset;
      const { Engine } = (await import(engine)) as EngineModule;
      this.#engine = new Engine(this.#video, (request) => requestLicence(licence, request, null), (problem) => this.#stumble(problem));
      if (this.root.dataset.latency === "low") this.#engine.stayNear();
      await this.#engine.load(dash, null, this.root.querySelector<HTMLElement>(".live-captions") ?? this.root);
      await this.#play();
      this.#state = told;
    } catch (error) {
      this.#stumble(isProblem(error) ? error : { kind: "broken", detail: String(error) });
    } finally {
      this.#loading = false;
    }
  }

  /** With sound where the browser lets us; else silent, and a button says so. */
  async #play(): Promise<void> {
    try {
      await this.#video.play();
    } catch {
      this.#video.muted = true;
      this.#loud.hidden = false;
      await this.#video.play().catch(() => undefined);
    }
  }

  #stumble(problem: Problem): void {
    if (problem.kind === "offline") return;
    void this.#engine?.destroy();
    this.#engine = null;
    if (problem.kind === "refused" && problem.refusal.status === 403) return this.#block(problem.refusal.message);
    this.#state = "starting"; // the next word of the broadcast begins anew
  }

  #block(words: string): void {
    this.#part("blocked").textContent = words;
    this.#state = "blocked";
  }

  #listen(): void {
    const { signal } = this.#ends;
    const video = this.#video;
    this.root.addEventListener("click", (event) => this.#act((event.target as Element).closest<HTMLElement>("[data-do]")?.dataset.do ?? ""), { signal });
    for (const name of ["play", "pause", "volumechange", "playing"]) video.addEventListener(name, () => this.#tell(), { signal });
    video.addEventListener("click", () => this.#act("play"), { signal });
    for (const name of ["pointermove", "keydown", "focusin"]) this.root.addEventListener(name, () => this.#wake(), { signal });
    this.#seek?.addEventListener("input", () => (video.currentTime = this.#range.start + Number(this.#seek?.value)), { signal });
    this.#tell();
    this.#wake();
  }

  #act(what: string): void {
    const video = this.#video;
    if (what === "play") void (video.paused ? video.play() : video.pause());
    else if (what === "mute") video.muted = !video.muted;
    else if (what === "loud") video.muted = false;
    else if (what === "now") this.#engine?.goToLive();
    else if (what === "whole") void (document.fullscreenElement ? document.exitFullscreen() : this.root.requestFullscreen());
    else if (what === "again") location.reload();
  }

  #tell(): void {
    const { root } = this;
    root.dataset.playing = this.#video.paused ? "no" : "yes";
    root.dataset.muted = this.#video.muted ? "yes" : "no";
    root.querySelector('[data-do="play"]')?.setAttribute("aria-label", this.#say(this.#video.paused ? "play" : "pause"));
    root.querySelector('[data-do="mute"]')?.setAttribute("aria-label", this.#say(this.#video.muted ? "unmute" : "mute"));
    if (!this.#video.muted) this.#loud.hidden = true;
  }

  #tick(): void {
    this.#count();
    this.#endOnceSeen();
    if (!this.#engine) return;
    this.#turn();
    const { start, end } = this.#range;
    const behind = Math.max(0, end - this.#video.currentTime);
    const isEdge = behind < EDGE_S;
    this.root.dataset.edge = isEdge ? "yes" : "no";
    this.#part("now").textContent = isEdge ? this.#say("live") : this.#say("behind").replace("{time}", clock(behind));
    if (this.#seek && document.activeElement !== this.#seek) {
      this.#seek.max = String(Math.round(end - start));
      this.#seek.value = String(Math.round(this.#video.currentTime - start));
    }
    this.#seek?.setAttribute("aria-valuetext", this.#part("now").textContent ?? "");
  }

  /** How long until it starts. */
  #count(): void {
    const at = Date.parse(this.root.dataset.starts ?? "");
    const count = this.#part("count");
    count.hidden = Number.isNaN(at) || this.#state !== "waiting";
    if (count.hidden) return;
    const seconds = (at - Date.now()) / 1_000;
    count.textContent = seconds > 0 ? this.#say("starts").replace("{time}", span(seconds)) : this.#say("soon");
  }

  #wake(): void {
    window.clearTimeout(this.#hide);
    delete this.root.dataset.chrome;
    this.#hide = window.setTimeout(() => (this.root.dataset.chrome = this.#video.paused ? "" : "hidden"), HIDE_MS);
  }

  #say(name: string): string {
    return this.root.dataset[`say${name[0]?.toUpperCase()}${name.slice(1)}`] ?? "";
  }

  #part(name: string): HTMLElement {
    return this.root.querySelector<HTMLElement>(`[data-part="${name}"]`) ?? document.createElement("span");
  }

  get #loud(): HTMLElement {
    return this.root.querySelector<HTMLElement>('[data-do="loud"]') ?? document.createElement("button");
  }

  get #seek(): HTMLInputElement | null {
    return this.root.querySelector<HTMLInputElement>('[data-part="seek"]');
  }

  get #range(): { start: number; end: number } {
    return this.#engine?.seekRange ?? { start: 0, end: 0 };
  }

  get #state(): State {
    return (this.root.dataset.state ?? "waiting") as State;
  }

  set #state(state: State) {
    this.root.dataset.state = state;
    const page = this.root.closest<HTMLElement>("[data-broadcast]"); // what it says beneath the picture
    if (page && state === "ended") page.dataset.broadcast = "ended";
    else if (page && (state === "live" || state === "interrupted")) page.dataset.broadcast = "on_air";
  }
}

/** 93784 → "1 d 2 h 3 min"; under an hour, minutes and seconds. */
function span(seconds: number): string {
  const language = document.documentElement.lang || undefined;
  const write = (value: number, unit: string): string => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "narrow" }).format(value);
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60];
  if (!days && !hours) return clock(seconds);
  return [days && write(days, "day"), hours && write(hours, "hour"), write(minutes, "minute")].filter(Boolean).join(" ");
}
