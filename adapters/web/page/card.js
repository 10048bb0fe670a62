// One card as an element: words, picture, links, questions and choices.

import { breath } from "./breath.js";
import { make, spoken } from "./dom.js";

/** press(token, values): values of the form's fields when the choice sends it, else null. */
export function card(entry, age, press) {
  const { card: shown } = entry;
  const body = make("div", { class: "slip", lang: shown.language });
  if (shown.title) body.append(make("h3", {}, shown.title));
  if (shown.picture) body.append(breath(shown.picture, shown.language, age));
  body.append(make("div", { class: "told" }, ...shown.paragraphs.map(paragraph)));
  if (shown.links.length) body.append(links(shown.links));
  const questions = shown.fields.map((field) => question(field, entry.id));
  body.append(...questions);
  if (shown.note) body.append(make("p", { class: "note" }, shown.note));
  if (shown.choices.length) body.append(choices(shown.choices, body, press));
  return body;
}

function paragraph(runs) {
  return make("p", {}, ...runs.map((run) => (run.strong ? make("strong", {}, run.text) : run.text)));
}

function links(list) {
  const items = list.map(({ label, url }) => make("li", {}, make("a", { href: url, rel: "noreferrer" }, label)));
  return make("ul", { class: "links" }, ...items);
}

function question(field, card) {
  const id = `${card}-${field.id}`;
  const hint = field.error ? make("p", { class: "error", id: `${id}-error` }, field.error) : null;
  const told = field.error ? `${id}-error` : null;
  return field.options.length > 6 ? select(field, id, hint, told) : radios(field, id, hint, told);
}

function radios(field, id, hint, told) {
  const options = field.options.map((option) => {
    const input = make("input", {
      type: "radio",
      name: id,
      value: option.id,
      checked: option.id === field.value,
      "data-field": field.id,
      "aria-describedby": told,
      "aria-invalid": told ? "true" : null,
    });
    return make("label", { class: "option" }, input, make("span", {}, option.label));
  });
  const legend = make("legend", {}, field.label);
  return make("fieldset", { class: "question" }, legend, hint, make("div", { class: "options" }, ...options));
}

function select(field, id, hint, told) {
  const first = field.value ? [] : [make("option", { value: "", selected: true }, spoken.choose)];
  const options = field.options.map((option) => {
    return make("option", { value: option.id, selected: option.id === field.value }, option.label);
  });
  const control = make(
    "select",
    { id, "data-field": field.id, "aria-describedby": told, "aria-invalid": told ? "true" : null },
    ...first,
    ...options,
  );
  return make("div", { class: "question" }, make("label", { for: id }, field.label), hint, control);
}

function choices(list, body, press) {
  const buttons = list.map((choice) => {
    const kind = choice.quiet ? "choice quiet" : choice.sends ? "choice sends" : "choice";
    const button = make("button", { type: "button", class: kind }, choice.label);
    button.addEventListener("click", () => press(choice.token, choice.sends ? values(body) : null));
    return button;
  });
  return make("div", { class: "choices" }, ...buttons);
}

function values(body) {
  const answered = {};
  for (const control of body.querySelectorAll("[data-field]")) {
    if (control.type !== "radio" || control.checked) answered[control.dataset.field] = control.value;
  }
  return answered;
}
