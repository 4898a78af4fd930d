// What can go wrong with the film, in few kinds, and what this browser lacks to play it. Needs no engine.

import type { Refusal } from "./service";

export type Problem =
  | { kind: "offline" }
  | { kind: "refused"; refusal: Refusal }
  | { kind: "broken"; detail: string };

/** Why this browser cannot play at all; null when it can. Cheap, so that it delays nothing. */
export function obstacle(): "insecure" | "unsupported" | null {
  if (!window.isSecureContext) return "insecure";
  if (!("requestMediaKeySystemAccess" in navigator) || !("MediaSource" in window || "ManagedMediaSource" in window)) return "unsupported";
  return null;
}

/** Safari, and every browser on iPhone and iPad, which are Safari inside. */
export function isSafari(): boolean {
  return /^((?!chrome|chromium|android|firefox).)*safari/i.test(navigator.userAgent) || /iPad|iPhone|iPod/.test(navigator.userAgent);
}

export function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "kind" in error;
}
