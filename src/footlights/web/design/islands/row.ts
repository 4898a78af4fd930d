// A row of cards that scrolls sideways: arrow keys walk the cards, buttons turn the page, and both ends are felt.

export function row(element: HTMLElement): () => void {
  const track = element.querySelector<HTMLElement>("[data-track]");
  if (!track) return () => undefined;
  const back = element.querySelector<HTMLButtonElement>("[data-back]");
  const forth = element.querySelector<HTMLButtonElement>("[data-forth]");
  const rightToLeft = getComputedStyle(track).direction === "rtl";
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const cards = (): HTMLElement[] => [...track.querySelectorAll<HTMLElement>("a[href]")];

  const turn = (sign: number): void => {
    const step = track.clientWidth * 0.85 * sign * (rightToLeft ? -1 : 1);
    track.scrollBy({ left: step, behavior: still ? "auto" : "smooth" });
  };
  const feel = (): void => {
    const travelled = Math.abs(track.scrollLeft);
    const room = track.scrollWidth - track.clientWidth;
    element.toggleAttribute("data-scrolls", room > 4);
    if (back) back.disabled = travelled < 4;
    if (forth) forth.disabled = travelled > room - 4;
  };
  const walk = (event: KeyboardEvent): void => {
    const all = cards();
    const here = all.indexOf(document.activeElement as HTMLElement);
    const ahead = rightToLeft ? "ArrowLeft" : "ArrowRight";
    const behind = rightToLeft ? "ArrowRight" : "ArrowLeft";
    const goal = { [ahead]: here + 1, [behind]: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (here < 0 || goal === undefined) return;
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, goal))]?.focus();
  };

  const goBack = (): void => turn(-1);
  const goForth = (): void => turn(1);
  back?.addEventListener("click", goBack);
  forth?.addEventListener("click", goForth);
  track.addEventListener("keydown", walk);
  track.addEventListener("scroll", feel, { passive: true });
  const size = new ResizeObserver(feel);
  size.observe(track);
  return () => size.disconnect();
}
