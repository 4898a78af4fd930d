// On every page: htmx, the islands shared by all surfaces, and this reader's clock.

import htmx from "htmx.org";
import { register, registerLazy } from "./islands";
import { arrival, source } from "./islands/arrival";
import { dialog, opener } from "./islands/dialog";
import { row } from "./islands/row";
import { search } from "./islands/search";
import { segments } from "./islands/segments";
import { tabs } from "./islands/tabs";
import { theme } from "./islands/theme";
import { localTime, zone } from "./islands/time";
import { toast } from "./islands/toast";
import { trailer } from "./islands/trailer";
import { tellTrouble } from "./islands/trouble";

htmx.config.transitions = false;
htmx.config.history = true;
(htmx.config.noSwap as (number | string)[]) = [204, 304, "5xx"]; // an answer of a service in trouble replaces nothing

tellTrouble();

register("arrival", arrival);
register("source", source);
register("dialog", dialog);
register("opener", opener);
register("row", row);
register("search", search);
register("segments", segments);
register("tabs", tabs);
register("theme", theme);
register("time", localTime);
register("toast", toast);
register("trailer", trailer);
register("zone", zone);
registerLazy("veil", async () => ({ default: (await import("./islands/veil")).veil }));

// A page that posts by htmx outside a form names its token in the head; forms carry their own.
document.addEventListener("htmx:config:request", (event) => {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  const request = (event as CustomEvent).detail.ctx.request as { headers: Record<string, string> };
  if (token) request.headers["X-CSRFToken"] ??= token;
});
