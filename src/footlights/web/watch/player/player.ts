// The player: starts a session with the service and the film at the same time, and keeps both going.

import { mute, restoreSound, skip, toggle } from "./actions";
import { Admission } from "./admission";
import { Beats } from "./beats";
import { chapters } from "./chapters";
import { controls } from "./controls";
import { Curtain } from "./curtain";
import { clock } from "./format";
import { keys } from "./keys";
import { layout } from "./layout";
import { mediaKeys } from "./media_keys";
import { recall, remember } from "./memory";
import { isProblem, obstacle, type Problem } from "./problem";
import { Projector } from "./projector";
import { seekbar } from "./seekbar";
import { Refusal, type WatchSession } from "./service";
import { settings, type Settings } from "./settings";
import { Stage } from "./stage";
import { Stills } from "./stills";
import { touch } from "./touch";

const ASK_AGAIN_MS = 2_000;
const RETRY_MS = 3_000;
// Not zero: an engine that finds the time where it was before it went to its own place goes there once more.
const JUST_BEGUN_S = 0.001;
const CHIP_MS = 9_000;
const RELOADED_SCREEN = "footlights.screen";

export function player(root: HTMLElement): () => void {
  const screening = new Screening(new Stage(root));
  return () => screening.end();
}

class Screening {
  readonly #curtain: Curtain;
  readonly #admission: Admission;
  readonly #engine: Projector;
  readonly #settings: Settings;
  readonly #stills = new Stills();
  #starting: Promise<WatchSession> | null = null;
  #beats: Beats | null = null;
  #loaded = false;
  #retry = 0;

  constructor(readonly stage: Stage) {
    this.#curtain = new Curtain(stage);
    restoreSound(stage);
    this.#admission = new Admission(stage.root.dataset, () => this.#beats?.token ?? null);
    this.#engine = new Projector(
      stage.video,
      stage.root.dataset.engineUrl ?? "",
      (request) => this.#admission.unlock(request),
      (problem) => this.#trouble(problem),
      () => this.#settings.qualityChanged(),
    );
    this.#settings = settings(stage, this.#engine);
    controls(stage);
    seekbar(stage, this.#stills, chapters(stage));
    keys(stage);
    touch(stage);
    layout(stage);
    stage.on("act", ({ name }) => this.#act(name));
    stage.listen(stage.video, "timeupdate", () => this.#notePlace());
    stage.listen(stage.video, "ended", () => this.#notePlace(true));
    window.addEventListener("online", () => this.#comeBack(), { signal: stage.gone });
    window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload(), { signal: stage.gone });
    this.#open();
  }

  end(): void {
    clearTimeout(this.#retry);
    this.#beats?.leave();
    this.stage.leave();
    void this.#engine.destroy();
  }

  /** Play at once where the page says so; otherwise wait for the button. */
  #open(): void {
    const { dataset } = this.stage.root;
    const reason = obstacle();
    if (reason) this.#curtain.show(reason);
    else if (dataset.autoplay === "yes") void this.#begin(null);
    else {
      this.stage.listen(this.stage.root, ["pointermove", "pointerdown", "focusin"], () => void this.#engine.warm().catch(() => undefined));
      this.#offerStart();
    }
  }

  #act(name: string): void {
    const { stage } = this;
    if (name === "toggle") toggle(stage);
    else if (name === "back") skip(stage, -10);
    else if (name === "forward") skip(stage, 10);
    else if (name === "mute") mute(stage);
    else if (name === "captions") this.#settings.toggleCaptions();
    else if (name === "begin") void this.#begin(null);
    else if (name === "begin-anew") void this.#begin(0);
    else if (name === "start-over") this.#startOver();
    else if (name === "close-chip") this.stage.part("resumed").hidden = true;
    else if (name === "retry") this.#again();
  }

  /** Start the session and the film together; `startS` null goes on where the viewer was. */
  async #begin(startS: number | null): Promise<void> {
    const { stage } = this;
    if (this.#loaded) {
      if (startS !== null) stage.video.currentTime = startS;
      return this.#play();
    }
    clearTimeout(this.#retry);
    stage.root.dataset.state = "loading";
    stage.part("start").hidden = true;
    const starting = this.#takeScreen();
    try {
      const known = stage.root.dataset.manifestUrl;
      const place = startS ?? this.#asked() ?? this.#place() ?? (known ? 0 : null);
      const manifest = known || (await starting).dash_url;
      const from = place ?? (await starting).resume_at_ms / 1000;
      const loading = this.#engine.load(manifest, from || null, stage.find(".player__captions"));
      loading.catch(() => undefined); // when the service says no first, its reason is the one to show
      const [session] = await Promise.all([starting, loading]);
      this.#loaded = true;
      this.#curtain.lift();
      this.#afterLoad(session, from);
    } catch (error) {
      this.#forget();
      this.#couldNotBegin(error);
      return;
    }
    await this.#play();
  }

  /** The service's word and the engine are fetched side by side. */
  #takeScreen(): Promise<WatchSession> {
    void this.#engine.warm().catch(() => undefined); // load() tells
    this.#starting ??= this.#startSession();
    return this.#starting;
  }

  async #startSession(): Promise<WatchSession> {
    const session = await this.#admission.start(this.#screenBeforeReload());
    sessionStorage.setItem(RELOADED_SCREEN, session.token);
    if (this.#beats) this.#beats.renew(session);
    else {
      this.#beats = new Beats(
        this.stage,
        session,
        (answer) => {
          this.stage.video.pause();
          this.#forget();
          this.#curtain.showStop(answer);
        },
        () => void this.#renew(),
      );
    }
    return session;
  }

  #forget(): void {
    this.#starting = null;
    this.#admission.forget();
  }

  /** After a reload this tab takes its own old place, not a second one. A copied tab is a screen of its own. */
  #screenBeforeReload(): string | null {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    return this.#beats?.token ?? (navigation?.type === "reload" ? sessionStorage.getItem(RELOADED_SCREEN) : null);
  }

  #afterLoad(session: WatchSession, from: number): void {
    const { stage } = this;
    this.#settings.offer();
    mediaKeys(stage);
    void this.#engine.addCaptions(session.captions).then(() => this.#settings.offer());
    stage.video.addEventListener("playing", () => this.#afterFirstFrame(session), { once: true, signal: stage.gone });
    if (from > 0 && this.#asked() === null) this.#showChip(stage.words("resumed", { time: clock(from) }));
    if (session.displaced_device) stage.send("tell", { words: stage.words("displaced", { device: session.displaced_device }) });
    window.setTimeout(() => this.#engine.noteBandwidth(), 15_000);
  }

  /** What may wait until the picture moves, so that it shares no line with it. */
  #afterFirstFrame({ storyboard_url: storyboard }: WatchSession): void {
    if (storyboard) void this.#stills.load(storyboard).catch(() => undefined);
  }

  async #play(): Promise<void> {
    const { stage } = this;
    try {
      await stage.video.play();
      stage.part("start").hidden = true;
    } catch (error) {
      if ((error as DOMException).name === "NotAllowedError") this.#offerStart();
    }
  }

  /** The browser wants a click before there is sound, or the page asked to wait for one. */
  #offerStart(): void {
    const { stage } = this;
    stage.root.dataset.state = "idle";
    stage.part("start").hidden = false;
    const place = this.#loaded ? stage.video.currentTime : (this.#asked() ?? this.#place());
    const choice = stage.part("choice");
    choice.hidden = !place;
    const resume = choice.querySelector("button");
    if (resume) resume.textContent = stage.words("resume", { time: clock(place ?? 0) });
  }

  #couldNotBegin(error: unknown): void {
    if (this.stage.gone.aborted) return;
    const problem: Problem = error instanceof Refusal ? { kind: "refused", refusal: error } : isProblem(error) ? error : { kind: "offline" };
    this.#curtain.showProblem(problem);
    if (this.#curtain.card === "waiting") this.#retry = window.setTimeout(() => void this.#begin(null), ASK_AGAIN_MS);
    if (this.#curtain.card === "offline") this.#retry = window.setTimeout(() => void this.#begin(null), RETRY_MS);
  }

  /** While it plays: a key was refused, the network went, or the film broke. */
  #trouble(problem: Problem): void {
    if (!this.#loaded) return; // load() rejects with the same
    this.#curtain.showProblem(problem);
    if (problem.kind === "offline") this.#waitForData();
  }

  #waitForData(): void {
    const { video } = this.stage;
    const signs = ["progress", "canplay", "timeupdate"]; // a film that is whole in the buffer makes no more progress
    const back = () => {
      if (video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return;
      for (const sign of signs) video.removeEventListener(sign, back);
      if (this.#curtain.card === "offline") this.#curtain.lift();
    };
    for (const sign of signs) video.addEventListener(sign, back, { signal: this.stage.gone });
  }

  #comeBack(): void {
    if (this.#curtain.card === "offline") this.#again();
  }

  #again(): void {
    const { card } = this.#curtain;
    if (card === "displaced") void this.#renew().then((renewed) => (renewed ? this.#play() : undefined));
    else if (this.#loaded && card === "offline") this.#engine.goOn();
    else if (this.#loaded) location.reload();
    else void this.#begin(null);
  }

  /** The screen's token or place is lost, the film is still here: take a new screen and go on. */
  async #renew(): Promise<boolean> {
    this.#forget();
    try {
      await this.#takeScreen();
      this.#curtain.lift();
      return true;
    } catch (error) {
      this.#forget();
      if (!(error instanceof Refusal)) return false; // the network: the next beat tries again
      this.stage.video.pause();
      this.#beats?.end();
      this.#curtain.showRefusal(error);
      return false;
    }
  }

  #startOver(): void {
    const { video, gone } = this.stage;
    const rewind = () => (video.currentTime = JUST_BEGUN_S);
    rewind();
    const begins = video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA; // and the engine still goes to its own place
    if (begins) video.addEventListener("loadeddata", rewind, { once: true, signal: gone });
    this.stage.part("resumed").hidden = true;
    void this.#play();
  }

  #showChip(words: string): void {
    const chip = this.stage.part("resumed");
    this.stage.part("resumed-words").textContent = words;
    chip.hidden = false;
    window.setTimeout(() => (chip.hidden = true), CHIP_MS);
  }

  /** The moment that the page's address names, in seconds. */
  #asked(): number | null {
    const { startAt } = this.stage.root.dataset;
    return startAt ? Number(startAt) : null;
  }

  /** Where to go on, in seconds: as the service told the page; of an anonymous viewer only this browser knows it. */
  #place(): number | null {
    const { resumeAtMs, titleId, viewer } = this.stage.root.dataset;
    if (viewer === "anonymous") return recall<number | null>(`place.${titleId}`, null);
    return Number(resumeAtMs) / 1000 || null;
  }

  #notePlace(ended = false): void {
    const { video, root } = this.stage;
    const { currentTime, duration } = video;
    if (root.dataset.viewer !== "anonymous" || !this.#loaded) return;
    const worth = !ended && currentTime >= 5 && currentTime < Math.min(duration * 0.95, duration - 3);
    remember(`place.${root.dataset.titleId}`, worth ? Math.floor(currentTime) : null);
  }
}
