// Small helpers of the panel: its named parts, its templates and its words.

import type { Sum } from "./wire";

export class Panel {
  constructor(readonly root: HTMLElement) {}

  /** A part that is always there. */
  part<T extends HTMLElement = HTMLElement>(name: string): T {
    const found = this.find<T>(name);
    if (!found) throw new Error(`The panel lacks ${name}.`);
    return found;
  }

  /** A part that is there for some. */
  find<T extends HTMLElement = HTMLElement>(name: string): T | null {
    return this.root.querySelector<T>(`[data-part="${name}"]`);
  }

  /** A new element of a template. */
  make(name: string): HTMLElement {
    const template = this.root.querySelector<HTMLTemplateElement>(`template[data-template-of="${name}"]`);
    return template?.content.firstElementChild?.cloneNode(true) as HTMLElement;
  }

  /** The words for a code, in the reader's language; `{}` is replaced. */
  say(code: string, value: string | number = ""): string {
    const words = this.root.getAttribute(`data-say-${code}`) ?? this.root.dataset.sayElse ?? "";
    return words.replace("{}", String(value));
  }
}

export function slot<T extends HTMLElement = HTMLElement>(element: ParentNode, name: string): T | null {
  return element.querySelector<T>(`[data-slot="${name}"]`);
}

/** What was given with it, as money is written here. */
export function fillTip(element: HTMLElement, tip?: Sum | null): void {
  const place = slot(element, "tip");
  if (!place) return;
  place.hidden = !tip;
  element.classList.toggle("is-given", Boolean(tip));
  const language = document.documentElement.lang || undefined;
  place.textContent = tip ? new Intl.NumberFormat(language, { style: "currency", currency: tip.currency }).format(Number(tip.value)) : "";
}

export function fill(element: ParentNode, name: string, words: string): void {
  const place = slot(element, name);
  if (place && place.textContent !== words) place.textContent = words;
}
