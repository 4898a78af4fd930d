// The one place that brings `data-island="name"` to life: mounts when the element appears, cleans up when it goes.

/** Brings an element to life; what it returns is called when the element leaves the page. */
export type Mount = (element: HTMLElement) => void | (() => void);
/** An island that is fetched only when a page holds one: `() => import("./player")`, a module with a default export. */
export type Lazy = () => Promise<{ default: Mount }>;

const loaders = new Map<string, () => Promise<Mount>>();
const mounted = new WeakMap<Element, Map<string, () => void>>(); // by island, for one may be registered after another

export function register(name: string, mount: Mount): void {
  add(name, () => Promise.resolve(mount));
}

export function registerLazy(name: string, load: Lazy): void {
  add(name, async () => (await load()).default);
}

function add(name: string, load: () => Promise<Mount>): void {
  loaders.set(name, load);
  for (const element of document.querySelectorAll<HTMLElement>(`[data-island~="${name}"]`)) wake(element);
}

function wake(element: HTMLElement): void {
  const mine = mounted.get(element) ?? new Map<string, () => void>();
  mounted.set(element, mine);
  for (const name of (element.dataset.island ?? "").split(/\s+/)) {
    if (mine.has(name) || !loaders.has(name)) continue;
    mine.set(name, () => {});
    void loaders.get(name)?.().then((mount) => {
      if (element.isConnected && mounted.get(element) === mine) mine.set(name, mount(element) ?? (() => {}));
    });
  }
}

function sleep(element: Element): void {
  mounted.get(element)?.forEach((end) => end());
  mounted.delete(element);
}

function visit(node: Node, act: (element: HTMLElement) => void): void {
  if (!(node instanceof HTMLElement)) return;
  if (node.dataset.island) act(node);
  node.querySelectorAll<HTMLElement>("[data-island]").forEach(act);
}

new MutationObserver((changes) => {
  for (const change of changes) {
    change.removedNodes.forEach((node) => visit(node, (element) => element.isConnected || sleep(element)));
    change.addedNodes.forEach((node) => visit(node, wake));
  }
}).observe(document.documentElement, { childList: true, subtree: true });
