// How long an upload still takes, from how fast it went lately.

const LOOKS_BACK_MS = 20_000;
const ENOUGH_MS = 2000;

export class Pace {
  private readonly seen: { at: number; bytes: number }[] = [];

  constructor(private readonly words: DOMStringMap) {}

  /** In words, once there is something to go by. */
  left(sent: number, total: number): string {
    const at = performance.now();
    this.seen.push({ at, bytes: sent });
    while (this.seen.length > 2 && at - (this.seen[0]?.at ?? at) > LOOKS_BACK_MS) this.seen.shift();
    const first = this.seen[0];
    if (!first || at - first.at < ENOUGH_MS || sent <= first.bytes) return "";
    const seconds = ((total - sent) * (at - first.at)) / 1000 / (sent - first.bytes);
    if (seconds < 60) return this.words.leftMinute ?? "";
    if (seconds < 90 * 60) return (this.words.leftMinutes ?? "").replace("{n}", String(Math.round(seconds / 60)));
    return (this.words.leftHours ?? "").replace("{n}", String(Math.round(seconds / 3600)));
  }
}
