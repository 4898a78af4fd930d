// By which way somebody came to a title: kept in this tab alone until it closes, and sent with a purchase, never before.

/** A Source of monetization, or nothing where the page before says nothing new. */
export function sourceOf(referrer: string, here: Location): string | null {
  if (!referrer) return "direct";
  const before = new URL(referrer);
  if (before.origin !== here.origin) return "link";
  if (before.pathname.startsWith("/search")) return "search";
  if (before.pathname.startsWith("/embed/")) return "embed";
  const isOfChannel = /^\/(join\/)?@/.test(before.pathname) && !before.pathname.startsWith(here.pathname);
  return isOfChannel ? "channel" : null;
}

const nameOf = (element: HTMLElement): string => `source:${element.dataset.title ?? ""}`;

/** `data-island="arrival" data-title="<id>"`, on the title's page. */
export function arrival(element: HTMLElement): void {
  const known = sessionStorage.getItem(nameOf(element));
  const found = sourceOf(document.referrer, location);
  if (found && (found !== "direct" || !known)) sessionStorage.setItem(nameOf(element), found);
}

/** `data-island="source" data-title="<id>"`, on the till's field: told when the form is sent. */
export function source(element: HTMLElement): () => void {
  const field = element as HTMLInputElement;
  const tell = (): void => {
    field.value = sessionStorage.getItem(nameOf(field)) ?? "";
  };
  const { form } = field;
  form?.addEventListener("submit", tell);
  return () => form?.removeEventListener("submit", tell);
}
