// A segmented control that acts at once: choosing sends the form it belongs to. Without script its button does.

export function segments(element: HTMLElement): void {
  element.addEventListener("change", (event) => (event.target as HTMLInputElement).form?.requestSubmit());
}
