// The sheet of choices: captions, their size, quality, speed. Plain radio buttons, so that arrows and screen readers just work.

import { setSpeed, SPEEDS } from "./actions";
import { recall, remember } from "./memory";
import type { Projector } from "./projector";
import type { Stage } from "./stage";

const SMALL_PX = 640; // below this the player has no room for the sheet, and it rises from the foot of the page

export interface Settings {
  /** The film is loaded: show what it offers. */
  offer(): void;
  qualityChanged(): void;
  toggleCaptions(): void;
}

interface CaptionChoice {
  on: boolean;
  language: string | null;
}

export function settings(stage: Stage, engine: Projector): Settings {
  const { video } = stage;
  sheet(stage);
  radios(stage.part("speed-choices"), "speed", SPEEDS.map((speed) => [String(speed), speed === 1 ? stage.words("normal") : `${speed}×`]), "1", (speed) => {
    setSpeed(video, Number(speed));
  });
  stage.listen(video, "ratechange", () => {
    if (video.playbackRate) check(stage.part("speed-choices"), String(video.playbackRate)); // 0 is the engine waiting for data
  });
  const captions = captionChoices(stage, engine);

  return {
    offer() {
      captions.offer();
      offerQualities(stage, engine);
    },
    qualityChanged() {
      nameAutomatic(stage, engine);
    },
    toggleCaptions: captions.toggle,
  };
}

function sheet(stage: Stage): void {
  const panel = stage.part("settings");
  const button = stage.part("settings-button");
  const show = (open: boolean) => {
    const small = open && stage.root.clientWidth < SMALL_PX;
    if (!open && panel.popover) panel.hidePopover();
    panel.hidden = !open;
    panel.popover = small ? "manual" : null;
    if (small) panel.showPopover();
    button.ariaExpanded = String(open);
    if (open) panel.querySelector<HTMLElement>("fieldset:not([hidden]) input:checked, fieldset:not([hidden]) input")?.focus();
    else if (panel.contains(document.activeElement)) button.focus();
  };
  stage.on("act", ({ name }) => {
    if (name === "settings") show(panel.hidden === true);
    if (name === "close-settings") show(false);
  });
  stage.listen(panel, "keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    show(false);
    button.focus();
  });
  document.addEventListener(
    "pointerdown",
    ({ target }) => {
      if (!panel.hidden && !panel.contains(target as Node) && !button.contains(target as Node)) show(false);
    },
    { signal: stage.gone },
  );
}

function captionChoices(stage: Stage, engine: Projector): { offer(): void; toggle(): void } {
  const choices = stage.part("captions-choices");
  const sizes = stage.part("size-choices");
  const button = stage.part("captions-button");
  const remembered = (): CaptionChoice => recall("captions", { on: false, language: null });
  let language: string | null = null;

  const show = (wanted: string | null) => {
    engine.showCaptions(wanted);
    button.ariaPressed = String(wanted !== null);
    sizes.hidden = wanted === null;
    check(choices, wanted ?? "");
  };
  const choose = (wanted: string | null) => {
    show(wanted);
    if (wanted) language = wanted;
    remember("captions", { on: wanted !== null, language: wanted ?? language });
    const label = engine.captions.find((track) => track.language === wanted)?.label ?? "";
    stage.send("tell", { words: wanted ? stage.words("captionsOn", { language: label }) : stage.words("captionsOff") });
  };
  stage.listen(sizes, "change", (event) => {
    const scale = Number((event.target as HTMLInputElement).value);
    scaleCaptions(stage, scale);
    remember("caption-size", scale);
  });

  return {
    offer() {
      const tracks = engine.captions;
      button.hidden = choices.hidden = tracks.length === 0;
      if (!tracks.length) return;
      const { on, language: last } = remembered();
      const near = (tag: string | null) => tracks.find((track) => tag && track.language.split("-")[0] === tag.split("-")[0])?.language;
      language = near(last) ?? near(navigator.language) ?? tracks[0]?.language ?? null;
      radios(choices, "captions", [["", stage.words("off")], ...tracks.map((track): [string, string] => [track.language, track.label])], "", (tag) => choose(tag || null));
      const scale = recall("caption-size", 1);
      scaleCaptions(stage, scale);
      check(sizes, String(scale));
      show(on ? language : null);
    },
    toggle() {
      if (!engine.captions.length) stage.send("tell", { words: stage.words("noCaptions") });
      else choose(button.ariaPressed === "true" ? null : language);
    },
  };
}

function scaleCaptions(stage: Stage, scale: number): void {
  stage.find(".player__captions").style.setProperty("--scale", String(scale));
}

function offerQualities(stage: Stage, engine: Projector): void {
  const choices = stage.part("quality-choices");
  const { heights } = engine;
  choices.hidden = heights.length < 2;
  radios(choices, "quality", [["", stage.words("auto")], ...heights.map((height): [string, string] => [String(height), `${height}p`])], "", (height) => {
    engine.quality = height ? Number(height) : null;
  });
  nameAutomatic(stage, engine);
}

/** "Automatic (720p)". */
function nameAutomatic(stage: Stage, engine: Projector): void {
  const label = stage.part("quality-choices").querySelector('input[value=""] + span');
  if (label) label.textContent = engine.height ? `${stage.words("auto")} (${engine.height}p)` : stage.words("auto");
}

function radios(fieldset: HTMLElement, name: string, choices: [string, string][], checked: string, choose: (value: string) => void): void {
  fieldset.querySelectorAll("label").forEach((label) => label.remove());
  for (const [value, words] of choices) {
    const input = Object.assign(document.createElement("input"), { type: "radio", name, value, checked: value === checked });
    input.addEventListener("change", () => choose(value));
    const label = document.createElement("label");
    label.append(input, Object.assign(document.createElement("span"), { textContent: words }));
    fieldset.append(label);
  }
}

function check(fieldset: HTMLElement, value: string): void {
  for (const input of fieldset.querySelectorAll("input")) input.checked = input.value === value;
}
