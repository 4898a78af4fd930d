// The chat: messages as they come, without moving what one reads; what to say; what staff do about a message.

import type { Connection } from "./connection";
import { fill, type Panel, slot } from "./parts";
import type { Message, Question } from "./wire";

const NEAR_PX = 48;

export class Chat {
  private readonly scroll: HTMLElement;
  private readonly list: HTMLElement;
  private care?: Message;

  constructor(
    private readonly panel: Panel,
    private readonly connection: Connection,
  ) {
    this.scroll = panel.part("scroll");
    this.list = panel.part("messages");
    panel.part("newest").addEventListener("click", () => this.toEnd());
    this.scroll.addEventListener("scroll", () => this.isAtEnd() && panel.part("newest").toggleAttribute("hidden", true));
    const form = panel.find<HTMLFormElement>("say");
    if (form) bindWords(form, panel.part("note"), panel, (text) => connection.send("say", { text }));
    panel.find<HTMLSelectElement>("slow")?.addEventListener("change", (event) => {
      void connection.send("staff", { act: "slow", seconds: Number((event.target as HTMLSelectElement).value) }).then((answer) => this.note(answer.refused));
    });
    panel.find("care")?.addEventListener("click", (event) => this.act(event.target as HTMLElement));
  }

  said(messages: Message[], isFirst: boolean): void {
    const follow = isFirst || this.isAtEnd();
    this.list.append(...messages.map((each) => this.line(each)));
    this.panel.part("silence").toggleAttribute("hidden", this.list.childElementCount > 0);
    if (follow) this.toEnd();
    else if (messages.length) this.panel.part("newest").toggleAttribute("hidden", false);
  }

  hidden(ids: string[]): void {
    for (const id of ids) {
      const line = this.list.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
      const above = line && line.offsetTop < this.scroll.scrollTop ? line.offsetHeight : 0;
      line?.remove();
      this.scroll.scrollTop -= above;
    }
    this.panel.part("silence").toggleAttribute("hidden", this.list.childElementCount > 0);
  }

  slow(seconds: number): void {
    const choice = this.panel.find<HTMLSelectElement>("slow");
    if (choice) choice.value = String(seconds);
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
    fill(line, "name", message.name);
    fill(line, "text", message.text);
    slot(line, "staff")?.toggleAttribute("hidden", !message.staff);
    line.querySelector('[data-act="more"]')?.addEventListener("click", () => this.open(message));
    return line;
  }

  private open(message: Message): void {
    const sheet = this.panel.find<HTMLDialogElement>("care");
    if (!sheet) return;
    this.care = message;
    fill(sheet, "name", message.name);
    fill(sheet, "text", message.text);
    for (const button of sheet.querySelectorAll<HTMLElement>('[data-act="ban"], [data-act="silence"]')) button.hidden = message.staff;
    sheet.showModal();
  }

  private act(target: HTMLElement): void {
    const { act, seconds } = target.dataset;
    if (!act || !this.care) return;
    const body = act === "hide" ? { message: this.care.id } : act === "ban" ? { viewer: this.care.by } : { viewer: this.care.by, seconds: Number(seconds) };
    void this.connection.send("staff", { act, ...body }).then((answer) => this.note(answer.refused));
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
    const { refused } = await send(text);
    if (!refused) return;
    if (!field.value) field.value = text;
    note.textContent = panel.say(refused);
  });
}
