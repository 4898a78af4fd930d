// The WebSocket to the broker: comes in with a token, comes back by itself, and sends again what nobody answered.
// While thousands come back at once the web server is left alone: a token holds for minutes, and the room as it is
// comes through the broker, once for all of them.

import { jwtAuthenticator, type NatsConnection, wsconnect } from "@nats-io/nats-core";
import type { Answer, Desk, Entry, Heard, Kind, Snapshot } from "./wire";

const ANSWER_WITHIN_MS = 2500;
const TRIES = 12;
const RENEW_AT = 0.8; // of a token's life
const RETRY_MS = 2000;
const LEFT_MS = 60_000; // of a token's life, below which it is renewed before coming back
const WHOLE_WITHIN_MS = 6000;
const WHOLE_AGAIN_MS = 1200;

export interface Place {
  room: string;
  socket: string;
  entry: string;
  csrf: string;
}
export interface Listener {
  onEntry(entry: Entry): void;
  onHeard(heard: Heard): void;
  onDesk(desk: Desk): void;
  /** "in" after each time it connected, "away" while it tries, "banned" and "over" for good. */
  onState(state: "in" | "away" | "banned" | "over"): void;
}

export class Connection {
  private entry?: Entry;
  private broker?: NatsConnection;
  private isOver = false;
  private renewal = 0;
  private readonly waiting = new Map<string, (answer: Answer) => void>();
  private readonly text = new TextDecoder();

  constructor(
    private readonly place: Place,
    private readonly listener: Listener,
  ) {}

  async open(): Promise<void> {
    while (!this.isOver && !(await this.enter())) await pause(RETRY_MS * (1 + Math.random()));
    while (!this.isOver && !this.broker) {
      try {
        this.broker = await this.connect();
      } catch {
        this.listener.onState("away");
        await pause(RETRY_MS * (1 + Math.random()));
        await this.enter();
      }
    }
    if (this.broker) void this.listen(this.broker);
  }

  close(): void {
    this.isOver = true;
    window.clearTimeout(this.renewal);
    void this.broker?.close();
  }

  /** Resolves with what became of it; an answer that refuses with "unsent" was given by nobody. */
  async send(kind: Kind, body: Record<string, unknown>): Promise<Answer> {
    const key = crypto.randomUUID();
    const words = JSON.stringify({ key, ...body });
    for (let turn = 0; turn < TRIES && !this.isOver; turn += 1) {
      const answer = await this.once(key, kind, words);
      if (answer) return answer;
    }
    return { key, refused: this.isOver ? "over" : "unsent" };
  }

  /** Sent without waiting: a reaction that is lost is not missed. */
  react(reaction: string): void {
    this.publish("react", reaction);
  }

  /** The room as it is, as it is told to all who ask at that moment; nothing when nobody tells it in time. */
  whole(): Promise<Snapshot | undefined> {
    const { broker } = this;
    if (!broker || broker.isClosed()) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const told = broker.subscribe(`room.${this.place.room}.whole`, {
        callback: (_problem, message) => message && end(JSON.parse(this.text.decode(message.data)) as Snapshot),
      });
      const end = (whole?: Snapshot): void => {
        window.clearTimeout(timer);
        window.clearInterval(again);
        told.unsubscribe();
        resolve(whole);
      };
      const timer = window.setTimeout(end, WHOLE_WITHIN_MS);
      const ask = (): void => this.publish("whole", "");
      const again = window.setInterval(ask, WHOLE_AGAIN_MS); // a broker that is new knows nobody who could tell
      ask();
    });
  }

  private once(key: string, kind: Kind, words: string): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const end = (answer?: Answer): void => {
        window.clearTimeout(timer);
        this.waiting.delete(key);
        resolve(answer);
      };
      const timer = window.setTimeout(end, ANSWER_WITHIN_MS);
      this.waiting.set(key, end);
      this.publish(kind, words);
    });
  }

  private publish(kind: Kind, words: string): void {
    if (this.broker && this.entry && !this.broker.isClosed())
      this.broker.publish(`room.${this.place.room}.${kind}.${hex(this.entry.viewer_id)}`, words);
  }

  /** Ask the web server to be let in. False when it could not be asked. */
  private async enter(): Promise<boolean> {
    try {
      const answer = await fetch(this.place.entry, { method: "POST", headers: { "X-CSRFToken": this.place.csrf } });
      if (answer.status === 403 || answer.status === 404) {
        const told = answer.status === 403 ? ((await answer.json().catch(() => ({}))) as { code?: string }) : {};
        this.listener.onState(told.code === "banned" ? "banned" : "over");
        this.close();
        return false;
      }
      if (!answer.ok) return false;
      this.entry = (await answer.json()) as Entry;
      this.listener.onEntry(this.entry);
      const life = Date.parse(this.entry.expires_at) - Date.now();
      window.clearTimeout(this.renewal);
      this.renewal = window.setTimeout(() => void this.renew(), Math.max(RETRY_MS, life * RENEW_AT));
      return true;
    } catch {
      return false;
    }
  }

  private async renew(): Promise<void> {
    if (await this.enter()) await this.broker?.reconnect().catch(() => undefined);
    else if (!this.isOver) this.renewal = window.setTimeout(() => void this.renew(), RETRY_MS * (1 + Math.random()));
  }

  private connect(): Promise<NatsConnection> {
    const address = new URL(this.place.socket, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    return wsconnect({
      servers: address.href,
      authenticator: jwtAuthenticator(() => this.entry?.token ?? ""),
      ignoreClusterUpdates: true,
      ignoreAuthErrorAbort: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RETRY_MS,
      reconnectJitter: RETRY_MS,
      reconnectJitterTLS: RETRY_MS,
    });
  }

  private async listen(broker: NatsConnection): Promise<void> {
    const { room } = this.place;
    broker.subscribe(`room.${room}.feed`, {
      callback: (_problem, message) => {
        if (!message) return;
        const heard = JSON.parse(this.text.decode(message.data)) as Heard;
        this.listener.onHeard(heard);
      },
    });
    broker.subscribe(`room.${room}.to.${hex(this.entry?.viewer_id ?? "")}`, {
      callback: (_problem, message) => {
        const answer = message && (JSON.parse(this.text.decode(message.data)) as Answer);
        if (answer) this.waiting.get(answer.key)?.(answer);
      },
    });
    if (this.entry?.is_staff)
      broker.subscribe(`room.${room}.desk`, {
        callback: (_problem, message) => message && this.listener.onDesk(JSON.parse(this.text.decode(message.data)) as Desk),
      });
    await broker.flush().catch(() => undefined);
    this.arrived();
    for await (const status of broker.status()) {
      if (this.isOver) return;
      if (status.type === "disconnect") {
        this.listener.onState("away");
        if (Date.parse(this.entry?.expires_at ?? "") - Date.now() < LEFT_MS) void this.enter();
      } else if (status.type === "error" && isRefusal(status.error)) void this.enter(); // put out, or the token ended
      else if (status.type === "reconnect") this.arrived();
    }
  }

  /** Connected. What came to the desk between being let in and hearing is asked for. */
  private arrived(): void {
    this.listener.onState("in");
    if (this.entry?.is_staff) void this.enter();
  }
}

const isRefusal = (error: Error): boolean => /authenti|authoriz/i.test(error.message); // as the broker words them
const hex = (id: string): string => id.replaceAll("-", "");
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
