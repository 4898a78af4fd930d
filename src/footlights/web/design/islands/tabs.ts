// Tabs over sections that are all in the page (WAI-ARIA "tabs" pattern). Without script they are links to the sections.

export function tabs(element: HTMLElement): void {
  const links = [...element.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')];
  const panels = links.map((link) => document.getElementById(link.hash.slice(1)));
  if (links.length === 0 || panels.includes(null)) return;

  const choose = (index: number, focus: boolean): void => {
    links.forEach((link, at) => {
      link.setAttribute("aria-selected", String(at === index));
      link.tabIndex = at === index ? 0 : -1;
      panels[at]?.toggleAttribute("hidden", at !== index);
    });
    if (focus) links[index]?.focus();
  };
  element.setAttribute("role", "tablist");
  links.forEach((link, index) => {
    const panel = panels[index];
    link.setAttribute("role", "tab");
    link.id ||= `${link.hash.slice(1)}-tab`;
    link.setAttribute("aria-controls", link.hash.slice(1));
    panel?.setAttribute("role", "tabpanel");
    panel?.setAttribute("aria-labelledby", link.id);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      history.replaceState(null, "", link.hash);
      choose(index, false);
    });
    link.addEventListener("keydown", (event) => {
      const goal = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: links.length - 1 }[event.key];
      if (goal === undefined) return;
      event.preventDefault();
      choose((goal + links.length) % links.length, true);
    });
  });
  choose(Math.max(0, links.findIndex((link) => link.hash === location.hash)), false);
}
