// Reactions: everybody's together, as quiet lights along the lower edge. Who wants less motion sees a few stand still.

import type { Connection } from "./connection";
import type { Panel } from "./parts";

const AT_ONCE = 6;
const LIFE_MS = 2600;

export class Reactions {
  private readonly lights: HTMLElement;

  constructor(panel: Panel, connection: Connection) {
    this.lights = panel.part("lights");
    for (const button of panel.root.querySelectorAll<HTMLElement>("[data-reaction]"))
      button.addEventListener("click", () => connection.react(button.dataset.reaction ?? ""));
  }

  show(counts: Record<string, number>): void {
    for (const [reaction, count] of Object.entries(counts)) {
      const many = Math.min(AT_ONCE, Math.ceil(Math.log2(count + 1)));
      for (let at = 0; at < many && this.lights.childElementCount < AT_ONCE * 4; at += 1) this.light(reaction);
    }
  }

  private light(reaction: string): void {
    const light = document.createElement("span");
    light.className = `room-light room-light-${Math.floor(Math.random() * 8)}`;
    light.textContent = reaction;
    this.lights.append(light);
    setTimeout(() => light.remove(), LIFE_MS);
  }
}
