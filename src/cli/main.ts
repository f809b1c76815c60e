#!/usr/bin/env node
import { Console } from "node:console";
import { processIo } from "./io.js";
import { run } from "./program.js";

// What a game logs is for a person: stdout is what the command itself says.
globalThis.console = new Console(process.stderr, process.stderr);

// Whoever reads our output may stop reading it.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const exitCode = await run(process.argv.slice(2), processIo());
// A game may have left timers behind, which would keep the process up.
process.stdout.write("", () => process.exit(exitCode));
