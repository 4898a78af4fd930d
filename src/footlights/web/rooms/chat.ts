// The chat: messages as they come, without moving what one reads; what to say, to whom; what staff do about a message.

import type { Connection } from "./connection";
import { fillLine } from "./line";
import { Mentions } from "./mentions";
import { fill, type Panel } from "./parts";
import type { Message, Question } from "./wire";

const NEAR_PX = 48;
const PEOPLE_MAX = 200;

export class Chat {
  private readonly scroll: HTMLElement;
  private readonly list: HTMLElement;
  private care?: Message;
  private answers?: Message;
  private pin?: Message;
  private viewerId = "";
  private isFollowing = true; // whoever reads further up stays there
  private readonly people = new Map<string, string>(); // who wrote lately: name, viewer
  private readonly named = new Map<string, string>(); // whom the words that are being written name: name, viewer

  constructor(
    private readonly panel: Panel,
    private readonly connection: Connection,
  ) {
    this.scroll = panel.part("scroll");
    this.list = panel.part("messages");
    panel.part("newest").addEventListener("click", () => this.toEnd());
    this.scroll.addEventListener("scroll", () => {
      this.isFollowing = this.isAtEnd();
      if (this.isFollowing) panel.part("newest").toggleAttribute("hidden", true);
    });
    new ResizeObserver(() => this.isFollowing && this.toEnd()).observe(this.scroll); // what comes above or below it takes room
    const form = panel.find<HTMLFormElement>("say");
    if (form) {
      bindWords(form, panel.part("note"), panel, (text) => this.send(text));
      const field = form.elements.namedItem("text") as HTMLInputElement;
      new Mentions(panel, field, () => this.people, (name, viewer) => this.named.set(name, viewer));
    }
    panel.find("answers-none")?.addEventListener("click", () => this.answer());
    panel.find("unpin")?.addEventListener("click", () => this.staff({ act: "pin", message: null }));
    panel.find("care")?.addEventListener("click", (event) => this.act(event.target as HTMLElement));
  }

  me(viewerId: string): void {
    this.viewerId = viewerId;
  }

  said(messages: Message[], isFirst: boolean): void {
    for (const { name, by } of messages) {
      this.people.delete(name); // the latest last
      if (by !== this.viewerId) this.people.set(name, by);
    }
    for (const name of [...this.people.keys()].slice(0, Math.max(0, this.people.size - PEOPLE_MAX))) this.people.delete(name);
    const follow = isFirst || this.isFollowing;
    this.list.append(...messages.map((each) => this.line(each)));
    this.panel.part("silence").toggleAttribute("hidden", this.list.childElementCount > 0);
    if (follow) this.toEnd();
    else if (messages.length) this.panel.part("newest").toggleAttribute("hidden", false);
  }

  hidden(ids: string[]): void {
    for (const id of ids) {
      for (const quote of this.list.querySelectorAll<HTMLElement>(`[data-answers="${CSS.escape(id)}"] [data-slot="quote"]`)) {
        quote.hidden = true;
        quote.textContent = "";
      }
      const line = this.list.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
      const above = line && line.offsetTop < this.scroll.scrollTop ? line.offsetHeight : 0;
      line?.remove();
      this.scroll.scrollTop -= above;
    }
    this.panel.part("silence").toggleAttribute("hidden", this.list.childElementCount > 0);
  }

  /** What staff want everybody to see stands above the chat. */
  pinned(message: Message | null): void {
    this.pin = message ?? undefined;
    const frame = this.panel.part("pinned");
    frame.hidden = !message;
    fill(frame, "name", message?.name ?? "");
    fill(frame, "text", message?.text ?? "");
  }

  /** The question that is being answered stands above the chat. */
  onAir(questions: Question[]): void {
    const current = questions.find((each) => each.state === "answering");
    const frame = this.panel.part("on-air");
    frame.hidden = !current;
    fill(frame, "text", current?.text ?? "");
  }

  private line(message: Message): HTMLElement {
    const line = this.panel.make("message");
    line.dataset.id = message.id;
    line.dataset.answers = message.quote?.id ?? "";
    fillLine(line, message, (message.mentions ?? []).map(({ name }) => name));
    line.classList.toggle("is-to-me", (message.mentions ?? []).some((each) => each.by === this.viewerId));
    const more = line.querySelector<HTMLElement>('[data-act="more"]');
    more?.addEventListener("click", () => this.open(message));
    more?.setAttribute("aria-label", this.panel.say("more", message.name));
    return line;
  }

  private async send(text: string): ReturnType<Connection["send"]> {
    const mentions = [...this.named].filter(([name]) => text.includes(`@${name}`)).map(([, viewer]) => viewer);
    const answers = this.answers;
    this.answer();
    this.named.clear();
    const answer = await this.connection.send("say", { text, mentions, answers: answers?.id ?? null });
    if (answer.refused && answers && !this.answers) this.answer(answers);
    return answer;
  }

  /** What is written next answers this message; nothing, when there is none. */
  private answer(message?: Message): void {
    this.answers = message;
    const frame = this.panel.find("answers-to");
    if (!frame) return;
    frame.hidden = !message;
    fill(frame, "text", message ? `${message.name}: ${message.text}` : "");
    if (message) this.panel.find("say")?.querySelector("input")?.focus();
  }

  private mention(message: Message): void {
    const field = this.panel.find("say")?.querySelector("input");
    if (!field) return;
    this.named.set(message.name, message.by);
    field.value = `${field.value.trimEnd()} @${message.name} `.trimStart();
    field.focus();
  }

  private open(message: Message): void {
    const sheet = this.panel.find<HTMLDialogElement>("care");
    if (!sheet) return;
    this.care = message;
    fill(sheet, "name", message.name);
    fill(sheet, "text", message.text);
    for (const button of sheet.querySelectorAll<HTMLElement>('[data-act="ban"], [data-act="silence"]')) button.hidden = Boolean(message.staff);
    sheet.querySelector('[data-act="pin"]')?.toggleAttribute("hidden", this.pin?.id === message.id);
    sheet.showModal();
  }

  private act(target: HTMLElement): void {
    const { act, seconds } = target.dataset;
    const about = this.care;
    if (!act || !about) return;
    if (act === "answer") this.answer(about);
    else if (act === "mention") this.mention(about);
    else if (act === "hide" || act === "pin") this.staff({ act, message: about.id });
    else if (act === "ban") this.staff({ act, viewer: about.by });
    else this.staff({ act, viewer: about.by, seconds: Number(seconds) });
  }

  private staff(body: Record<string, unknown>): void {
    void this.connection.send("staff", body).then((answer) => this.note(answer.refused));
  }

  private note(refused?: string): void {
    this.panel.part("note").textContent = refused ? this.panel.say(refused) : "";
  }

  private isAtEnd(): boolean {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_PX;
  }

  private toEnd(): void {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.panel.part("newest").toggleAttribute("hidden", true);
  }
}

/** A line to write in: cleared once it is on its way, given back when it is refused. */
export function bindWords(
  form: HTMLFormElement,
  note: HTMLElement,
  panel: Panel,
  send: (text: string) => ReturnType<Connection["send"]>,
): void {
  const field = form.elements.namedItem("text") as HTMLInputElement;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    note.textContent = "";
    const { refused, held } = await send(text);
    if (held) note.textContent = panel.say("held");
    if (!refused) return;
    if (!field.value) field.value = text;
    note.textContent = panel.say(refused);
  });
}
