// The desk of those who look after the room: messages that wait until one of them has read them.

import type { Connection } from "./connection";
import { fill, fillTip, type Panel } from "./parts";
import type { Desk as Words, Message } from "./wire";

export class Desk {
  private readonly waiting = new Map<string, HTMLElement>();

  constructor(
    private readonly panel: Panel,
    private readonly connection: Connection,
  ) {}

  hear({ held = [], done = [] }: Words): void {
    for (const id of done) {
      this.waiting.get(id)?.remove();
      this.waiting.delete(id);
    }
    for (const each of held) if (!this.waiting.has(each.id)) this.add(each);
    this.count();
  }

  /** All that waits, as it was when we were let in. */
  replace({ held = [] }: Words): void {
    const there = new Set(held.map((each) => each.id));
    this.hear({ held, done: [...this.waiting.keys()].filter((id) => !there.has(id)) });
  }

  private add(message: Message): void {
    const line = this.panel.make("held");
    fill(line, "name", message.name);
    fill(line, "text", message.text);
    fillTip(line, message.tip);
    fill(line, "why", this.panel.say(`held-${message.held_for ?? ""}`));
    for (const button of line.querySelectorAll<HTMLElement>("[data-act]"))
      button.addEventListener("click", () => {
        void this.connection.send("staff", { act: button.dataset.act, message: message.id }).then(({ refused }) => {
          if (!refused || refused === "gone") this.hear({ done: [message.id] });
        });
      });
    this.waiting.set(message.id, line);
    this.panel.part("held").append(line);
  }

  private count(): void {
    this.panel.part("desk").hidden = !this.waiting.size;
    this.panel.part("desk-count").textContent = this.panel.say("waiting", this.waiting.size);
  }
}
