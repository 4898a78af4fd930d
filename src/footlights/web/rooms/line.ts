// One message as it is read, wherever it stands: in the room, or beside its recording.

import { fill, fillTip, slot } from "./parts";
import type { Sum } from "./wire";

export interface Written {
  name: string;
  text: string;
  staff?: boolean;
  member?: boolean;
  quote?: { name: string; text: string };
  tip?: Sum;
}

/** Fills the panel's "message"; the names of whom it mentions are set apart. */
export function fillLine(line: HTMLElement, message: Written, mentions: string[]): void {
  fill(line, "name", message.name);
  slot(line, "staff")?.toggleAttribute("hidden", !message.staff);
  slot(line, "member")?.toggleAttribute("hidden", !message.member || message.staff);
  fillTip(line, message.tip);
  const quote = slot(line, "quote");
  if (quote) {
    quote.hidden = !message.quote;
    quote.textContent = message.quote ? `${message.quote.name}: ${message.quote.text}` : "";
  }
  slot(line, "text")?.append(...words(message.text, mentions));
}

function words(text: string, mentions: string[]): (string | HTMLElement)[] {
  const parts: (string | HTMLElement)[] = [];
  let rest = text;
  for (const name of mentions) {
    const at = rest.indexOf(`@${name}`);
    if (at < 0) continue;
    const named = document.createElement("b");
    named.textContent = `@${name}`;
    parts.push(rest.slice(0, at), named);
    rest = rest.slice(at + name.length + 1);
  }
  return [...parts, rest];
}
