// The engine as the player sees it: there from the start, while its half megabyte is still on its way.

import type { Engine, Unlock } from "./engine";
import type { Problem } from "./problem";
import type { Captions } from "./service";

export class Projector {
  #engine: Engine | null = null;
  #arriving: Promise<Engine> | null = null;

  constructor(
    readonly video: HTMLVideoElement,
    readonly address: string,
    readonly unlock: Unlock,
    readonly onProblem: (problem: Problem) => void,
    readonly onQuality: () => void,
  ) {}

  /** Fetch the engine, so that it is there when the film is wanted. Rejects when it does not come. */
  async warm(): Promise<Engine> {
    this.#arriving ??= import(this.address).then((module: typeof import("../engine")) => {
      this.#engine = new module.Engine(this.video, this.unlock, this.onProblem, this.onQuality);
      return this.#engine;
    });
    try {
      return await this.#arriving;
    } catch {
      this.#arriving = null;
      throw { kind: "offline" } satisfies Problem;
    }
  }

  /** Begin to fetch the film; resolves when it can play. Rejects with a Problem. */
  async load(manifestUrl: string, startS: number | null, captionBox: HTMLElement): Promise<void> {
    await (await this.warm()).load(manifestUrl, startS, captionBox);
  }

  async addCaptions(tracks: Captions[]): Promise<void> {
    await this.#engine?.addCaptions(tracks);
  }

  get captions(): Engine["captions"] {
    return this.#engine?.captions ?? [];
  }

  showCaptions(language: string | null): void {
    this.#engine?.showCaptions(language);
  }

  get heights(): number[] {
    return this.#engine?.heights ?? [];
  }

  get height(): number | null {
    return this.#engine?.height ?? null;
  }

  set quality(height: number | null) {
    if (this.#engine) this.#engine.quality = height;
  }

  goOn(): void {
    this.#engine?.goOn();
  }

  noteBandwidth(): void {
    this.#engine?.noteBandwidth();
  }

  async destroy(): Promise<void> {
    await this.#engine?.destroy();
  }
}
