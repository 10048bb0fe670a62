// Reads one card a line, answers with what Microsoft's parser says about it, as a list a line.
const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
const vm = require("node:vm");

// The package calls itself a module, and is none that node can load: its bundle is.
const bundle = require.resolve("adaptivecards").replace(/lib.adaptivecards\.js$/, "dist/adaptivecards.min.js");
const shell = { exports: {} };
vm.runInThisContext(`(function (module, exports) {${readFileSync(bundle, "utf8")}\n})`)(shell, shell.exports);
const { AdaptiveCard, CardElement, HostConfig, SerializationContext, Versions } = shell.exports;
const { hosts } = require("./host.cjs");

function faults(text) {
  // Its pattern remembers where the last match ended, and would refuse every second language.
  CardElement.langProperty.regEx.lastIndex = 0;
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig(hosts.light);
  const context = new SerializationContext(Versions.v1_5);
  card.parse(JSON.parse(text), context);
  const parsed = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at));
  return [...parsed, ...card.validateProperties().validationEvents].map((event) => event.message);
}

createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(`${JSON.stringify(faults(line))}\n`);
});
