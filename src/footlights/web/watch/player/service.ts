// The player's three questions to the service: may I start, may I have the keys, and here is how far I am.

export interface Captions {
  language: string;
  label: string;
  url: string;
}

export interface WatchSession {
  token: string;
  dash_url: string;
  hls_url: string;
  licence_url: string;
  beats_url: string;
  stop_url: string;
  beat_every_s: number;
  storyboard_url: string | null;
  captions: Captions[];
  resume_at_ms: number;
  duration_ms: number;
  audio_only: boolean;
  still_processing: boolean;
  displaced_device: string | null;
}

export interface Beat {
  token: string;
  sequence: number;
  position_ms: number;
  watched_ms: number;
}

export interface BeatAnswer {
  stop?: string;
  message?: string;
  device?: string;
  token?: string;
}

export interface Trailer {
  dash_url: string;
  licence_url: string;
}

interface Details {
  code: string;
  message: string;
  reason?: string;
  failed?: boolean;
  percent?: number;
  stage?: string;
  seconds_left?: number | null;
}

/** The service said no; `details.code` is stable, `details.message` is for the viewer. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly details: Details,
  ) {
    super(details.message);
  }
}

export function startSession(url: string, titleId: string, replaces: string | null): Promise<WatchSession> {
  return post<WatchSession>(url, { title_id: titleId, ...(replaces && { replaces }) });
}

/** A trailer anybody may see. Rejects with a Refusal where there is none. */
export async function findTrailer(titleId: string): Promise<Trailer> {
  return (await answered(await fetch(`/playback/trailers/${titleId}`))).json() as Promise<Trailer>;
}

/** The licence's text for a W3C licence request. Asks again when nobody answers; a Refusal is final. */
export async function requestLicence(url: string, request: string, token: string | null): Promise<string> {
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  for (let waitMs = 400; ; waitMs *= 2) {
    try {
      return await (await answered(await fetch(url, { method: "POST", headers, body: request }))).text();
    } catch (error) {
      if ((error instanceof Refusal && error.status < 500) || waitMs > 800) throw error;
      await new Promise((wait) => setTimeout(wait, waitMs));
    }
  }
}

/** `keepalive` lets the beat outlive the page. */
export function sendBeat(url: string, beat: Beat): Promise<BeatAnswer> {
  return post<BeatAnswer>(url, beat, true);
}

/** For a page that is being closed: nobody waits for the answer. */
export function sendLastBeat(url: string, beat: Beat): void {
  const body = new Blob([JSON.stringify(beat)], { type: "application/json" });
  if (!navigator.sendBeacon(url, body)) void post(url, beat, true).catch(() => undefined);
}

/** The refusal in an answer's text, when it holds one. */
export function refusalIn(status: number, text: string): Refusal {
  try {
    const { error } = JSON.parse(text) as { error: Details };
    if (typeof error.code === "string") return new Refusal(status, error);
  } catch {
    // Not ours: an edge or a proxy answered.
  }
  return new Refusal(status, { code: "unknown", message: "" });
}

async function post<T>(url: string, body: unknown, keepalive = false): Promise<T> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    keepalive,
  });
  return (await answered(response)).json() as Promise<T>;
}

async function answered(response: Response): Promise<Response> {
  if (!response.ok) throw refusalIn(response.status, await response.text());
  return response;
}
