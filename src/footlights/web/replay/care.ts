// What those who look after the room do about a message beside the recording: take it out.

import { fill, type Panel } from "../rooms/parts";
import { send, type Line } from "./wire";

export class Care {
  private about?: Line;

  constructor(
    private readonly panel: Panel,
    private readonly sheet: HTMLDialogElement,
    address: string,
    onGone: (id: string) => void,
  ) {
    sheet.querySelector('[data-act="take-out"]')?.addEventListener("click", async () => {
      if (!this.about) return;
      const { id } = this.about;
      const { csrf = "" } = panel.root.dataset;
      const { refused } = await send(`${address}/taken-out`, { message: id }, csrf);
      panel.part("care-note").textContent = refused ? panel.say("unsent") : "";
      if (refused) return;
      sheet.close();
      onGone(id);
    });
  }

  /** Offers it at a message's line. */
  offer(line: HTMLElement, said: Line): void {
    const more = line.querySelector<HTMLElement>('[data-act="more"]');
    more?.setAttribute("aria-label", this.panel.say("more", said.name));
    more?.addEventListener("click", () => {
      this.about = said;
      fill(this.sheet, "name", said.name);
      fill(this.sheet, "text", said.text);
      this.panel.part("care-note").textContent = "";
      this.sheet.showModal();
    });
  }
}
