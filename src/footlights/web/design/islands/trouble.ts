// When the service did not answer: what is on the page stays, and who pressed something is told. What asks again by itself
// (hx-trigger="every …") just asks again.

export function tellTrouble(): void {
  const tell = (event: Event): void => {
    const { ctx } = (event as CustomEvent<{ ctx?: { sourceElement?: Element; response?: { raw: Response } } }>).detail;
    const status = ctx?.response?.raw.status;
    if (!ctx?.sourceElement || (status !== undefined && status < 500)) return;
    if (ctx.sourceElement.getAttribute("hx-trigger")?.startsWith("every")) return;
    say(document.body.dataset.sayTrouble ?? "");
  };
  document.addEventListener("htmx:response:error", tell);
  document.addEventListener("htmx:error", tell);
}

function say(words: string): void {
  const message = document.createElement("div");
  message.className = "toast toast-error";
  message.dataset.island = "toast";
  message.textContent = words;
  document.getElementById("toasts")?.replaceChildren(message);
}
