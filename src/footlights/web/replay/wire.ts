// What the service tells of a conversation; its side is footlights/engagement/records.py. Times are in milliseconds of film.

import type { Written } from "../rooms/line";
import type { PollKind, Sum } from "../rooms/wire";

/** Something said. */
export interface Line extends Written {
  id: string;
  t: number;
  mentions?: string[];
}

/** Messages in each of the recording's pieces, and where most was said. */
export interface Course {
  length_ms: number;
  piece_ms: number;
  pieces: number[];
  peaks: number[];
}

/** What was chosen live, and since. */
export interface Poll {
  id: string;
  t: number;
  ends_t: number;
  question: string;
  kind: PollKind;
  choices: string[];
  right: number | null;
  counts: number[];
  voters: number;
  since_counts: number[];
  since_voters: number;
}

export interface Question {
  t: number;
  ends_t: number;
  name: string;
  text: string;
  tip: Sum | null;
}

/** How the room felt in the minute to `t`: the share of the warm, which lies between `low` and `high`. */
export interface Feeling {
  t: number;
  people: number;
  share: number;
  low: number;
  high: number;
}

export interface Whole {
  course: Course;
  polls: Poll[];
  questions: Question[];
  mine: Record<string, number[]>;
}

/** Rejects when the service could not be reached, or said no. */
export async function fetchJson<T>(address: string): Promise<T> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return (await answer.json()) as T;
}

/** What the service made of a form, or the code of why it did not; "unsent" when nobody knows. */
export async function send<T>(address: string, form: Record<string, string | string[]>, csrf: string): Promise<{ told?: T; refused?: string }> {
  const body = new URLSearchParams(Object.entries(form).flatMap(([name, value]) => [value].flat().map((each) => [name, each])));
  try {
    const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": csrf }, body });
    const words = (await answer.json()) as T & { code?: string };
    return answer.ok ? { told: words } : { refused: words.code ?? "unsent" };
  } catch {
    return { refused: "unsent" };
  }
}
