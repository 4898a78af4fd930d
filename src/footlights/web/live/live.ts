// The live page's own script; the studio's preview uses it too.

import { register } from "../design/islands";
import { screen } from "./screen";

register("live-screen", screen);
