// A link to a part of this page that is behind a tab: opens the tab, and brings the reader there.

export function toTab(link: HTMLElement): void {
  link.addEventListener("click", (event) => {
    const tab = document.querySelector<HTMLElement>(`[role="tab"][href="${link.getAttribute("href")}"]`);
    if (!tab) return;
    event.preventDefault();
    tab.click();
    document.querySelector(link.getAttribute("href") ?? "")?.querySelector<HTMLElement>("input, select")?.focus();
  });
}
