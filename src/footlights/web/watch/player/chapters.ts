// Chapters: a gap in the bar where each begins, its name above the pointer, and the page's list follows what plays.

import type { Stage } from "./stage";

interface Chapter {
  startsS: number;
  name: string;
  link: HTMLAnchorElement;
}

/** The page's list beneath the player; nothing where there is none. Returns what the chapter at a moment is called. */
export function chapters(stage: Stage): (seconds: number) => string {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("a[data-starts]")];
  const all: Chapter[] = links.map((link) => ({ startsS: Number(link.dataset.starts), name: link.lastElementChild?.textContent ?? "", link }));
  const at = (seconds: number): Chapter | undefined => all.findLast(({ startsS }) => seconds >= startsS);
  if (!all.length) return () => "";
  const { video } = stage;

  for (const { startsS, link } of all) {
    link.addEventListener(
      "click",
      (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || stage.root.dataset.state === "idle") return;
        event.preventDefault();
        video.currentTime = startsS;
        history.replaceState(null, "", link.href);
        stage.root.scrollIntoView({ block: "nearest" });
        void video.play();
      },
      { signal: stage.gone },
    );
  }
  stage.listen(video, "durationchange", () => {
    if (!Number.isFinite(video.duration) || !video.duration) return;
    const marks = all.filter(({ startsS }) => startsS > 0 && startsS < video.duration).map(({ startsS }) => {
      const mark = document.createElement("span");
      mark.className = "player__mark";
      mark.style.insetInlineStart = `${(startsS / video.duration) * 100}%`;
      return mark;
    });
    stage.part("marks").replaceChildren(...marks);
  });
  stage.listen(video, ["timeupdate", "seeking"], () => {
    const now = at(video.currentTime);
    for (const { link } of all) {
      if (link === now?.link) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  });
  return (seconds) => at(seconds)?.name ?? "";
}
