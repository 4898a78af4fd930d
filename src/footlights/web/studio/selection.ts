// Choosing many lines: one box chooses all of the page, and the bar below says how many there are.

export function selection(element: HTMLElement): void {
  const all = element.querySelector<HTMLInputElement>("[data-all]");
  const bar = element.querySelector<HTMLElement>(".bulk");
  const count = element.querySelector<HTMLElement>("[data-count]");
  const boxes = [...element.querySelectorAll<HTMLInputElement>('input[name="ids"]')];
  const words = count?.textContent ?? "";

  const show = (): void => {
    const chosen = boxes.filter((box) => box.checked).length;
    if (bar) bar.hidden = chosen === 0;
    if (count) count.textContent = `${words} ${chosen}`;
    if (all) {
      all.checked = chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  };
  all?.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}
