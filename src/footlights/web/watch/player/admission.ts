// The right to play: the screen the service gave, and its licence, asked for as soon as there is a token rather than when
// the engine has found out which keys the film needs. The page knows their ids.

import { requestLicence, startSession, type WatchSession } from "./service";

export class Admission {
  #session: Promise<WatchSession> | null = null;
  #early: Promise<string> | null = null;

  constructor(
    readonly page: DOMStringMap,
    /** The screen's newest token; the beats renew it. */
    readonly token: () => string | null,
  ) {}

  /** The screen that was asked for already, or a new one. `replaces` is the token of the one this tab had. */
  start(replaces: string | null): Promise<WatchSession> {
    this.#session ??= this.#ask(replaces);
    return this.#session;
  }

  /** What was given is worth nothing any more: the next start asks anew. */
  forget(): void {
    this.#session = this.#early = null;
  }

  /** The engine wants the licence. One use of the early answer; later ones ask with the token of their time. */
  async unlock(request: string): Promise<string> {
    const early = this.#early;
    this.#early = null;
    const { kids } = JSON.parse(request) as { kids: string[] };
    if (early && kids.every((keyId) => this.#keyIds.includes(keyId))) return early;
    const session = await (this.#session ?? Promise.reject(new Error("no session")));
    return requestLicence(session.licence_url, request, this.token() ?? session.token);
  }

  get #keyIds(): string[] {
    return (this.page.keyIds ?? "").split(" ").filter(Boolean);
  }

  async #ask(replaces: string | null): Promise<WatchSession> {
    const session = await startSession(this.page.sessionsUrl ?? "", this.page.titleId ?? "", replaces);
    if (this.#keyIds.length) {
      this.#early = requestLicence(session.licence_url, JSON.stringify({ kids: this.#keyIds, type: "temporary" }), session.token);
      this.#early.catch(() => undefined); // unlock() tells
    }
    return session;
  }
}
