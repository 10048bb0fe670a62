// Reads a manifest and its other languages, says what Microsoft's schemas find wrong with them.
const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const Ajv = require("ajv-draft-04");
const formats = require("ajv-formats");

const schemas = join(dirname(require.resolve("@microsoft/app-manifest/package.json")), "build/json-schemas/teams");

function faults(name, version, value) {
  // Some of the patterns are none with the flag for unicode.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  formats(ajv);
  const path = join(schemas, `v${version}`, `MicrosoftTeams.${name}schema.json`);
  const valid = ajv.compile(JSON.parse(readFileSync(path, "utf8")));
  return valid(value) ? [] : valid.errors.map((error) => `${name}${error.instancePath} ${error.message}`);
}

const { manifest, languages } = JSON.parse(readFileSync(0, "utf8"));
const version = manifest.manifestVersion;
const found = languages.flatMap((language) => faults("Localization.", version, language));
process.stdout.write(JSON.stringify([...faults("", version, manifest), ...found]));
