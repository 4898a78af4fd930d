// The search field anywhere: "/" or ⌘K (Ctrl K) brings the reader to it; Escape empties it, then leaves.

export function search(form: HTMLElement): () => void {
  const field = form.querySelector<HTMLInputElement>('input[type="search"]');
  const writing = (target: EventTarget | null): boolean =>
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable], dialog") !== null;

  const summon = (event: KeyboardEvent): void => {
    const command = event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey;
    const slash = event.key === "/" && !event.metaKey && !event.ctrlKey && !event.altKey && !writing(event.target);
    if (!(command || slash)) return;
    event.preventDefault();
    if (field && field.offsetParent !== null) {
      field.focus();
      field.select();
    } else {
      location.assign(form.getAttribute("action") ?? "/search");
    }
  };
  const leave = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && field?.value === "") field.blur();
  };
  document.addEventListener("keydown", summon);
  field?.addEventListener("keydown", leave);
  return () => document.removeEventListener("keydown", summon);
}
