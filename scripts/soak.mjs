/** `npm run soak -- --seeds 5000 [--from 1]`: the seeded tests at volume. Further arguments go to vitest. */
import { parseArgs } from "node:util";
import { build, ensureInstalled, fail, heading, root, run, say } from "./house.mjs";

const { values, positionals } = (() => {
  try {
    return parseArgs({
      options: { seeds: { type: "string", default: "1000" }, from: { type: "string", default: "1" } },
      allowPositionals: true,
    });
  } catch (error) {
    return fail("reading the arguments", `${error.message}\nUsage: npm run soak -- --seeds 5000 [--from 1]`);
  }
})();
for (const [name, text] of Object.entries(values)) {
  if (!/^[1-9][0-9]*$/.test(text)) {
    fail("reading the arguments", `--${name} takes a whole number from 1 on, not ${text}.`);
  }
}

ensureInstalled();
build();
run(
  `Soaking: ${values.seeds} seeds from ${values.from} on`,
  `${root}node_modules/.bin/vitest`,
  ["run", ...positionals],
  { env: { ECHO_NET_SEEDS: values.seeds, ECHO_NET_FIRST_SEED: values.from } },
);
heading("All good.");
say(`${values.seeds} seeds held every rule.`);
