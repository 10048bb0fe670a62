// One room as the person sees it: entries in order, cards rewritten where they stand.

import { card } from "./card.js";
import { calmly, make, spoken } from "./dom.js";

const NEAR_END_PX = 120;
const QUIET_MS = 400;
const UNDER_WAY_MS = 1000;

export class Log {
  /** press(entry, token, values); now(): the preview's wall time in milliseconds. */
  constructor(section, press, now) {
    this.section = section;
    this.scroll = section.querySelector(".scroll");
    this.element = section.querySelector(".log");
    this.empty = section.querySelector(".empty");
    this.press = press;
    this.now = now;
    this.shown = new Map();
    this.underWay = false;
    this.scroll.addEventListener("scrollend", () => (this.underWay = false));
  }

  /** Somebody else looks: their entries are shown, but not read out one by one. */
  start(entries, person, changed) {
    if (changed) {
      this.element.setAttribute("aria-live", "off");
      this.element.replaceChildren();
      this.shown.clear();
    }
    const kept = new Set(entries.map((entry) => entry.id));
    for (const [id, { element }] of this.shown) {
      if (kept.has(id)) continue;
      element.remove();
      this.shown.delete(id);
    }
    for (const entry of entries) this.put(entry, person, changed);
    this.empty.hidden = this.shown.size > 0;
    if (!changed) return;
    this.toEnd();
    setTimeout(() => this.element.setAttribute("aria-live", "polite"), QUIET_MS);
  }

  put(entry, person, quietly = false) {
    const old = this.shown.get(entry.id);
    if (old && old.version === entry.version && old.at === entry.at) return;
    const element = this.entry(entry, person);
    const atEnd = this.isAtEnd();
    const inside = old?.element.contains(document.activeElement) ?? false;
    if (old) old.element.replaceWith(element);
    else this.element.append(element);
    this.shown.set(entry.id, { element, version: entry.version, at: entry.at });
    this.empty.hidden = true;
    if (inside) element.focus({ preventScroll: true });
    if (!quietly && (atEnd || old || entry.author === person)) this.reveal(element);
    element.classList.toggle("fresh", !quietly);
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    return this.underWay || scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  entry(entry, person) {
    const own = entry.author === person;
    const who = own ? spoken.you : spoken[entry.author];
    const time = make("time", { datetime: entry.at }, entry.at.slice(11, 16));
    const meta = make("p", { class: "meta" }, make("span", { class: "who" }, who), time);
    if (entry.private) meta.append(make("span", { class: "only-you" }, spoken.only_you));
    const label = `${who}, ${entry.at.slice(11, 16)}`;
    const element = make("article", { class: "entry", tabindex: "-1", "aria-label": label, "data-author": entry.author });
    element.classList.toggle("own", own);
    element.classList.toggle("private", entry.private);
    const face = make("span", { class: "face", "aria-hidden": "true" }, entry.card ? "" : spoken[entry.author].slice(0, 1));
    element.append(face, meta, this.body(entry, element));
    return element;
  }

  body(entry, element) {
    if (!entry.card) return make("p", { class: "line" }, entry.text);
    const age = Math.max(0, this.now() - Date.parse(`${entry.at.slice(0, 19)}Z`));
    return card(entry, age, async (token, values) => {
      if (element.dataset.busy) return;
      element.dataset.busy = "true";
      await this.press(entry, token, values);
      setTimeout(() => delete element.dataset.busy, 300);
    });
  }

  /** A card that is taller than the room is shown from its beginning. */
  reveal(element) {
    const tall = element.offsetHeight > Math.min(this.scroll.clientHeight, innerHeight);
    this.underWay = !calmly.matches;
    setTimeout(() => (this.underWay = false), UNDER_WAY_MS);
    element.scrollIntoView({ block: tall ? "start" : "nearest", behavior: calmly.matches ? "auto" : "smooth" });
  }
}
