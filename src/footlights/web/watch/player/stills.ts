// The storyboard: which piece of which sheet shows which moment. WebVTT with `#xywh=` (Media Fragments 1.0).

export interface Still {
  url: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Cue extends Still {
  untilS: number;
}

export class Stills {
  #cues: Cue[] = [];

  async load(url: string): Promise<void> {
    const answer = await fetch(url);
    if (!answer.ok) return;
    this.#cues = parse(await answer.text(), new URL(url, location.href));
    for (const sheet of new Set(this.#cues.map((cue) => cue.url))) new Image().src = sheet;
  }

  at(seconds: number): Still | null {
    return this.#cues.find(({ untilS }) => seconds < untilS) ?? this.#cues.at(-1) ?? null;
  }
}

function parse(text: string, base: URL): Cue[] {
  return [...text.matchAll(/--> *(?:(\d+):)?(\d+):([\d.]+).*\r?\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g)].map(
    ([, hours = "0", minutes, seconds, sheet = "", x, y, width, height]) => ({
      untilS: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
      url: new URL(sheet, base).href,
      x: Number(x),
      y: Number(y),
      width: Number(width),
      height: Number(height),
    }),
  );
}
