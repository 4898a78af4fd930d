// A title's trailer, in the place of its still: silent at first, loaded only when somebody asks for it.
// The player comes from the watch page's engine (data-player); here are the buttons and what they say.

/** What is used of web/watch/engine.ts. The answer ends it and frees what it held. */
interface Player {
  playTrailer(video: HTMLVideoElement, titleId: string): Promise<() => Promise<void>>;
}

export function trailer(element: HTMLElement): (() => void) | void {
  const video = element.querySelector<HTMLVideoElement>("[data-trailer-video]");
  const button = (name: string): HTMLButtonElement | null => element.querySelector(`[data-trailer-${name}]`);
  const [play, stop, sound, whole] = [button("play"), button("stop"), button("sound"), button("whole")];
  const says = element.querySelector<HTMLElement>("[data-trailer-says]");
  const { trailer: titleId, player = "" } = element.dataset;
  if (!video || !titleId || !play || !stop || !sound || !whole || !says) return;
  const ends = new AbortController();
  const { signal } = ends;
  let finish: (() => Promise<void>) | null = null;
  let turn = 0; // of the latest click: what an older one still waits for no longer counts

  const show = (state: "still" | "loading" | "playing"): void => {
    element.dataset.trailerState = state;
    play.hidden = state !== "still";
    stop.hidden = sound.hidden = state === "still";
    whole.hidden = state === "still" || !document.fullscreenEnabled;
    element.toggleAttribute("aria-busy", state === "loading");
  };

  const begin = async (): Promise<void> => {
    const mine = ++turn;
    says.textContent = "";
    show("loading");
    stop.focus({ preventScroll: true });
    try {
      const { playTrailer } = (await import(player)) as Player;
      if (mine !== turn) return;
      const end = await playTrailer(video, titleId);
      if (mine !== turn) return void end();
      finish = end;
      show("playing");
    } catch (error) {
      if (mine !== turn) return;
      leave(false);
      says.textContent = (error instanceof Error && "details" in error && error.message) || (says.dataset.sorry ?? "");
    }
  };

  const leave = (focus: boolean): void => {
    turn++;
    const had = element.contains(document.activeElement) && document.activeElement !== play;
    show("still");
    if (document.fullscreenElement === video) void document.exitFullscreen();
    if (focus && had) play.focus({ preventScroll: true });
    void finish?.();
    finish = null;
  };

  const tellSound = (): void => {
    sound.setAttribute("aria-pressed", String(!video.muted));
  };

  play.addEventListener("click", () => void begin(), { signal });
  stop.addEventListener("click", () => leave(true), { signal });
  sound.addEventListener("click", () => (video.muted = !video.muted), { signal });
  whole.addEventListener("click", () => void video.requestFullscreen(), { signal });
  video.addEventListener("volumechange", tellSound, { signal });
  video.addEventListener("ended", () => leave(true), { signal });
  video.addEventListener("click", () => void (video.paused ? video.play() : video.pause()), { signal });
  document.addEventListener("fullscreenchange", () => (video.controls = document.fullscreenElement === video), { signal });
  show("still");
  return () => {
    leave(false);
    ends.abort();
  };
}
