// Shaka Player behind a small door: load, qualities, captions, and its many errors as a few problems.

import shaka from "shaka-player/dist/shaka-player.dash-es2021.js";
import { recall, remember } from "./memory";
import { Refusal, refusalIn, type Captions } from "./service";

const CLEAR_KEY = "org.w3.clearkey";
const FIRST_GUESS_BPS = 4_000_000;
const DASH = "application/dash+xml";

export type Problem =
  | { kind: "offline" }
  | { kind: "refused"; refusal: Refusal }
  | { kind: "broken"; detail: string };

/** Why this browser cannot play at all; null when it can. Cheap, so that it delays nothing. */
export function obstacle(): "insecure" | "unsupported" | null {
  if (!window.isSecureContext) return "insecure";
  if (!("requestMediaKeySystemAccess" in navigator) || !shaka.Player.isBrowserSupported()) return "unsupported";
  return null;
}

/** Safari, and every browser on iPhone and iPad, which are Safari inside. */
export function isSafari(): boolean {
  return /^((?!chrome|chromium|android|firefox).)*safari/i.test(navigator.userAgent) || /iPad|iPhone|iPod/.test(navigator.userAgent);
}

export class Engine {
  readonly #player = new shaka.Player();
  #attempts = 0;

  constructor(
    readonly video: HTMLVideoElement,
    licenceUrl: string,
    /** The token that opens the licence, as soon as the service has given one. */
    token: () => Promise<string>,
    onProblem: (problem: Problem) => void,
    onQuality: () => void,
  ) {
    shaka.polyfill.installAll();
    this.#player.configure({
      drm: {
        servers: { [CLEAR_KEY]: licenceUrl },
        retryParameters: { maxAttempts: 3, baseDelay: 400, timeout: 15_000 },
      },
      manifest: { retryParameters: { maxAttempts: 4, baseDelay: 500 } },
      streaming: {
        bufferingGoal: 40,
        bufferBehind: 60,
        rebufferingGoal: 0.5,
        failureCallback: (error: shaka.util.Error) => this.#tryAgain(error, onProblem),
      },
      abr: { defaultBandwidthEstimate: recall("bandwidth", FIRST_GUESS_BPS), useNetworkInformation: false, restrictToElementSize: true },
    });
    this.#player.getNetworkingEngine()?.registerRequestFilter(async (type, request) => {
      if (type !== shaka.net.NetworkingEngine.RequestType.LICENSE) return;
      request.headers["Authorization"] = `Bearer ${await token()}`;
      request.headers["Content-Type"] = "application/json";
    });
    this.#player.addEventListener("error", (event) => {
      const { detail } = event as unknown as { detail: shaka.util.Error };
      if (detail.severity === shaka.util.Error.Severity.CRITICAL) onProblem(problemOf(detail));
    });
    for (const name of ["adaptation", "variantchanged"]) this.#player.addEventListener(name, onQuality);
  }

  /** Begin to fetch; resolves when the film can play. Rejects with a Problem. */
  async load(manifestUrl: string, startS: number | null, captionBox: HTMLElement): Promise<void> {
    this.#player.setVideoContainer(captionBox);
    try {
      await this.#player.attach(this.video);
      await this.#player.load(manifestUrl, startS, DASH);
    } catch (error) {
      throw problemOf(error);
    }
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
    this.#player.configure("abr.enabled", height === null);
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
    await this.#player.destroy();
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
    return cause instanceof Refusal ? { kind: "refused", refusal: cause } : problemOf(cause);
  }
  if (error.code === Code.BAD_HTTP_STATUS) {
    const [, status, text] = error.data as [string, number, string];
    if (status >= 500) return { kind: "offline" };
    return { kind: "refused", refusal: refusalIn(status, text) };
  }
  if (error.code === Code.REQUEST_FILTER_ERROR && (error.data[0] as unknown) instanceof Refusal) {
    return { kind: "refused", refusal: error.data[0] as Refusal };
  }
  if (error.category === Category.NETWORK) return { kind: "offline" };
  return { kind: "broken", detail: `${error.category}.${error.code}` };
}
