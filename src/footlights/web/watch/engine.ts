// What plays encrypted films, in one file of its own, apart from what surrounds them: the player and a title's trailer fetch it when they need it.

export { Engine } from "./player/engine";
export { playTrailer } from "./player/trailer";
