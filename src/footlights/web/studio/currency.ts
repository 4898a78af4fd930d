// The currency beside each amount follows the one that is chosen, and what was wrong with an amount goes once it is typed anew.

export function currency(element: HTMLElement): void {
  const choice = element.querySelector<HTMLSelectElement>("select");
  choice?.addEventListener("change", () => {
    for (const unit of element.querySelectorAll<HTMLElement>(".unit")) unit.textContent = choice.value;
    for (const amount of element.querySelectorAll<HTMLInputElement>(".money-input input")) {
      if (amount.value) amount.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  element.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.hasAttribute("aria-invalid")) return;
    const wrong = target.closest(".field")?.querySelector(".errorlist");
    target.removeAttribute("aria-invalid");
    if (!wrong) return;
    const others = target.getAttribute("aria-describedby")?.split(" ").filter((id) => id !== wrong.id) ?? [];
    if (others.length) target.setAttribute("aria-describedby", others.join(" "));
    else target.removeAttribute("aria-describedby");
    wrong.remove();
  });
}
