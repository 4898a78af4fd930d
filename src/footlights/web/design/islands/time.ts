// Times as this reader's clock shows them. The server writes UTC into <time datetime>; a field for a moment also says
// in which zone it was meant.

const language = document.documentElement.lang || undefined;
const zoneName = Intl.DateTimeFormat().resolvedOptions().timeZone;

const formats: Record<string, Intl.DateTimeFormatOptions> = {
  date: { dateStyle: "medium" },
  time: { timeStyle: "short" },
  moment: { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit", timeZoneName: "short" },
};

/** <time datetime="…Z" data-island="time" data-as="date|time|moment|ago"> */
export function localTime(element: HTMLElement): void {
  const at = new Date(element.getAttribute("datetime") ?? "");
  if (Number.isNaN(at.getTime())) return;
  const as = element.dataset.as ?? "moment";
  element.textContent =
    as === "ago" ? ago(at) : new Intl.DateTimeFormat(language, formats[as] ?? formats.moment).format(at);
  element.title ||= new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "long" }).format(at);
}

function ago(at: Date): string {
  const seconds = (at.getTime() - Date.now()) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400], ["hour", 3_600], ["minute", 60]];
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** Beside a datetime-local field: fills the hidden `data-zone` input, shows the zone, and turns UTC into local time. */
export function zone(element: HTMLElement): void {
  const hidden = element.querySelector<HTMLInputElement>("input[data-zone]");
  const shown = element.querySelector<HTMLElement>("[data-zone-name]");
  const field = element.querySelector<HTMLInputElement>('input[type="datetime-local"]');
  if (field?.value && hidden?.value === "UTC") {
    const at = new Date(`${field.value}Z`);
    field.value = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  }
  if (hidden) hidden.value = zoneName;
  if (shown) shown.textContent = zoneName.replaceAll("_", " ");
}
