// The rules of the room: what a viewer is told of them, and where staff change them.

import type { Connection } from "./connection";
import type { Panel } from "./parts";
import type { Rules } from "./wire";

export class RulesOfTheRoom {
  private rules?: Rules;
  private isMember = false;

  constructor(
    private readonly panel: Panel,
    connection: Connection,
  ) {
    const form = panel.find<HTMLFormElement>("rules");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      const typed = Object.fromEntries(new FormData(form)) as Record<string, string>;
      form.closest("dialog")?.close();
      void connection.send("staff", { act: "rules", ...typed, slow_s: Number(typed.slow_s) }).then(({ refused }) => {
        panel.part("note").textContent = refused ? panel.say(refused) : "";
      });
    });
  }

  /** Whether we may write where members alone do. */
  me(isMember: boolean): void {
    this.isMember = isMember;
    if (this.rules) this.show(this.rules);
  }

  show(rules: Rules): void {
    this.rules = rules;
    const form = this.panel.find<HTMLFormElement>("rules");
    for (const [name, value] of Object.entries(rules)) {
      const field = form?.elements.namedItem(name);
      if (field instanceof HTMLSelectElement) field.value = String(value);
    }
    const isClosed = rules.speakers === "members" && !this.isMember;
    this.panel.find("say")?.toggleAttribute("hidden", isClosed);
    this.panel.find("join")?.toggleAttribute("hidden", !isClosed);
    const words = [
      rules.speakers === "members" && !isClosed ? this.panel.say("rule-members") : "",
      rules.slow_s ? this.panel.say("rule-slow", rules.slow_s) : "",
      rules.review !== "nobodys" ? this.panel.say(`rule-${rules.review}`) : "",
    ];
    this.panel.part("rules-note").textContent = words.filter(Boolean).join(" ");
  }
}
