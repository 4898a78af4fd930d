// Whom one names while writing: after an @, those who wrote here lately are offered, by arrow keys, Enter or a click.

import type { Panel } from "./parts";

const OFFERED_MAX = 6;
const BEGUN = /(?:^|\s)@([^@]{0,40})$/u;

/** Calls back with whom was chosen; the name is in the field then. `people`: names with their viewers, the latest last. */
export class Mentions {
  private readonly field: HTMLInputElement;
  private readonly list: HTMLElement;
  private active = 0;

  constructor(
    panel: Panel,
    field: HTMLInputElement,
    private readonly people: () => Map<string, string>,
    private readonly onChosen: (name: string, viewer: string) => void,
  ) {
    this.field = field;
    this.list = panel.part("offered");
    field.addEventListener("input", () => this.offer());
    field.addEventListener("blur", () => this.close());
    field.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the field keeps the focus
      const name = (event.target as HTMLElement).closest<HTMLElement>("[role=option]")?.textContent;
      if (name) this.choose(name);
    });
  }

  private offer(): void {
    const begun = this.begun();
    const names = begun === null ? [] : [...this.people().keys()].reverse().filter((name) => name.toLowerCase().startsWith(begun.toLowerCase()));
    this.list.replaceChildren(
      ...names.slice(0, OFFERED_MAX).map((name, at) => {
        const option = document.createElement("li");
        option.id = `room-offered-${at}`;
        option.role = "option";
        option.dir = "auto";
        option.textContent = name;
        return option;
      }),
    );
    const isOpen = names.length > 0;
    this.list.hidden = !isOpen;
    this.field.ariaExpanded = String(isOpen);
    this.mark(0);
  }

  private press(event: KeyboardEvent): void {
    if (this.list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.mark(this.active + (event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" || event.key === "Tab") this.choose(this.list.children[this.active]?.textContent ?? "");
    else return;
    event.preventDefault();
  }

  private mark(at: number): void {
    const options = [...this.list.children];
    this.active = options.length ? (at + options.length) % options.length : 0;
    options.forEach((option, place) => {
      option.ariaSelected = String(place === this.active);
    });
    if (options.length) this.field.setAttribute("aria-activedescendant", options[this.active]?.id ?? "");
    else this.field.removeAttribute("aria-activedescendant");
  }

  private choose(name: string): void {
    const viewer = this.people().get(name);
    const begun = this.begun();
    this.close();
    if (!viewer || begun === null) return;
    const caret = this.caret();
    const before = `${this.field.value.slice(0, caret - begun.length)}${name} `;
    this.field.value = before + this.field.value.slice(caret).trimStart();
    this.field.setSelectionRange(before.length, before.length);
    this.onChosen(name, viewer);
  }

  private close(): void {
    this.list.hidden = true;
    this.list.replaceChildren();
    this.field.ariaExpanded = "false";
    this.field.removeAttribute("aria-activedescendant");
  }

  /** What stands between the last @ and the caret; null when no name is being written. */
  private begun(): string | null {
    return BEGUN.exec(this.field.value.slice(0, this.caret()))?.[1] ?? null;
  }

  private caret(): number {
    return this.field.selectionStart ?? this.field.value.length;
  }
}
