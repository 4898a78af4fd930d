// The picture of a mood: a line where it lies, and a band of what is not known of it.

export interface Point {
  share: number;
  low: number;
  high: number;
}

export const WIDTH = 300;
export const HEIGHT = 60;
const GAP_MS = 90_000; // nobody was heard for so long: the line breaks

/** Paths over the time between `first` and `last`, for points in order of theirs. */
export function paths(points: [number, Point][], first: number, last: number): { line: string; band: string } {
  const x = (at: number): string => ((WIDTH * (at - first)) / (last - first || 1)).toFixed(1);
  const y = (share: number): string => (HEIGHT * (1 - share)).toFixed(1);
  let line = "";
  let band = "";
  for (const stretch of stretches(points)) {
    line += stretch.map(([at, { share }], index) => `${index ? "L" : "M"}${x(at)} ${y(share)}`).join("");
    const above = stretch.map(([at, { high }]) => `${x(at)} ${y(high)}`);
    const below = stretch.map(([at, { low }]) => `${x(at)} ${y(low)}`).reverse();
    band += `M${[...above, ...below].join("L")}Z`;
  }
  return { line, band };
}

/** Points without a gap between them, together. */
function stretches(points: [number, Point][]): [number, Point][][] {
  const found: [number, Point][][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    if (point[0] - before > GAP_MS) found.push([]);
    found.at(-1)?.push(point);
    before = point[0];
  }
  return found;
}

export const hundred = (share: number): number => Math.round(share * 100);
