// What every part of the player shares: its elements by name, its words, and small signals between the parts.

export type Signals = {
  /** Something to show for a moment in the middle, and to say to screen readers. */
  tell: { words: string };
  /** The viewer did something: the controls show. */
  awake: undefined;
  /** A button or key asked for this. */
  act: { name: string };
};

export class Stage {
  readonly video: HTMLVideoElement;
  readonly #signals = new EventTarget();
  readonly #end = new AbortController();

  constructor(readonly root: HTMLElement) {
    this.video = this.find<HTMLVideoElement>("video");
  }

  /** Aborted when the player leaves the page: pass it to every listener and fetch. */
  get gone(): AbortSignal {
    return this.#end.signal;
  }

  leave(): void {
    this.#end.abort();
  }

  find<E extends HTMLElement = HTMLElement>(selector: string): E {
    const found = this.root.querySelector<E>(selector);
    if (!found) throw new Error(`The player's template lacks ${selector}`);
    return found;
  }

  part<E extends HTMLElement = HTMLElement>(name: string): E {
    return this.find<E>(`[data-part="${name}"]`);
  }

  maybe<E extends HTMLElement = HTMLElement>(name: string): E | null {
    return this.root.querySelector<E>(`[data-part="${name}"]`);
  }

  /** The template's words of that name, with {placeholders} filled. */
  words(name: string, values: Record<string, string | number> = {}): string {
    const template = this.root.dataset[`say${name[0]?.toUpperCase()}${name.slice(1)}`] ?? "";
    return template.replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ""));
  }

  send<K extends keyof Signals>(name: K, ...detail: Signals[K] extends undefined ? [] : [Signals[K]]): void {
    this.#signals.dispatchEvent(new CustomEvent(name, { detail: detail[0] }));
  }

  on<K extends keyof Signals>(name: K, react: (detail: Signals[K]) => void): void {
    this.#signals.addEventListener(name, (event) => react((event as CustomEvent<Signals[K]>).detail), { signal: this.gone });
  }

  listen<K extends keyof HTMLElementEventMap>(
    target: HTMLElement,
    names: K | K[],
    react: (event: HTMLElementEventMap[K]) => void,
    options: AddEventListenerOptions = {},
  ): void {
    for (const name of [names].flat() as K[]) {
      target.addEventListener(name, react as EventListener, { ...options, signal: this.gone });
    }
  }
}
