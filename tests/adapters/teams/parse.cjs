// Reads one card a line, answers with what Microsoft's parser says about it, as a list a line;
// and with what Markdown would make of words that some clients read as Markdown.
const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
const vm = require("node:vm");
const markdown = require("markdown-it")();
const { hosts } = require("./host.cjs");

// The package calls itself a module, and is none that node can load: its bundle is.
const bundle = require.resolve("adaptivecards").replace(/lib.adaptivecards\.js$/, "dist/adaptivecards.min.js");
const shell = { exports: {} };
vm.runInThisContext(`(function (module, exports) {${readFileSync(bundle, "utf8")}\n})`)(shell, shell.exports);
const { AdaptiveCard, CardElement, HostConfig, SerializationContext, Versions } = shell.exports;

// What only changes the type leads nowhere.
const HARMLESS = /^(paragraph|strong|em|s)_(open|close)$|^(text|inline|softbreak|hardbreak|code_inline)$/;

function faults(value) {
  // Its pattern remembers where the last match ended, and would refuse every second language.
  CardElement.langProperty.regEx.lastIndex = 0;
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig(hosts.light);
  const context = new SerializationContext(Versions.v1_5);
  card.parse(value, context);
  const parsed = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at));
  return [...parsed, ...card.validateProperties().validationEvents].map((event) => event.message);
}

function* readAsMarkdown(value) {
  if (value.type === "AdaptiveCard") yield value.fallbackText;
  if (value.type === "TextBlock") yield value.text;
  if (value.type === "Input.ChoiceSet") yield* value.choices.map((choice) => choice.title);
  for (const part of value.body ?? []) yield* readAsMarkdown(part);
}

function marks(text) {
  const tokens = markdown.parse(text, {}).flatMap((token) => [token, ...(token.children ?? [])]);
  return tokens.map((token) => token.type).filter((type) => !HARMLESS.test(type));
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const card = JSON.parse(line);
  const found = [...readAsMarkdown(card)].flatMap(marks).map((type) => `Markdown: ${type}`);
  process.stdout.write(`${JSON.stringify([...faults(card), ...found])}\n`);
});
