// A short message that leaves by itself, unless it is an error or somebody is reading it.

const STAYS_MS = 6_000;
const STAYS_LONG_MS = 15_000;

export function toast(element: HTMLElement): () => void {
  let timer = 0;
  const leave = (): void => element.remove();
  const wait = (): void => {
    if (element.dataset.stays === "ever") return;
    timer = window.setTimeout(leave, element.dataset.stays === "long" ? STAYS_LONG_MS : STAYS_MS);
  };
  element.querySelector("[data-close]")?.addEventListener("click", leave);
  element.addEventListener("pointerenter", () => window.clearTimeout(timer));
  element.addEventListener("pointerleave", wait);
  element.addEventListener("focusin", () => window.clearTimeout(timer));
  wait();
  return () => window.clearTimeout(timer);
}
