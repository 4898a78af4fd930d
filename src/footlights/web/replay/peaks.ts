// A quiet curve above the player's bar: where most was said.

const HEIGHT = 100;

export function drawPeaks(picture: SVGElement | null, peaks: number[]): void {
  const path = picture?.querySelector("path");
  if (!picture || !path || peaks.length < 2) return;
  path.setAttribute("d", curve(peaks));
  picture.removeAttribute("hidden");
}

/** An area over equal stretches, with the middle of each as a point and soft slopes between them. */
function curve(peaks: number[]): string {
  const step = HEIGHT / peaks.length;
  const x = (at: number): number => round((at + 0.5) * step);
  const y = (at: number): number => round(HEIGHT - (peaks[at] ?? 0));
  let path = `M0 ${HEIGHT}V${y(0)}H${x(0)}`;
  for (let at = 1; at < peaks.length; at++) {
    const middle = round(at * step);
    path += `C${middle} ${y(at - 1)} ${middle} ${y(at)} ${x(at)} ${y(at)}`;
  }
  return `${path}H${HEIGHT}V${HEIGHT}Z`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
