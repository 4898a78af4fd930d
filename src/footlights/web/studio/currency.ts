// The currency beside each amount follows the one that is chosen.

export function currency(element: HTMLElement): void {
  const choice = element.querySelector<HTMLSelectElement>("select");
  choice?.addEventListener("change", () => {
    for (const unit of element.querySelectorAll<HTMLElement>(".unit")) unit.textContent = choice.value;
    for (const amount of element.querySelectorAll<HTMLInputElement>(".money-input input")) {
      if (amount.value) amount.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}
