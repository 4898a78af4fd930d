// Sends files to the tus server, several at once, and survives what happens on the way: a lost network, a server that
// restarts, a page that is loaded anew (then the same file, dropped again, goes on where it stopped).
// How far each file is, the server says: the cards ask it (file.html). Here is only who sends what.

import htmx from "htmx.org";
import { type DetailedError, Upload } from "tus-js-client";
import { Pace } from "./pace";

const CHUNK_BYTES = 64 * 1024 * 1024;
const RETRY_DELAYS_MS = [0, 500, 1000, 2000, 4000, 8000];
const WAIT_FOR_NETWORK_MS = 5000;
const WAIT_FOR_SPACE_MS = 10_000;
const FULL = 507;
const AT_ONCE = 3;

export default function uploader(element: HTMLElement): () => void {
  const desk = new Desk(element);
  return () => desk.close();
}

/** One uploading page: takes files in, keeps at most a few on their way at once, and asks before somebody leaves. */
class Desk {
  readonly words: DOMStringMap;
  private readonly jobs = new Set<Job>();
  private readonly queue: Job[] = [];
  private readonly ends = new AbortController();

  constructor(readonly element: HTMLElement) {
    this.words = element.querySelector<HTMLTemplateElement>("[data-words]")?.dataset ?? {};
    const signal = this.ends.signal;
    for (const input of element.querySelectorAll<HTMLInputElement>("input[data-files]")) {
      input.addEventListener("change", () => this.take(input), { signal });
      if (input.files?.length) this.take(input); // chosen before this script was here
    }
    element.addEventListener("change", (event) => this.takeSame(event.target as HTMLInputElement), { signal });
    element.addEventListener("click", (event) => this.press(event.target as HTMLElement), { signal });
    if (!this.single) this.takeDrops(signal);
    window.addEventListener("beforeunload", (event) => this.busy && event.preventDefault(), { signal });
    window.addEventListener("online", () => this.jobs.forEach((job) => job.networkIsBack()), { signal });
  }

  get single(): boolean {
    return this.element.dataset.single !== undefined;
  }

  get busy(): boolean {
    return [...this.jobs].some((job) => job.sending) || this.queue.length > 0;
  }

  close(): void {
    this.ends.abort();
    this.jobs.forEach((job) => job.pause());
  }

  add(file: File): void {
    const begun = this.begunFor(file);
    const card = this.single ? this.element : (begun ?? this.newCard(file));
    const job = new Job(this, file, card, begun?.dataset.upload ?? null);
    this.jobs.add(job);
    this.queue.push(job);
    this.next();
  }

  next(): void {
    while (this.queue.length && [...this.jobs].filter((job) => job.sending).length < AT_ONCE) this.queue.shift()?.start();
  }

  /** Its job is over: another may begin. */
  done(job: Job): void {
    this.jobs.delete(job);
    this.next();
  }

  trouble(words: string): void {
    const line = this.element.querySelector<HTMLElement>("[data-trouble]");
    if (!line) return;
    line.textContent = words;
    line.hidden = words === "";
  }

  private take(input: HTMLInputElement): void {
    this.trouble("");
    for (const file of input.files ?? []) this.add(file);
    input.value = "";
  }

  /** "Choose the same file" on a card: only that very file goes on with it. */
  private takeSame(input: HTMLInputElement): void {
    if (input.dataset.same === undefined) return;
    const card = input.closest<HTMLElement>("[data-card]");
    const file = input.files?.[0];
    input.value = "";
    if (!card || !file) return;
    if (isSame(card, file)) this.add(file);
    else complain(card, this.words.other ?? "");
  }

  private takeDrops(signal: AbortSignal): void {
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      document.documentElement.classList.add("is-dropping");
    };
    const out = (event: DragEvent): void => {
      if (event.relatedTarget === null) document.documentElement.classList.remove("is-dropping");
    };
    const drop = (event: DragEvent): void => {
      document.documentElement.classList.remove("is-dropping");
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      for (const file of event.dataTransfer.files) this.add(file);
    };
    document.addEventListener("dragover", over, { signal });
    document.addEventListener("dragleave", out, { signal });
    document.addEventListener("drop", drop, { signal });
  }

  private press(target: HTMLElement): void {
    const button = target.closest<HTMLElement>("[data-pause], [data-resume], [data-cancel]");
    if (!button) return;
    const card = button.closest<HTMLElement>("[data-card]") ?? this.element;
    const job = [...this.jobs].find((one) => one.card === card);
    if (button.dataset.pause !== undefined) job?.pause();
    if (button.dataset.resume !== undefined) job?.start();
    if (button.dataset.cancel !== undefined) void cancel(this, card, job);
  }

  /** What tells of an upload of this very file that was begun before this page was loaded. */
  private begunFor(file: File): HTMLElement | null {
    if (this.single) {
      const status = document.getElementById(this.element.dataset.status ?? "");
      return status?.dataset.state === "receiving" && isSame(status, file) ? status : null;
    }
    const taken = new Set([...this.jobs].map((job) => job.card));
    const cards = [...this.element.querySelectorAll<HTMLElement>("[data-card][data-upload]")];
    return cards.find((card) => !taken.has(card) && card.dataset.state === "receiving" && isSame(card, file)) ?? null;
  }

  private newCard(file: File): HTMLElement {
    const template = this.element.querySelector<HTMLTemplateElement>("[data-starting]");
    const card = (template?.content.firstElementChild?.cloneNode(true) ?? document.createElement("li")) as HTMLElement;
    const name = card.querySelector("[data-name]");
    if (name) name.textContent = file.name;
    this.element.querySelector("[data-cards]")?.prepend(card);
    return card;
  }
}

/** One file on its way. */
class Job {
  sending = false;
  private readonly upload: Upload;
  private readonly pace: Pace;
  private waiting = 0;
  private known = false;

  constructor(
    private readonly desk: Desk,
    private readonly file: File,
    public card: HTMLElement,
    uploadId: string | null,
  ) {
    const endpoint = desk.element.dataset.endpoint ?? "/uploads/";
    this.known = uploadId !== null;
    this.pace = new Pace(desk.words);
    this.upload = new Upload(file, {
      endpoint: uploadId ? null : endpoint,
      uploadUrl: uploadId ? `${endpoint}${uploadId}` : null,
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRY_DELAYS_MS,
      metadata: { filename: file.name, filetype: file.type },
      removeFingerprintOnSuccess: true,
      storeFingerprintForResuming: true,
      onBeforeRequest: (request) => request.setHeader("X-CSRFToken", token()),
      onShouldRetry: (error) => mayPass(statusOf(error)),
      onUploadUrlAvailable: () => {
        // The client would begin anew, and lose what has arrived, whenever a server that restarts cannot say how far it is.
        this.upload.options.endpoint = null;
        void this.introduce();
      },
      onProgress: (sent, total) => this.tell(this.pace.left(sent, total)),
      onChunkComplete: () => complain(this.card, ""),
      onSuccess: () => this.finish(),
      onError: (error) => this.fail(error),
    });
  }

  start(): void {
    complain(this.card, "");
    this.goOn();
  }

  pause(): void {
    window.clearTimeout(this.waiting);
    this.sending = false;
    void this.upload.abort();
    this.show({ pause: false, resume: true });
    this.tell(this.desk.words.paused ?? "");
    this.desk.next();
  }

  async discard(): Promise<void> {
    window.clearTimeout(this.waiting);
    this.sending = false;
    await this.upload.abort(true).catch(() => undefined);
    this.desk.done(this);
  }

  networkIsBack(): void {
    if (this.waiting) this.start();
  }

  /** What was complained of stays until more has arrived. */
  private goOn(): void {
    window.clearTimeout(this.waiting);
    this.waiting = 0;
    this.sending = true;
    this.show({ pause: true, resume: false });
    this.upload.start();
  }

  /** The server knows the upload: make (or find) the title it belongs to, and show its card. */
  private async introduce(): Promise<void> {
    if (this.known || !this.upload.url) return;
    this.known = true;
    const body = new URLSearchParams({ upload_id: lastPart(this.upload.url), filename: this.file.name });
    const answer = await fetch(this.desk.element.dataset.create ?? "", {
      method: "POST",
      headers: { "X-CSRFToken": token(), "HX-Request": "true" },
      body,
    });
    const text = await answer.text();
    if (!answer.ok) {
      await this.discard();
      complain(this.card, text.startsWith("<") ? (this.desk.words.refused ?? "") : text);
      return;
    }
    if (this.desk.single) replaceHtml(document.getElementById(this.desk.element.dataset.status ?? ""), text);
    else this.card = replaceHtml(this.card, text) ?? this.card;
    this.show({ pause: this.sending, resume: !this.sending });
  }

  private finish(): void {
    this.sending = false;
    this.tell("");
    this.show({ pause: false, resume: false, over: true });
    this.desk.done(this);
    const { changed } = this.desk.element.dataset;
    if (changed) htmx.trigger(document.body, changed, {});
  }

  private fail(error: Error | DetailedError): void {
    const status = statusOf(error);
    if (mayPass(status)) {
      this.tell(this.desk.words.lost ?? "");
      this.waiting = window.setTimeout(() => this.goOn(), WAIT_FOR_NETWORK_MS);
      return;
    }
    if (status === FULL) {
      this.tell("");
      this.show({ pause: false, resume: true });
      complain(this.card, this.desk.words.full ?? "");
      this.waiting = window.setTimeout(() => this.goOn(), WAIT_FOR_SPACE_MS);
      return;
    }
    this.sending = false;
    this.show({ pause: false, resume: status === 401, over: status !== 401 });
    this.tell("");
    complain(this.card, this.reason(error, status));
    if (status === 401) this.desk.next();
    else this.desk.done(this);
  }

  private reason(error: Error | DetailedError, status: number): string {
    const words = this.desk.words;
    if (status === 401) return words.signin ?? "";
    if (status === 404 || status === 410) return words.gone ?? "";
    const said = "originalResponse" in error ? (error.originalResponse?.getBody() ?? "") : "";
    return said && !said.trimStart().startsWith("<") && said.length < 300 ? said : (words.refused ?? "");
  }

  private tell(words: string): void {
    const line = this.card.querySelector<HTMLElement>("[data-left]");
    if (line && line.textContent !== words) line.textContent = words;
  }

  private show({ pause, resume, over = false }: { pause: boolean; resume: boolean; over?: boolean }): void {
    const controls = this.card.querySelector<HTMLElement>("[data-controls]");
    if (controls) controls.hidden = over;
    hide(controls?.querySelector("[data-pause]"), !pause);
    hide(controls?.querySelector("[data-resume]"), !resume);
    hide(controls?.querySelector("[data-choose]"), true);
    hide(this.card.querySelector("[data-waiting]"), true);
  }
}

async function cancel(desk: Desk, card: HTMLElement, job: Job | undefined): Promise<void> {
  const headers = { "X-CSRFToken": token(), "HX-Request": "true" };
  if (job) await job.discard();
  else if (card.dataset.upload) {
    const url = `${desk.element.dataset.endpoint ?? ""}${card.dataset.upload}`;
    await fetch(url, { method: "DELETE", headers: { ...headers, "Tus-Resumable": "1.0.0" } });
  }
  if (card.dataset.delete) {
    const answer = await fetch(card.dataset.delete, { method: "POST", headers });
    if (answer.ok) card.remove();
  }
}

/** Will it go by itself? No answer at all, a busy server, somebody else still writing: yes. A refusal: no. */
function mayPass(status: number): boolean {
  return status === 0 || status === 409 || status === 423 || status === 429 || (status >= 500 && status !== FULL);
}

function statusOf(error: Error | DetailedError): number {
  return "originalResponse" in error ? (error.originalResponse?.getStatus() ?? 0) : 0;
}

function isSame(card: HTMLElement, file: File): boolean {
  return card.dataset.name === file.name && card.dataset.size === String(file.size);
}

function complain(card: HTMLElement, words: string): void {
  const line = card.querySelector<HTMLElement>("[data-card-trouble], [data-trouble]");
  if (!line) return;
  line.textContent = words;
  line.hidden = words === "";
}

function replaceHtml(element: HTMLElement | null, html: string): HTMLElement | null {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const fresh = template.content.firstElementChild;
  if (!element || !(fresh instanceof HTMLElement)) return null;
  element.replaceWith(fresh);
  htmx.process(fresh);
  return fresh;
}

function hide(element: Element | null | undefined, hidden: boolean): void {
  if (element instanceof HTMLElement) element.hidden = hidden;
}

function lastPart(url: string): string {
  return url.replace(/\/+$/, "").split("/").pop() ?? "";
}

function token(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}
