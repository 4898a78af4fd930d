// Somebody who was banned asks to be let back: once, in their own words.

import type { Panel } from "./parts";

export function offerAppeal(panel: Panel, csrf: string): void {
  const form = panel.find<HTMLFormElement>("appeal");
  if (!form) return;
  const note = panel.part("appeal-note");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", headers: { "X-CSRFToken": csrf }, body: new FormData(form) }).catch(() => undefined);
    const told = answer && !answer.ok ? ((await answer.json().catch(() => ({}))) as { code?: string }) : {};
    note.textContent = panel.say(answer?.ok ? "appeal-sent" : (told.code ?? "else"));
    form.hidden = Boolean(answer?.ok) || told.code === "appealed";
  });
}
