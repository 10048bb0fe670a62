// The breathing circle: as large as the breath, for as long as the exercise says, then still.

import { calmly, drawn, make, spoken, words } from "./dom.js";

const EMPTY = 0.52;
const FULL = 1;
const NEARLY = 0.86;

/** begun: milliseconds since the card came, so that a redrawn card goes on where it was. */
export function breath(picture, language, begun) {
  const says = words.breath[language] ?? words.breath[document.documentElement.lang];
  const image = make("div", { class: "breath-image", role: "img", "aria-label": picture.alt, "aria-live": "off" });
  const whole = make("div", { class: "breath", "data-testid": "breath" }, image);
  const started = performance.now() - begun;
  const draw = (moving) => {
    image.replaceChildren(moving ? circle(picture, says, performance.now() - started) : curve(picture, says));
    whole.dataset.moving = String(moving);
  };
  if (!picture.moving) {
    draw(false);
    return whole;
  }
  const button = make("button", { type: "button", class: "choice quiet breath-switch" });
  const show = (moving) => {
    draw(moving);
    button.textContent = moving ? spoken.still : spoken.moving;
    button.hidden = calmly.matches;
  };
  button.addEventListener("click", () => show(whole.dataset.moving !== "true"));
  calmly.addEventListener("change", () => show(!calmly.matches));
  whole.append(button);
  show(!calmly.matches);
  return whole;
}

/** How large the circle is when each phase ends, in order. */
function sizes(phases) {
  const top = phases.some((phase) => phase.move === "top");
  let size = EMPTY;
  return phases.map(({ move }) => {
    if (move === "in") size = top ? NEARLY : FULL;
    if (move === "top") size = FULL;
    if (move === "out") size = EMPTY;
    return size;
  });
}

function circle(picture, says, begun) {
  const orb = make("div", { class: "orb" });
  const halo = make("div", { class: "halo" });
  const word = make("span", { class: "breath-word" });
  const cycle = picture.phases.reduce((sum, phase) => sum + phase.seconds, 0) * 1000;
  const timing = { duration: cycle, iterations: picture.times, fill: "both" };
  const moved = orb.animate(frames(picture.phases, cycle, 0), timing);
  const followed = halo.animate(frames(picture.phases, cycle, 0.06), timing);
  for (const animation of [moved, followed]) animation.currentTime = Math.min(begun, cycle * picture.times);
  const stage = make("div", { class: "breath-stage", "aria-hidden": "true" }, halo, orb, word);
  name(word, moved, picture, cycle, says);
  return stage;
}

function frames(phases, cycle, more) {
  const ends = sizes(phases);
  let at = 0;
  const list = [{ offset: 0, transform: `scale(${EMPTY + more})`, easing: "ease-in-out" }];
  phases.forEach((phase, number) => {
    at += (phase.seconds * 1000) / cycle;
    list.push({ offset: Math.min(at, 1), transform: `scale(${ends[number] + more})`, easing: "ease-in-out" });
  });
  list[list.length - 1].offset = 1;
  return list;
}

/** Writes the word of the phase inside the circle, until the last breath is over. */
function name(word, animation, picture, cycle, says) {
  const tell = () => {
    const at = animation.currentTime ?? 0;
    if (at >= cycle * picture.times) {
      word.textContent = "";
      return;
    }
    let left = at % cycle;
    const phase = picture.phases.find(({ seconds }) => {
      left -= seconds * 1000;
      return left < 0;
    });
    word.textContent = says[phase.move];
    setTimeout(() => word.isConnected && tell(), Math.max(30, -left));
  };
  tell();
}

const WIDTH = 320;
const LOW = 112;
const HIGH = 34;

/** One breath as a line: it rises on the way in and sinks on the way out. */
function curve(picture, says) {
  const ends = sizes(picture.phases);
  const total = picture.phases.reduce((sum, phase) => sum + phase.seconds, 0);
  const height = (size) => LOW - ((size - EMPTY) / (FULL - EMPTY)) * (LOW - HIGH);
  let x = 10;
  let y = LOW;
  let path = `M${x} ${y}`;
  const labels = [];
  picture.phases.forEach((phase, number) => {
    const wide = (phase.seconds / total) * (WIDTH - 20);
    const to = height(ends[number]);
    path += ` C${x + wide / 2} ${y} ${x + wide / 2} ${to} ${x + wide} ${to}`;
    labels.push(drawn("text", { x: x + wide / 2, y: LOW + 28, "text-anchor": "middle" }, wide > 44 ? says[phase.move] : ""));
    labels.push(drawn("circle", { cx: x + wide, cy: to, r: 3.5 }));
    x += wide;
    y = to;
  });
  const view = { viewBox: `0 0 ${WIDTH} 150`, class: "breath-curve", "aria-hidden": "true" };
  return drawn("svg", view, drawn("path", { d: `${path} L${x} ${LOW} L10 ${LOW} Z`, class: "fill" }), drawn("path", { d: path, class: "line" }), ...labels);
}
