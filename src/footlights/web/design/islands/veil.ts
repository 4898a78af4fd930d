// What may be read for a while only: when it is over, the page that still lies open shows the mask in its place.

/** <span data-island="veil" data-for-s="600" data-veiled="A••• L•••">Ada Lovelace</span> */
export function veil(element: HTMLElement): () => void {
  const over = Date.now() + Number(element.dataset.forS ?? "0") * 1000;
  const look = (): void => {
    if (Date.now() >= over) element.textContent = element.dataset.veiled ?? "";
  };
  const timer = setInterval(look, 1000);
  document.addEventListener("visibilitychange", look); // a computer that slept comes back
  addEventListener("pageshow", look);
  look();
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
    removeEventListener("pageshow", look);
  };
}
