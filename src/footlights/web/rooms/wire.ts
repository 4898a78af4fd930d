// What comes and goes on the wire; the service's side is footlights/engagement/records.py and wire.py.

export interface Message {
  id: string;
  by: string;
  name: string;
  staff: boolean;
  text: string;
  at: string;
}
export interface Poll {
  id: string;
  question: string;
  kind: "single" | "multiple";
  state: "open" | "closed";
  choices: string[];
  counts: number[] | null;
  voters: number;
  at: string;
}
export interface Question {
  id: string;
  by: string;
  name: string;
  text: string;
  state: "asked" | "answering" | "answered" | "hidden";
  raised: number;
  at: string;
}
export interface Snapshot {
  v: number;
  slow_s: number;
  said: Message[];
  polls: Poll[];
  questions: Question[];
}
/** A change of the room, a pulse that says how far it is, or reactions. */
export interface Heard extends Partial<Snapshot> {
  hidden?: string[];
  now?: number;
  r?: Record<string, number>;
}
export interface Entry {
  viewer_id: string;
  token: string;
  expires_at: string;
  may_speak: boolean;
  is_staff: boolean;
  mine: { votes: Record<string, number[]>; raised: string[] };
}
export interface Answer {
  key: string;
  refused?: string;
  wait_s?: number;
}
export type Kind = "say" | "vote" | "ask" | "raise" | "staff" | "react";
