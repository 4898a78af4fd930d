// Keeps a viewer as near to what happens as their connection allows, where a broadcast wants to be seen soon.
//
// Measured is what is in hand when it is least, just before the next piece comes: it depends on no clock, neither the
// sender's nor the viewer's. Where that is more than is wanted, it is played a little faster. After a stall more is wanted, and
// after some calm less again; each stall makes that time longer, so that a poor connection is left in peace.

const WANTED_S = 0.35;
const MOST_WANTED_S = 4;
const TOLERANCE_S = 0.15;
const AFTER_A_STALL_S = 0.25; // so much more
const LOOK_MS = 250;
const LOOKS = 10; // two pieces and a half
const [SLOWER, FASTER] = [0.96, 1.08];
const [CALM_MS, LONGEST_CALM_MS] = [8_000, 300_000];
const FAR_S = 8; // whoever is so far behind went back

/** `behind` says how far the viewer is behind the live edge, in seconds. Ends with `signal`. */
export function stayNear(video: HTMLVideoElement, behind: () => number, signal: AbortSignal): void {
  let [wanted, calm, since] = [WANTED_S, CALM_MS, Date.now()];
  let inHand: number[] = [];
  // Not by Shaka, which plays no faster once it is at the edge that it assumed when it began.
  const play = (rate: number): void => void (video.playbackRate !== rate && video.playbackRate > 0 && (video.playbackRate = rate));
  const look = (): void => {
    if (video.paused || video.seeking || behind() > FAR_S) {
      inHand = [];
      return play(1);
    }
    inHand = [...inHand, ahead(video)].slice(-LOOKS);
    if (inHand.length < LOOKS) return;
    const least = Math.min(...inHand);
    if (least > wanted + TOLERANCE_S) play(FASTER);
    else if (least < wanted - TOLERANCE_S) play(SLOWER);
    else if (video.playbackRate > 1 ? least <= wanted : least >= wanted) play(1);
    if (Date.now() - since > calm) [wanted, since] = [Math.max(WANTED_S, wanted * 0.8), Date.now()];
  };
  const stall = (): void => {
    if (video.seeking || video.paused || inHand.length < LOOKS) return; // it just began
    wanted = Math.min(MOST_WANTED_S, wanted + AFTER_A_STALL_S);
    [calm, since] = [Math.min(LONGEST_CALM_MS, calm * 2), Date.now()];
    inHand = [];
  };
  video.addEventListener("waiting", stall, { signal });
  const timer = window.setInterval(look, LOOK_MS);
  signal.addEventListener("abort", () => window.clearInterval(timer));
}

/** Seconds that can be shown without fetching anything. */
function ahead({ buffered, currentTime }: HTMLVideoElement): number {
  for (let index = 0; index < buffered.length; index++)
    if (buffered.start(index) <= currentTime && currentTime <= buffered.end(index)) return buffered.end(index) - currentTime;
  return 0;
}
