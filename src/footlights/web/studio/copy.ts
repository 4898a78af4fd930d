// A button that copies the text of another element and says so.

const SAID_MS = 2000;

export function copy(button: HTMLElement): void {
  const silent = button.getAttribute("aria-label");
  const words = button.lastChild;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copies ?? "")?.textContent ?? "";
    await navigator.clipboard.writeText(text);
    const copied = button.dataset.copied ?? "";
    button.setAttribute("aria-label", copied);
    const before = words?.nodeType === Node.TEXT_NODE ? words.textContent : null;
    if (words && before !== null) words.textContent = copied;
    button.classList.add("is-copied");
    window.setTimeout(() => {
      if (words && before !== null) words.textContent = before;
      if (silent === null) button.removeAttribute("aria-label");
      else button.setAttribute("aria-label", silent);
      button.classList.remove("is-copied");
    }, SAID_MS);
  });
}
