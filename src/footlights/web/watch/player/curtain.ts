// What comes down over the film when it cannot play: one card that says why, and what to do.

import { isSafari, type Problem } from "./problem";
import type { BeatAnswer, Refusal } from "./service";
import type { Stage } from "./stage";

export type Card =
  | "waiting" | "failed" | "no_ticket" | "rental_over" | "displaced" | "offline"
  | "safari" | "unsupported" | "insecure" | "gone" | "broken";

export class Curtain {
  readonly #curtain: HTMLElement;
  #before = "idle";

  constructor(readonly stage: Stage) {
    this.#curtain = stage.part("curtain");
  }

  get card(): Card | null {
    return this.#curtain.hidden ? null : ((this.#curtain.dataset.card as Card) ?? null);
  }

  show(card: Card, message = "", detail = ""): void {
    const { root } = this.stage;
    const fresh = this.card !== card;
    for (const other of this.#curtain.querySelectorAll<HTMLElement>("[data-screen]")) {
      const chosen = other.dataset.screen === card;
      other.hidden = !chosen;
      if (!chosen) continue;
      fill(other, "message", message);
      fill(other, "detail", detail);
    }
    if (root.dataset.state !== "blocked") this.#before = root.dataset.state ?? "idle";
    root.dataset.state = "blocked";
    this.#curtain.dataset.card = card;
    this.#curtain.hidden = false;
    if (fresh && (root.contains(document.activeElement) || document.activeElement === document.body)) {
      this.#curtain.focus({ preventScroll: true });
    }
  }

  lift(): void {
    if (this.#curtain.hidden) return;
    this.#curtain.hidden = true;
    this.stage.root.dataset.state = this.stage.video.paused ? this.#before : "playing";
  }

  showProblem(problem: Problem): void {
    if (problem.kind === "offline") this.show("offline");
    else if (problem.kind === "refused") this.showRefusal(problem.refusal);
    else if (isSafari()) this.show("safari");
    else if (problem.detail.startsWith("6.6001") || problem.detail.startsWith("6.6000")) this.show("unsupported");
    else this.show("broken", "", problem.detail);
  }

  showRefusal({ status, details }: Refusal): void {
    if (details.code === "no_ticket") this.#showNoTicket(details.reason ?? "", details.message);
    else if (details.code === "not_ready") this.#showWaiting(details);
    else if (status === 404) this.show("gone");
    else this.show("broken", details.message, details.code);
  }

  showStop({ stop = "", message = "" }: BeatAnswer): void {
    if (stop === "displaced") this.show("displaced", message);
    else this.#showNoTicket(stop, message);
  }

  #showNoTicket(reason: string, message: string): void {
    if (reason === "not_published") this.show("gone");
    else this.show(reason === "rental_over" ? "rental_over" : "no_ticket", message);
  }

  #showWaiting({ failed, message, percent = 0, stage = "", seconds_left: seconds }: Refusal["details"]): void {
    if (failed) return this.show("failed", message);
    this.show("waiting");
    this.stage.part<HTMLProgressElement>("waiting-bar").value = percent;
    const left = seconds ? ` · ${this.stage.words("secondsLeft", { seconds })}` : "";
    this.stage.part("waiting-stage").textContent = `${stage}${left}`;
  }
}

function fill(card: HTMLElement, part: string, words: string): void {
  const element = card.querySelector<HTMLElement>(`[data-part="${part}"]`);
  if (!element) return;
  element.textContent = words;
  element.hidden = !words;
}
