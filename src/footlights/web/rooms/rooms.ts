// A room's side panel: brings chat, polls, questions and reactions to life over one connection.

import { register } from "../design/islands";
import { offerAppeal } from "./appeal";
import { Chat } from "./chat";
import { Connection } from "./connection";
import { Desk } from "./desk";
import { Mood } from "./mood";
import { fill, Panel } from "./parts";
import { Polls } from "./polls";
import { Questions } from "./questions";
import { Reactions } from "./reactions";
import { RulesOfTheRoom } from "./rules";
import { RoomState } from "./state";

register("room", (root) => {
  const panel = new Panel(root);
  const { room = "", socket = "", entry = "", state = "", csrf = "" } = root.dataset;
  const status = panel.part("status");
  const end = (code: string): void => {
    connection.close();
    status.textContent = panel.say(code);
    if (code === "banned") offerAppeal(panel, csrf);
    root.classList.add("is-over");
    for (const field of root.querySelectorAll<HTMLInputElement | HTMLButtonElement | HTMLSelectElement>('form:not([data-part="appeal"]) input, form:not([data-part="appeal"]) button, select, [data-reaction]')) field.disabled = true;
  };
  const connection: Connection = new Connection(
    { room, socket, entry, csrf },
    {
      onEntry: ({ mine, desk: waiting, viewer_id, is_member, is_staff }) => {
        chat.me(viewer_id);
        rules.me(is_member || is_staff);
        polls.mine(mine.votes);
        questions.mine(mine.raised);
        if (waiting) desk?.replace(waiting);
        if (waiting?.mood) mood?.replace(waiting.mood);
        polls.prepared(waiting?.prepared ?? []);
      },
      onHeard: (heard) => whole.hear(heard),
      onDesk: (words) => {
        desk?.hear(words);
        if (words.mood) mood?.hear(words.mood);
      },
      onState: (now) => {
        if (now === "banned" || now === "over") return end(now);
        status.textContent = now === "away" ? panel.say("away") : "";
        root.classList.toggle("is-in", now === "in");
        if (now === "in") void whole.fetchWhole();
      },
    },
  );
  const chat = new Chat(panel, connection);
  const polls = new Polls(panel, connection);
  const questions = new Questions(panel, connection);
  const rules = new RulesOfTheRoom(panel, connection);
  const desk = panel.find("desk") ? new Desk(panel, connection) : undefined;
  const mood = panel.find("mood") ? new Mood(panel) : undefined;
  const reactions = new Reactions(panel, connection);
  const whole = new RoomState(
    state,
    {
      said: (messages, isFirst) => chat.said(messages, isFirst),
      hidden: (ids) => chat.hidden(ids),
      polls: (shown) => polls.show(shown),
      questions: (shown) => {
        questions.show(shown);
        chat.onAir(shown);
      },
      rules: (now) => rules.show(now),
      pinned: (message) => chat.pinned(message),
      reactions: (counts) => reactions.show(counts),
      here: (count) => showHere(panel.part("here"), count),
    },
    () => end("over"),
    () => connection.whole(),
  );
  void whole.fetchWhole();
  void connection.open();
  return () => connection.close();
});

/** How many are in the room. */
function showHere(place: HTMLElement, count: number): void {
  place.hidden = count < 1;
  fill(place, "count", new Intl.NumberFormat(document.documentElement.lang || undefined).format(count));
}
