// The watch and embed pages: brings the player to life.

import { register } from "../design/islands";
import { player } from "./player/player";

register("player", player);
