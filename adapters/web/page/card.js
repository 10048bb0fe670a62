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
  if (shown.signed) body.append(make("p", { class: "note" }, shown.signed));
  if (shown.note) body.append(make("p", { class: "note" }, shown.note));
  if (shown.choices.length) body.append(choices(shown.choices, body, press));
  return body;
}

function paragraph(runs) {
  return make("p", {}, ...runs.map((run) => (run.strong ? make("strong", {}, run.text) : run.text)));
}

function links(list) {
  const items = list.map(({ label, url }) => {
    const shown = url ? make("a", { href: url, rel: "noreferrer" }, label) : make("span", {}, label);
    return make("li", {}, shown);
  });
  return make("ul", { class: "links" }, ...items);
}

function question(field, card) {
  const id = `${card}-${field.id}`;
  const error = field.error ? make("p", { class: "error", id: `${id}-error` }, field.error) : null;
  const hint = field.hint ? make("p", { class: "note", id: `${id}-hint` }, field.hint) : null;
  const told = [error, hint].filter(Boolean).map((each) => each.id).join(" ") || null;
  const said = { "aria-describedby": told, "aria-invalid": error ? "true" : null, "data-field": field.id };
  if (field.kind === "many") return boxes(field, id, [error, hint], said, "checkbox", field.value.split(" "));
  if (field.kind !== "choice") return written(field, id, [error, hint], said);
  if (field.options.length > 6) return select(field, id, [error, hint], said);
  return boxes(field, id, [error, hint], said, "radio", [field.value]);
}

function boxes(field, id, notes, said, type, chosen) {
  const options = field.options.map((option) => {
    const input = make("input", { type, name: id, value: option.id, checked: chosen.includes(option.id), ...said });
    return make("label", { class: "option" }, input, make("span", {}, option.label));
  });
  const legend = make("legend", {}, field.label);
  return make("fieldset", { class: "question" }, legend, ...notes, make("div", { class: "options" }, ...options));
}

function written(field, id, notes, said) {
  const lines = field.kind === "lines";
  const type = lines ? null : field.kind === "account" ? "text" : field.kind;
  const control = make(lines ? "textarea" : "input", { id, type, value: lines ? null : field.value, ...said });
  if (lines) control.append(field.value);
  if (lines || type === "text") control.setAttribute("maxlength", field.longest);
  return make("div", { class: "question" }, make("label", { for: id }, field.label), ...notes, control);
}

function select(field, id, notes, said) {
  const first = field.value ? [] : [make("option", { value: "", selected: true }, spoken.choose)];
  const options = field.options.map((option) => {
    return make("option", { value: option.id, selected: option.id === field.value }, option.label);
  });
  const control = make("select", { id, ...said }, ...first, ...options);
  return make("div", { class: "question" }, make("label", { for: id }, field.label), ...notes, control);
}

function choices(list, body, press) {
  const buttons = list.map((choice) => {
    const kind = choice.quiet ? "choice quiet" : choice.sends ? "choice sends" : "choice";
    const aloud = { "aria-label": choice.spoken || null };
    const button = make("button", { type: "button", class: kind, ...aloud }, choice.label);
    button.addEventListener("click", () => press(choice.token, choice.sends ? values(body) : null));
    return button;
  });
  return make("div", { class: "choices" }, ...buttons);
}

function values(body) {
  const answered = {};
  for (const control of body.querySelectorAll("[data-field]")) {
    const { field } = control.dataset;
    if (control.type === "checkbox") answered[field] = [answered[field], control.checked && control.value].filter(Boolean).join(" ");
    else if (control.type !== "radio" || control.checked) answered[field] = control.value;
  }
  return answered;
}
