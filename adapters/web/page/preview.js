// The page: who is played, what they see, what they do.

import * as clock from "./clock.js";
import { spoken } from "./dom.js";
import { Log } from "./log.js";
import * as wire from "./wire.js";

const ROOMS = ["chat", "channel"];
const AWAY_MS = 2500;
const GONE_MS = 6000;

const main = document.getElementById("rooms");
const status = document.getElementById("status");
const people = [...document.querySelectorAll('input[name="person"]')];
const switches = [...document.querySelectorAll('input[name="room"]')];
const logs = Object.fromEntries(ROOMS.map((room) => [room, new Log(document.getElementById(room), press, clock.now)]));
const drafts = new Map();

let person = "";
let leave = () => {};
let awayTimer = null;
let goneTimer = null;

/** passing: what the page shows elsewhere too; it is heard, and soon gone. */
function tell(text, passing = false) {
  clearTimeout(goneTimer);
  status.classList.toggle("passing", passing);
  status.textContent = text;
  if (passing) goneTimer = setTimeout(() => (status.textContent = ""), GONE_MS);
}

function away(isAway) {
  clearTimeout(awayTimer);
  if (isAway) awayTimer = setTimeout(() => tell(spoken.offline), AWAY_MS);
  else if (status.textContent === spoken.offline) tell("");
}

function mark(input, isNew) {
  const dot = input.parentElement.querySelector(".dot");
  dot.hidden = !isNew;
  dot.textContent = isNew ? spoken.new : "";
}

function play(name) {
  leave();
  for (const room of ROOMS) {
    const field = document.getElementById(`${room}-text`);
    drafts.set(`${person} ${room}`, field.value);
    field.value = drafts.get(`${name} ${room}`) ?? "";
  }
  person = name;
  for (const input of people) {
    input.checked = input.value === person;
    if (input.checked) mark(input, false);
  }
  for (const input of switches) mark(input, false);
  remember();
  leave = wire.listen(person, { start: starting(), entry, time: clock.set, waiting, away });
}

/** The address keeps who is played, so that a reload, or the other language, stays there. */
function remember() {
  const address = new URL(location.href);
  address.searchParams.set("person", person);
  history.replaceState(null, "", address);
  for (const link of document.querySelectorAll(".languages a")) {
    link.search = `?lang=${link.hreflang}&person=${person}`;
  }
}

function starting() {
  let changed = true;
  return (start) => {
    clock.set(start);
    for (const room of ROOMS) {
      const entries = start.entries.filter((each) => each.room === room);
      logs[room].start(entries, person, changed);
    }
    changed = false;
  };
}

function entry(told) {
  logs[told.room].put(told, person);
  if (main.dataset.room !== told.room && told.author !== person) {
    mark(switches.find((input) => input.value === told.room), true);
  }
}

function waiting({ person: whom }) {
  mark(people.find((input) => input.value === whom), true);
}

async function act(body) {
  const { taken } = await wire.act({ person, ...body });
  if (taken === "lost") tell(spoken.not_sent);
  else if (taken === "refused") tell(spoken.refused_act);
  else tell("");
  return taken !== "lost" && taken !== "refused";
}

async function press(shown, token, values) {
  const body = { room: shown.room, card: shown.id, token };
  await act(values ? { ...body, values } : body);
}

async function say(event) {
  event.preventDefault();
  const { room } = event.target.dataset;
  const field = document.getElementById(`${room}-text`);
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  if (!(await act({ room, text })) && !field.value) field.value = text;
}

for (const input of people) input.addEventListener("change", () => play(input.value));
for (const input of switches) {
  input.addEventListener("change", () => {
    main.dataset.room = input.value;
    mark(input, false);
    logs[input.value].toEnd();
  });
}
for (const form of document.querySelectorAll("form.say")) form.addEventListener("submit", say);
document.getElementById("begin").addEventListener("click", () => {
  document.getElementById("chat-text").focus();
  act({ room: "chat", text: "/landa" });
});
clock.begin(tell);

const asked = new URLSearchParams(location.search).get("person");
play(people.find((input) => input.value === asked)?.value ?? people[0].value);
