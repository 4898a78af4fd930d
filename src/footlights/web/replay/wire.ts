// What the service tells of a conversation; its side is footlights/engagement/records.py.

import type { Written } from "../rooms/line";

/** Something said, `t` milliseconds into the recording. */
export interface Line extends Written {
  t: number;
  mentions?: string[];
}

/** Messages in each of the recording's pieces, and where most was said. */
export interface Whole {
  piece_ms: number;
  pieces: number[];
  peaks: number[];
}

/** Rejects when the service could not be reached, or said no. */
export async function fetchJson<T>(address: string): Promise<T> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return (await answer.json()) as T;
}
