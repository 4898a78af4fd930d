// Tells the service how far this screen is: every few seconds while it plays, on pause, seek and hide, and once more at the end.

import { sendBeat, sendLastBeat, Refusal, type Beat, type BeatAnswer, type WatchSession } from "./service";
import type { Stage } from "./stage";

const FIRST_BEAT_MS = 3_500; // the shortest visit that counts as a view is 3 s

export class Beats {
  #session: WatchSession;
  #sequence = 0;
  #watchedMs = 0;
  #lastTick = 0;
  #timer = 0;
  #over = false;

  constructor(
    readonly stage: Stage,
    session: WatchSession,
    readonly onStop: (answer: BeatAnswer) => void,
    readonly onRefused: (refusal: Refusal) => void,
  ) {
    this.#session = session;
    const { video } = stage;
    stage.listen(video, "playing", () => this.#begin());
    stage.listen(video, ["pause", "ended"], () => this.#pause());
    stage.listen(video, ["seeked", "ratechange"], () => this.#tick());
    stage.listen(video, "timeupdate", () => this.#tick());
    document.addEventListener("visibilitychange", () => document.hidden && this.#started && this.beat(), { signal: stage.gone });
    window.addEventListener("pagehide", () => this.leave(), { signal: stage.gone });
  }

  get token(): string {
    return this.#session.token;
  }

  get #started(): boolean {
    return this.#watchedMs > 0 || this.#sequence > 0;
  }

  /** Go on with a new session, after the old one's token or place was lost. */
  renew(session: WatchSession): void {
    this.#session = session;
    this.#sequence = 0;
    this.#watchedMs = 0;
    this.#over = false;
  }

  async beat(): Promise<void> {
    if (this.#over) return;
    this.#schedule();
    try {
      const answer = await sendBeat(this.#session.beats_url, this.#next());
      if (answer.token) this.#session.token = answer.token;
      if (answer.stop) {
        this.#over = true;
        this.onStop(answer);
      }
    } catch (error) {
      if (error instanceof Refusal && error.status < 500) this.onRefused(error);
      // Otherwise the network is gone: the next beat tells everything this one would have.
    }
  }

  leave(): void {
    clearTimeout(this.#timer);
    if (this.#over) return;
    this.#over = true;
    this.#tick();
    sendLastBeat(this.#session.stop_url, this.#next());
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#over = true;
  }

  #begin(): void {
    this.#lastTick = performance.now();
    if (!this.#timer) this.#schedule(this.#started ? undefined : FIRST_BEAT_MS);
  }

  #pause(): void {
    this.#tick();
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#over && this.#started) void this.beat().then(() => this.stage.video.paused && this.#rest());
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  #schedule(waitMs = this.#session.beat_every_s * 1000): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.beat(), waitMs);
  }

  /** Add up time in which the picture really moved. */
  #tick(): void {
    const now = performance.now();
    const { video } = this.stage;
    if (this.#lastTick && !video.paused && !video.seeking) this.#watchedMs += Math.min(now - this.#lastTick, 1_000);
    this.#lastTick = now;
  }

  #next(): Beat {
    const { video } = this.stage;
    return {
      token: this.#session.token,
      sequence: ++this.#sequence,
      position_ms: Math.round(video.currentTime * 1000),
      watched_ms: Math.round(this.#watchedMs),
    };
  }
}
