/**
 * `npm run soak -- --seeds 5000 [--from 1] [--jobs 2] [--seconds 120]`: the seeded tests at volume. First whole
 * matches, a seed each, spread over so many processes; then what else takes its seeds from test/seeded/seeds.ts; then
 * matches in pages that last so long.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { build, bundleForNode, ensureInstalled, fail, heading, root, run, say } from "./house.mjs";
import { SeedRunner } from "./seed-runner.mjs";

const USAGE = "Usage: npm run soak -- --seeds 5000 [--from 1] [--jobs 2] [--seconds 120]";
/** From so many seeds on, something that never happened is a failure. */
const SEEDS_FOR_ALL_MARKS = 200;

const values = (() => {
  try {
    return parseArgs({
      options: {
        seeds: { type: "string", default: "1000" },
        from: { type: "string", default: "1" },
        jobs: { type: "string", default: String(availableParallelism()) },
        seconds: { type: "string", default: "120" },
      },
    }).values;
  } catch (error) {
    return fail("reading the arguments", `${error.message}\n${USAGE}`);
  }
})();
const [seeds, from, jobs, seconds] = ["seeds", "from", "jobs", "seconds"].map((name) => {
  if (/^[1-9][0-9]{0,8}$/.test(values[name])) return Number(values[name]);
  return fail("reading the arguments", `--${name} takes a whole number from 1 on, not ${values[name]}.`);
});

ensureInstalled();
// The pages play with the package.
build();
heading(`Playing ${seeds} matches, seeds ${from} to ${from + seeds - 1}, in ${jobs} processes`);
const worker = await bundleForNode("test/seeded/soak-worker.ts", ".cache/soak-worker.mjs");
const runner = new SeedRunner({ worker, from, seeds, jobs });
process.once("SIGINT", () => {
  const next = runner.stop();
  say(`\nStopped. To go on: npm run soak -- --seeds ${from + seeds - next} --from ${next} --jobs ${jobs}`);
  process.exit(130);
});
const { failures, marks, cpuSeconds, ticks } = await runner.run();

heading("What happened, in how many of the seeds");
for (const [mark, { total, inSeeds }] of Object.entries(marks)) {
  say(`  ${mark.padEnd(34)} ${String(inSeeds).padStart(7)} ${String(total).padStart(12)} times`);
}
say(`\n${seeds} matches, ${ticks} final ticks, ${cpuSeconds.toFixed(0)} s on the processor.`);
if (failures.length > 0) {
  fail(`soaking: seeds ${failures.join(", ")}`, "Each says above what went wrong and how to repeat it.");
}
const missing = Object.keys(marks).filter((mark) => marks[mark].total === 0);
if (missing.length > 0 && seeds >= SEEDS_FOR_ALL_MARKS) {
  fail("soaking", `It showed nothing of these, which never happened: ${missing.join(", ")}.`);
}

run(
  `Running the tests that take seeds, on ${seeds} from ${from} on`,
  `${root}node_modules/.bin/vitest`,
  ["run"],
  {
    env: { ECHO_NET_SEEDS: String(seeds), ECHO_NET_FIRST_SEED: String(from) },
  },
);
run(
  `Playing matches of ${seconds} s in pages`,
  `${root}node_modules/.bin/vitest`,
  ["run", "test/web/matches.test.ts", "test/web/troubles.test.ts"],
  { env: { ECHO_NET_MATCH_SECONDS: String(seconds) } },
);
heading("All good.");
say(`${seeds} seeds held every rule.`);
