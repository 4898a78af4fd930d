// Shaka Player behind a small door: load, qualities, captions, and its many errors as a few problems.
//
// Half a megabyte, so it is a script of its own (engine.js), fetched while the player already talks to the service.

import "./quiet";
import shaka from "shaka-player/dist/shaka-player.dash-es2021.js";
import { stayNear } from "./edge";
import { recall, remember } from "./memory";
import { refusalIn, type Captions, type Refusal } from "./service";
import type { Problem } from "./problem";

const CLEAR_KEY = "org.w3.clearkey";
const FIRST_GUESS_BPS = 3_000_000; // what a first frame is fetched at: it shows soon, and the second piece is better
const FIRST_GOAL_S = 4; // until the picture moves: what comes after the first piece would only delay it
const GOAL_S = 40;
const SOON = { rebufferingGoal: 0.2, updateIntervalSeconds: 0.1 };
const DASH = "application/dash+xml";

/** Given the licence request of the browser (JSON, W3C Encrypted Media Extensions §9.1.3), the licence. */
export type Unlock = (request: string) => Promise<string>;

/** Shaka asks an address for a licence; addresses of this scheme are answered by the engine's own `unlock`. */
const SCHEME = "unlock";
const gates = new Map<string, Unlock>();

export class Engine {
  readonly #player = new shaka.Player();
  readonly #gate = `${SCHEME}:${crypto.randomUUID()}`;
  readonly #ends = new AbortController(); // its video may go on with another engine
  #attempts = 0;
  #chosen = false;

  constructor(
    readonly video: HTMLVideoElement,
    unlock: Unlock,
    onProblem: (problem: Problem) => void = () => undefined,
    onQuality: () => void = () => undefined,
  ) {
    shaka.polyfill.installAll();
    shaka.net.NetworkingEngine.registerScheme(SCHEME, ask);
    gates.set(this.#gate, unlock);
    this.#player.configure({
      drm: { servers: { [CLEAR_KEY]: this.#gate }, retryParameters: { maxAttempts: 1 } },
      manifest: { retryParameters: { maxAttempts: 4, baseDelay: 500 } },
      streaming: {
        bufferingGoal: FIRST_GOAL_S,
        bufferBehind: 60,
        rebufferingGoal: 0.5,
        failureCallback: (error: shaka.util.Error) => this.#tryAgain(error, onProblem),
      },
      abr: { enabled: false, defaultBandwidthEstimate: recall("bandwidth", FIRST_GUESS_BPS), useNetworkInformation: false, restrictToElementSize: true },
    });
    this.#player.addEventListener("error", (event) => {
      const { detail } = event as unknown as { detail: shaka.util.Error };
      if (detail.severity === shaka.util.Error.Severity.CRITICAL) onProblem(problemOf(detail));
    });
    video.addEventListener("playing", () => this.#goAhead(), { once: true, signal: this.#ends.signal });
    for (const name of ["adaptation", "variantchanged"]) this.#player.addEventListener(name, onQuality);
  }

  /** Never more lines than this, whatever the connection carries. */
  limitTo(height: number): void {
    this.#player.configure("abr.restrictions.maxHeight", height);
  }

  /** Begin to fetch; resolves when the film can play. Rejects with a Problem. */
  async load(manifestUrl: string, startS: number | null, captionBox: HTMLElement): Promise<void> {
    this.#player.setVideoContainer(captionBox);
    try {
      await this.#player.attach(this.video);
      // A whole address: Shaka tries `new URL` on it, and each exception costs a parse of all of Shaka.
      await this.#player.load(new URL(manifestUrl, location.href).href, startS, DASH);
    } catch (error) {
      throw problemOf(error);
    }
  }

  /** The picture moves: fetch what comes, as good as the connection carries. Until now one quality came, and little of it. */
  #goAhead(): void {
    this.#player.configure({ streaming: { bufferingGoal: GOAL_S }, abr: { enabled: !this.#chosen } });
  }

  /** Before it is loaded: it is live and wants to be seen soon, so play it without much in hand. */
  stayNear(): void {
    this.#player.configure({ streaming: SOON });
    const behind = (): number => this.#player.seekRange().end - this.video.currentTime;
    stayNear(this.video, behind, this.#ends.signal);
  }

  /** Of something live: how far back one may go, and the newest there is. */
  get seekRange(): { start: number; end: number } {
    return this.#player.seekRange();
  }

  goToLive(): void {
    this.#player.goToLive();
  }

  async addCaptions(tracks: Captions[]): Promise<void> {
    await Promise.allSettled(
      tracks.map(({ url, language, label }) => this.#player.addTextTrackAsync(url, language, "captions", "text/vtt", undefined, label)),
    );
  }

  get captions(): { language: string; label: string; active: boolean }[] {
    return this.#player.getTextTracks().map(({ language, label, active }) => ({ language, label: label ?? language, active }));
  }

  /** Show the captions of that language; null shows none. */
  showCaptions(language: string | null): void {
    this.#player.selectTextTrack(this.#player.getTextTracks().find((track) => track.language === language) ?? null);
  }

  /** Heights to choose from, the best first. */
  get heights(): number[] {
    const heights = this.#player.getVariantTracks().map((track) => Math.min(track.height ?? 0, track.width ?? Infinity));
    return [...new Set(heights)].filter(Boolean).sort((a, b) => b - a);
  }

  get height(): number | null {
    const track = this.#player.getVariantTracks().find(({ active }) => active);
    return track?.height ? Math.min(track.height, track.width ?? Infinity) : null;
  }

  /** Hold this quality; null chooses by itself. */
  set quality(height: number | null) {
    this.#chosen = height !== null;
    this.#player.configure("abr.enabled", !this.#chosen);
    const track = this.#player.getVariantTracks().find((track) => Math.min(track.height ?? 0, track.width ?? Infinity) === height);
    if (track) this.#player.selectVariantTrack(track, true, 4);
  }

  /** Ask again for what could not be fetched. False when nothing was waiting. */
  goOn(): boolean {
    return this.#player.retryStreaming(0.1);
  }

  /** Keep what was learnt about the connection for the next film. */
  noteBandwidth(): void {
    const { estimatedBandwidth } = this.#player.getStats();
    if (estimatedBandwidth > 100_000) remember("bandwidth", Math.round(Math.min(estimatedBandwidth, 20_000_000)));
  }

  async destroy(): Promise<void> {
    this.#ends.abort();
    await this.#player.destroy();
    gates.delete(this.#gate);
  }

  /** A segment did not come: wait a little longer each time, and say so only when the picture stands still. */
  #tryAgain(error: shaka.util.Error, onProblem: (problem: Problem) => void): void {
    if (error.category !== shaka.util.Error.Category.NETWORK) return;
    error.severity = shaka.util.Error.Severity.RECOVERABLE;
    const waitS = Math.min(10, 2 ** this.#attempts++ / 2);
    this.#player.retryStreaming(waitS);
    if (this.video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) onProblem({ kind: "offline" });
    this.video.addEventListener("progress", () => (this.#attempts = 0), { once: true });
  }
}

function problemOf(error: unknown): Problem {
  if (!(error instanceof shaka.util.Error)) return { kind: "broken", detail: String(error) };
  const { Code, Category } = shaka.util.Error;
  if (error.code === Code.LICENSE_REQUEST_FAILED) {
    const cause = error.data[0] as unknown;
    return problemOf(cause);
  }
  if (error.code === Code.BAD_HTTP_STATUS) {
    const [, status, text] = error.data as [string, number, string];
    if (status >= 500) return { kind: "offline" };
    return { kind: "refused", refusal: refusalIn(status, text) };
  }
  if (error.code === Code.HTTP_ERROR && isRefusal(error.data[1])) return { kind: "refused", refusal: error.data[1] };
  if (error.category === Category.NETWORK) return { kind: "offline" };
  return { kind: "broken", detail: `${error.category}.${error.code}` };
}

/** By its look, for the player that threw it is another script, with a class of its own. A broken service refuses nothing. */
function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && "details" in error && (error as Refusal).status < 500;
}

/** Shaka's plugin for the addresses above. */
function ask(address: string, request: shaka.extern.Request): shaka.extern.IAbortableOperation<shaka.extern.Response> {
  return shaka.util.AbortableOperation.notAbortable(answer(address, request));
}

async function answer(address: string, request: shaka.extern.Request): Promise<shaka.extern.Response> {
  const { Severity, Category, Code } = shaka.util.Error;
  try {
    const licence = await gates.get(address)?.(shaka.util.StringUtils.fromUTF8(request.body));
    const data = shaka.util.StringUtils.toUTF8(licence ?? "");
    return { uri: address, originalUri: address, data, headers: {}, originalRequest: request };
  } catch (error) {
    throw new shaka.util.Error(Severity.CRITICAL, Category.NETWORK, Code.HTTP_ERROR, address, error);
  }
}
