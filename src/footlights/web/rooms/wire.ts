// What comes and goes on the wire; the service's side is footlights/engagement/records.py and wire.py.

export interface Message {
  id: string;
  by: string;
  name: string;
  text: string;
  at: string;
  staff?: boolean;
  member?: boolean;
  quote?: { id: string; name: string; text: string };
  mentions?: { by: string; name: string }[];
  held_for?: "words" | "link" | "new" | "near" | "all";
  tip?: Sum;
}
/** Money in whole units, with the decimals of its currency. */
export interface Sum {
  value: string;
  currency: string;
}
/** How a room is talked in; the service's side says what each word means. */
export interface Rules {
  slow_s: number;
  speakers: "everybody" | "members";
  links: "refused" | "held" | "shown";
  review: "nobodys" | "newcomers" | "everybodys";
}
/** A poll that waits to be asked. */
export interface Prepared {
  id: string;
  question: string;
  kind: PollKind;
  choices: string[];
  right: number | null;
  is_result_live: boolean;
}
/** How a room felt in the minute to `at`: the share of the warm, which lies between `low` and `high`. */
export interface Feeling {
  at: string;
  people: number;
  share: number;
  low: number;
  high: number;
}
export interface Mood {
  course: Feeling[];
  turns: { at: string; was: number; now: Feeling }[];
  languages: Record<string, number>;
}
/** What those who look after a room are told alone. */
export interface Desk {
  held?: Message[];
  done?: string[];
  prepared?: Prepared[];
  mood?: Mood;
}
export type PollKind = "single" | "multiple" | "rating" | "quiz";
export interface Poll {
  id: string;
  question: string;
  kind: PollKind;
  state: "open" | "closed";
  choices: string[];
  counts: number[] | null;
  voters: number;
  right: number | null;
  at: string;
  closes_at: string | null;
}
export interface Question {
  id: string;
  by: string;
  name: string;
  text: string;
  state: "asked" | "answering" | "answered" | "hidden";
  raised: number;
  at: string;
  tip: Sum | null;
}
export interface Snapshot {
  v: number;
  rules: Rules;
  pinned: Message | null;
  said: Message[];
  polls: Poll[];
  questions: Question[];
}
/** A change of the room, with who is here and reactions or without; a pulse that says how far it is; or reactions. */
export interface Heard extends Partial<Snapshot> {
  hidden?: string[];
  now?: number;
  here?: number;
  r?: Record<string, number>;
}
export interface Entry {
  viewer_id: string;
  token: string;
  expires_at: string;
  may_speak: boolean;
  is_staff: boolean;
  is_member: boolean;
  desk: Desk | null;
  mine: { votes: Record<string, number[]>; raised: string[] };
}
export interface Answer {
  key: string;
  refused?: string;
  held?: boolean;
  wait_s?: number;
}
export type Kind = "say" | "vote" | "ask" | "raise" | "staff" | "react" | "whole";
