// The preview's own clock, and the way to move it forward.

import { spoken } from "./dom.js";
import { post } from "./wire.js";

const shown = document.getElementById("now");
const panel = document.getElementById("clock");
const language = document.documentElement.lang;
const format = new Intl.DateTimeFormat(language, {
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
  timeZone: "UTC",
});
let wall = 0;
let since = 0;

/** The wall time of the team, in milliseconds as if it were UTC. */
export function now() {
  return wall + (performance.now() - since);
}

export function set({ now: told }) {
  wall = Date.parse(`${told.slice(0, 19)}Z`);
  since = performance.now();
  show();
}

function show() {
  if (wall) shown.textContent = format.format(now());
}

function close(event) {
  if (!panel.open || (event.type === "keydown" && event.key !== "Escape")) return;
  if (event.type === "click" && panel.contains(event.target)) return;
  if (event.type === "keydown" && panel.contains(document.activeElement)) panel.querySelector("summary").focus();
  panel.open = false;
}

/** tell(text): says what the clock shows after it was moved. */
export function begin(tell) {
  let moving = false;
  panel.addEventListener("click", async (event) => {
    const step = event.target.closest("[data-step]")?.dataset.step;
    if (!step || moving) return;
    moving = true;
    const answer = await post("/preview/forward", { step: step === "morning" ? step : Number(step) });
    moving = false;
    if (!answer?.now) return tell(spoken.offline);
    set(answer);
    tell(spoken.moved.replace("{time}", format.format(now())), true);
  });
  document.addEventListener("keydown", close);
  document.addEventListener("click", close);
  setInterval(show, 1000);
}
