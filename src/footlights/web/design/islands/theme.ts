// Light, dark, or as the device says. The choice is a cookie, so that the server paints the next page right at once.

const YEAR_S = 31_536_000;

export function theme(element: HTMLElement): void {
  const root = document.documentElement;
  const buttons = [...element.querySelectorAll<HTMLButtonElement>("button[data-theme-is]")];
  const show = (): void => {
    const now = root.dataset.theme ?? "auto";
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.themeIs === now));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const choice = button.dataset.themeIs ?? "auto";
      const secure = location.protocol === "https:" ? "; Secure" : "";
      const age = choice === "auto" ? 0 : YEAR_S;
      document.cookie = `theme=${choice}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
      if (choice === "auto") delete root.dataset.theme;
      else root.dataset.theme = choice;
      show();
    });
  }
  element.hidden = false;
  show();
}
