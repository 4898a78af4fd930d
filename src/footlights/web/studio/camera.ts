// Goes live from this browser: what the camera or the screen shows is recorded and sent piece by piece, until it is stopped.
// A lost connection comes back by itself; a line that is too slow gets a simpler picture. The other end is ingest/camera.py.

/** What the other end takes as it is, then what it has to encode. */
const KINDS = ["video/webm;codecs=h264,opus", "video/mp4;codecs=avc1.640028,opus", "video/mp4;codecs=avc1,mp4a.40.2", "video/webm;codecs=vp8,opus"];
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
const SCREEN = "screen";
const PIECE_MS = 300;
const KEY_EVERY_MS = 2000;
const BITS = 3_500_000;
const LEAST_BITS = 600_000;
const BEHIND_S = 3; // so much unsent, and the line is too slow for the picture
const AGAIN_MS = 1500;

type Recording = MediaRecorderOptions & { videoKeyFrameIntervalDuration: number };

export default function camera(element: HTMLElement): () => void {
  const desk = new Desk(element);
  return () => desk.close();
}

class Desk {
  private readonly words: DOMStringMap;
  private readonly ends = new AbortController();
  private stream?: MediaStream;
  private line?: Line;
  private awake?: WakeLockSentinel;
  private isMeant = false; // that the page is left

  constructor(private readonly element: HTMLElement) {
    this.words = element.querySelector<HTMLTemplateElement>("[data-words]")?.dataset ?? {};
    const signal = this.ends.signal;
    element.addEventListener("click", (event) => this.press((event.target as Element).closest<HTMLElement>("[data-do]")?.dataset.do), { signal });
    for (const name of ["camera", "microphone"]) this.select(name).addEventListener("change", () => void this.open(), { signal });
    document.addEventListener("submit", () => (this.isMeant = true), { signal }); // to end it, for one
    window.addEventListener("beforeunload", (event) => this.line && !this.isMeant && event.preventDefault(), { signal });
    if (!kindTaken() || !navigator.mediaDevices) this.say(window.isSecureContext ? this.words.unable : this.words.insecure, "unable");
  }

  close(): void {
    this.ends.abort();
    this.stop();
    this.letGo();
  }

  private press(what?: string): void {
    if (what === "open") void this.open();
    if (what === "send") this.send();
    if (what === "stop") {
      this.stop();
      this.say("", "open");
    }
    if (what === "shut") {
      this.letGo();
      this.say("", "closed");
    }
  }

  private async open(): Promise<void> {
    const wanted = this.select("camera").value;
    try {
      const before = this.stream;
      this.stream = await pictureOf(wanted, this.select("microphone").value);
      before?.getTracks().forEach((track) => track.stop());
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      this.say({ NotAllowedError: this.words.denied, NotFoundError: this.words.none }[name] ?? this.words.busy);
      return;
    }
    for (const track of this.stream.getTracks()) track.addEventListener("ended", () => this.lose(track), { once: true });
    const view = this.element.querySelector("video");
    if (view) view.srcObject = this.stream;
    await this.fill();
    if (this.line) this.line.change(this.stream);
    else this.say("", "open");
  }

  /** The lists of cameras and microphones; their names are told once one of them is used. */
  private async fill(): Promise<void> {
    const devices = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.label);
    for (const [name, kind] of [["camera", "videoinput"], ["microphone", "audioinput"]] as const) {
      const select = this.select(name);
      const chosen = select.value;
      const found = devices.filter((device) => device.kind === kind && device.deviceId !== "default");
      const kept = [...select.options].filter((option) => option.value === SCREEN);
      select.replaceChildren(...found.map((device) => new Option(device.label, device.deviceId)), ...kept);
      select.value = chosen;
      if (select.selectedIndex < 0) select.selectedIndex = 0;
    }
  }

  private send(): void {
    if (!this.stream) return;
    const told = {
      onSending: () => this.say(this.words.sending, "sending"),
      onLost: (why?: string) => this.say(why || this.words.lost, "lost"),
      onRefused: (why: string) => {
        this.stop();
        this.say(why, "open");
      },
    };
    this.line = new Line(this.stream, this.element.dataset.pass ?? "", this.words, told);
    this.say(this.words.coming, "coming");
    void navigator.wakeLock?.request("screen").then((lock) => (this.awake = lock), () => undefined);
  }

  private stop(): void {
    this.line?.close();
    this.line = undefined;
    void this.awake?.release();
  }

  /** A camera that was unplugged, a screen that is no longer shared. */
  private lose(track: MediaStreamTrack): void {
    if (!this.stream?.getTracks().includes(track)) return;
    this.stop();
    this.letGo();
    this.say(this.words.gone, "closed");
  }

  private letGo(): void {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = undefined;
  }

  private say(words = "", state?: string): void {
    if (state) this.element.dataset.state = state;
    const status = this.element.querySelector<HTMLElement>("[data-part=status]");
    if (status) status.textContent = words;
  }

  private select(name: string): HTMLSelectElement {
    return this.element.querySelector(`select[data-part=${name}]`) as HTMLSelectElement;
  }
}

interface Told {
  onSending(): void;
  /** It tries again by itself; `why`, where it is known. */
  onLost(why?: string): void;
  onRefused(why: string): void;
}

/** One picture on its way: a recorder and a socket, both anew whenever one of them has to be. */
class Line {
  private recorder?: MediaRecorder;
  private socket?: WebSocket;
  private bits = BITS;
  private isOver = false;
  private wasTaken = false;
  private why?: string; // it is not sending just now

  constructor(
    private stream: MediaStream,
    private readonly entry: string,
    private readonly words: DOMStringMap,
    private readonly told: Told,
  ) {
    void this.open();
  }

  change(stream: MediaStream): void {
    this.stream = stream;
    this.begin(this.words.coming);
  }

  close(): void {
    this.isOver = true;
    this.rest();
    this.socket?.close();
  }

  /** Anew, with what changed. */
  private begin(why?: string): void {
    this.why = why;
    this.socket?.close();
  }

  private rest(): void {
    if (this.recorder && this.recorder.state !== "inactive") this.recorder.stop();
  }

  private async open(): Promise<void> {
    const answer = await this.ask();
    if (this.isOver) return;
    if (!answer) return this.later();
    if (answer.error) return this.told.onRefused(answer.error.message);
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/live/camera`);
    this.socket = socket;
    socket.addEventListener("open", () => socket.send(JSON.stringify({ pass: answer.pass, type: kindTaken() })));
    socket.addEventListener("message", ({ data }) => {
      const { taken, refused } = JSON.parse(String(data)) as { taken?: boolean; refused?: string };
      if (taken) this.record(socket);
      else if (this.wasTaken) this.why = refused;
      else if (!this.isOver) this.told.onRefused(refused ?? "");
    });
    socket.addEventListener("close", () => this.later());
  }

  private async ask(): Promise<{ pass?: string; error?: { message: string } } | undefined> {
    const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
    try {
      const answer = await fetch(this.entry, { method: "POST", headers: { "X-CSRFToken": token } });
      if (answer.status >= 500) return undefined;
      return answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : { error: { message: this.words.signin ?? "" } };
    } catch {
      return undefined;
    }
  }

  private later(): void {
    this.rest();
    if (this.isOver) return;
    this.told.onLost(this.why);
    this.why = undefined;
    window.setTimeout(() => !this.isOver && void this.open(), AGAIN_MS);
  }

  private record(socket: WebSocket): void {
    this.wasTaken = true;
    const how: Recording = { mimeType: kindTaken(), videoBitsPerSecond: this.bits, audioBitsPerSecond: 128_000, videoKeyFrameIntervalDuration: KEY_EVERY_MS };
    const recorder = new MediaRecorder(this.stream, how);
    this.recorder = recorder;
    recorder.addEventListener("dataavailable", ({ data }) => {
      if (!data.size || socket.readyState !== WebSocket.OPEN) return;
      socket.send(data);
      if (socket.bufferedAmount <= (this.bits / 8) * BEHIND_S) return;
      this.bits = Math.max(LEAST_BITS, this.bits / 2);
      this.begin(this.words.slow);
    });
    recorder.start(PIECE_MS);
    this.told.onSending();
  }

}

function kindTaken(): string | undefined {
  return typeof MediaRecorder === "undefined" ? undefined : KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
}

/** The camera or the screen, with the microphone. Rejects as the browser does. */
async function pictureOf(wanted: string, microphone: string): Promise<MediaStream> {
  const audio: MediaTrackConstraints = microphone ? { deviceId: microphone } : {};
  if (wanted !== SCREEN) return navigator.mediaDevices.getUserMedia({ video: wanted ? { ...SIZE, deviceId: wanted } : SIZE, audio });
  const shown = await navigator.mediaDevices.getDisplayMedia({ video: SIZE });
  const heard = await navigator.mediaDevices.getUserMedia({ audio });
  return new MediaStream([...shown.getVideoTracks(), ...heard.getAudioTracks()]);
}
