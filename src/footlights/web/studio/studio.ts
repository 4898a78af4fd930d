// The studio's own islands; everything else works by plain forms and htmx.

import { register, registerLazy } from "../design/islands";
import { copy } from "./copy";
import { currency } from "./currency";
import { keep } from "./keep";
import { selection } from "./selection";
import { toTab } from "./to-tab";

register("copy", copy);
register("currency", currency);
register("keep", keep);
register("selection", selection);
register("to-tab", toTab);
registerLazy("uploader", () => import("./uploader"));
registerLazy("camera", () => import("./camera"));
