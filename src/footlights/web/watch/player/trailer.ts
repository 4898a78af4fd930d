// A title's trailer in a video element of whoever asks: no ticket, no screen, no controls.

import { Engine } from "./engine";
import { findTrailer, requestLicence } from "./service";

const SAVER_LINES = 480;

/** Play the trailer of that title; resolves when it plays, with what ends it. Rejects with a Refusal or a Problem. */
export async function playTrailer(video: HTMLVideoElement, titleId: string): Promise<() => Promise<void>> {
  const { dash_url: film, licence_url: gate } = await findTrailer(titleId);
  const engine = new Engine(video, (request) => requestLicence(gate, request, null));
  if (savesData()) engine.limitTo(SAVER_LINES);
  try {
    await engine.load(film, null, video.parentElement ?? document.body);
    await video.play();
  } catch (error) {
    await engine.destroy();
    throw error;
  }
  return () => engine.destroy();
}

function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
}
