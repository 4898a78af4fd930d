// Nothing typed is lost: what is not saved yet outlives a reload or a step to another page, and leaving asks first.

type Values = Record<string, string>;
const FIELDS = "input[name]:not([type=hidden], [type=file]), select[name], textarea[name]";

export function keep(element: HTMLElement): (() => void) | void {
  if (!(element instanceof HTMLFormElement)) return;
  const form = element;
  const place = `kept ${location.pathname} ${form.getAttribute("action") ?? ""}`;
  const onServer = read(form);
  const kept = parse(sessionStorage.getItem(place));

  if (kept && differs(kept, onServer)) {
    write(form, kept);
    if (form.dataset.restored) say(form, form.dataset.restored);
  } else {
    sessionStorage.removeItem(place);
  }

  const note = (): void => {
    const now = read(form);
    if (differs(now, onServer)) sessionStorage.setItem(place, JSON.stringify(now));
    else sessionStorage.removeItem(place);
  };
  const ask = (event: BeforeUnloadEvent): void => {
    if (!sending && form.isConnected && differs(read(form), onServer)) event.preventDefault();
  };
  let sending = false;
  form.addEventListener("input", note);
  form.addEventListener("submit", () => {
    sending = true;
  });
  window.addEventListener("beforeunload", ask);
  // htmx puts a fresh form in the place of one that was sent: if it was right, its values are the server's now.
  return () => {
    window.removeEventListener("beforeunload", ask);
    if (sending && !document.querySelector(`form[action="${form.getAttribute("action")}"] .errorlist`)) {
      sessionStorage.removeItem(place);
    }
  };
}

function read(form: HTMLFormElement): Values {
  const values: Values = {};
  for (const field of form.querySelectorAll<HTMLInputElement>(FIELDS)) {
    const box = field.type === "checkbox" || field.type === "radio";
    if (field.type === "radio" && !field.checked) continue;
    values[field.name] = box && field.type === "checkbox" ? String(field.checked) : field.value;
  }
  return values;
}

function write(form: HTMLFormElement, values: Values): void {
  for (const field of form.querySelectorAll<HTMLInputElement>(FIELDS)) {
    const value = values[field.name];
    if (value === undefined) continue;
    if (field.type === "checkbox") field.checked = value === "true";
    else if (field.type === "radio") field.checked = field.value === value;
    else field.value = value;
  }
}

function differs(one: Values, other: Values): boolean {
  const plain = (values: Values): string =>
    JSON.stringify(Object.entries(values).map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]).sort());
  return plain(one) !== plain(other);
}

function parse(text: string | null): Values | null {
  try {
    return text ? (JSON.parse(text) as Values) : null;
  } catch {
    return null;
  }
}

function say(form: HTMLFormElement, words: string): void {
  const line = document.createElement("p");
  line.className = "banner";
  line.setAttribute("role", "status");
  line.textContent = words;
  form.prepend(line);
}
