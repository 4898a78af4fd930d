// A native <dialog>: opened by a button with data-island="opener" data-opens="<id>"; closed by Escape, its own buttons
// (data-close) or a click beside it. Focus goes in and comes back by itself.

export function opener(button: HTMLElement): () => void {
  const open = (): void => {
    const target = document.getElementById(button.dataset.opens ?? "");
    if (target instanceof HTMLDialogElement) target.showModal();
  };
  button.addEventListener("click", open);
  return () => button.removeEventListener("click", open);
}

export function dialog(element: HTMLElement): void {
  if (!(element instanceof HTMLDialogElement)) return;
  element.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    if (target === element || target.closest("[data-close]")) element.close();
  });
  if (element.dataset.openNow !== undefined) element.showModal();
}
