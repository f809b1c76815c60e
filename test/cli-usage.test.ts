import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readJournal } from "../src/core/journal/reader.js";
import { counter, type Ended, here, jsonOf, program, scratch, splash, there } from "./cli/harness.js";
import { root } from "./tidy/modules.js";

const COMMANDS = ["simulate", "check", "replay", "diff", "host", "join", "serve", "prepare", "shell-init"];

/** One line on stderr that tells what is wrong, and no stack. */
function said({ stderr }: Ended): string {
  expect(stderr).toMatch(/^echo-net[^\n]*\n$/);
  expect(stderr).not.toMatch(/ {4}at |Error:/);
  return stderr;
}

describe("the command line", () => {
  test("EN-901 lists its commands, and each says how it is used", async () => {
    const { code, stdout, stderr } = await here("--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const command of COMMANDS) {
      expect(stdout).toContain(`\n  ${command} `);
      const help = await here(command, "--help");
      expect(help).toMatchObject({ code: 0, stderr: "" });
      expect(help.stdout).toMatch(new RegExp(`^Usage: echo-net ${command} `));
      expect(help.stdout).toContain("--json");
      expect(await here("help", command)).toEqual(help);
    }
    for (const asked of ["-h", "help"]) expect(await here(asked)).toEqual({ code, stdout, stderr });
    const version = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
    expect(await here("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
    expect(await here()).toMatchObject({ code: 2, stdout: "" });
  });

  test.each([
    [["play"], "unknown command 'play'"],
    [["simulate"], "missing required argument 'game'"],
    [["simulate", counter, "again"], "too many arguments"],
    [["simulate", counter, "--sed", "1"], "unknown option '--sed': did you mean --seed?"],
    [["simulate", counter, "--peers", "9"], "Write a whole number from 2 to 8."],
    [["simulate", counter, "--ticks", "1e3"], "Write a whole number from 1 to 10000000."],
    [["simulate", counter, "--net", "lossy,lost=1"], 'a network has no "lost"'],
    [["simulate", counter, "--mode", "hybrid"], "Hybrid mode is not part of this version"],
    [["simulate", counter, "--mode", "fast"], "Write rollback or lockstep."],
    [["simulate", counter, "--input-delay", "31"], 'Write "auto", or 0 to 30 ticks.'],
    [["simulate", counter, "--fault", "corrupt:1"], "Write corrupt:SLOT@TICK, such as corrupt:1@500."],
    [["simulate", counter, "--fault", "corrupt:2@5"], "--fault names slot 2, and the slots are 0 to 1"],
    [
      ["simulate", counter, "--fault", "corrupt:1@601"],
      "--fault names tick 601, and the match ends at tick 600",
    ],
    [["simulate", counter, "--mode", "lockstep", "--window", "4"], "lockstep predicts nothing"],
    [
      ["simulate", counter, "--trace", "datagrams"],
      "--trace datagrams goes into the traces of --journal DIR",
    ],
    [["simulate", counter, "--topology", "star"], "Write p2p or client-server."],
    [["simulate", counter, "--watch"], "--watch draws in a terminal"],
    [["host", counter, "--port", "70000"], "Write a whole number from 0 to 65535."],
    [["host", counter, "--bind", "localhost"], "Write an IP address of this machine, 0.0.0.0 or ::."],
    [["replay"], "name a journal"],
    [["diff", "one.jsonl"], "missing required argument 'b'"],
  ])("EN-902 takes %j for wrong usage and says why on one line", async (argv, why) => {
    const ended = await here(...argv, "--json");
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(said(ended)).toContain(why);
  });

  test("EN-903 prints one JSON object on failure, too, and what is wrong as one line on stderr", async () => {
    for (const argv of [
      ["simulate", "missing.ts"],
      ["check", "missing.ts"],
      ["host", "missing.ts"],
      ["replay", "missing.jsonl"],
      ["diff", "missing.jsonl", "missing.jsonl"],
      ["join", "echo-net:missing"],
    ]) {
      const ended = await here(...argv, "--json");
      expect(ended.code).toBe(3);
      expect(`echo-net ${argv[0]}: ${jsonOf(ended).error}\n`).toBe(said(ended));
      expect(await here(...argv)).toEqual({ ...ended, stdout: "" });
    }
  });

  test("EN-903 does so as a program of its own", () => {
    const ended = there(["simulate", "missing.ts", "--json"]);
    expect(ended.code).toBe(3);
    expect(jsonOf(ended)).toEqual({
      agreed: false,
      error: "missing.ts cannot be read: there is no such file",
    });
    said(ended);
    expect(there([]).code).toBe(2);
    expect(there(["simulate", counter, "--peers", "0"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^echo-net simulate: .* \(see (npx echo-net|node dist\/cli\/main\.js) simulate --help\)\n$/,
      ),
    });
  });
});

describe("a game", () => {
  const written = (name: string, text: string): string => {
    const path = `${scratch()}/${name}`;
    writeFileSync(path, text);
    return path;
  };

  test.each([
    ["none.mjs", "export const one = 1, two = 2;", "it has no default export, only one, two"],
    ["empty.mjs", "", "it exports nothing"],
    ["number.mjs", "export default 7;", "its default export is a number"],
    [
      "object.ts",
      "export default { name: 'tag' };",
      "its default export is an object that defineGame did not make",
    ],
    ["none.ts", "export {};", "it exports nothing"],
    ["throws.mjs", "throw new Error('no\\nluck');", "cannot be loaded: no; luck"],
    ["syntax.ts", "export default (((;", "cannot be read as TypeScript: Unexpected"],
    ["subpath.ts", "import 'echo-net/nothing';", 'this version has no "echo-net/nothing"'],
    ["package.ts", "import 'no-such-package';", 'Could not resolve "no-such-package"'],
    [
      "rules.ts",
      "import { defineGame } from 'echo-net'; export default defineGame({});",
      "cannot be loaded: a game's name",
    ],
    ["game.lua", "x = = 1", "is no game: game.lua:1: unexpected symbol near '='"],
    ["game.wasm", "", "is no game: file at offset 0: it does not begin as WebAssembly of version 1 does"],
    [
      "game.py",
      "x = 1",
      "is no game: name a .lua file, a folder of them, a .wasm module, or a .js, .mjs or .ts file",
    ],
  ])("EN-904 is refused where %s is none, with what was found instead", async (name, text, found) => {
    const path = written(name, text);
    const ended = await here("check", path, "--json");
    expect(ended.code).toBe(3);
    expect(jsonOf(ended)).toMatchObject({ ok: false, error: expect.stringContaining(found) });
    expect(said(ended)).toContain(path);
  });

  test("EN-904 is refused where it is a folder without player.lua, or an export that is not the default one", async () => {
    expect(said(await here("check", scratch()))).toMatch(/ has no player\.lua, /);
    const named = written("named.ts", `export { default as tag } from ${JSON.stringify(counter)};`);
    expect(said(await here("check", named))).toContain("it has no default export, and tag is one");
  });

  test("EN-904 is refused with the line of its own that cannot be read, or that threw", () => {
    const path = written("syntax.mjs", "\nexport default (((;");
    expect(said(there(["check", path]))).toMatch(/syntax\.mjs cannot be loaded: .* \(.*syntax\.mjs:2\)\n$/);
    const thrown = written("throws.ts", "interface Gone { x: 1 }\n\n  throw new Error('no luck');");
    expect(said(there(["check", thrown]))).toMatch(/cannot be loaded: no luck \(.*throws\.ts:3:9\)\n$/);
  });

  test.each(["ts", "mjs"])(
    "EN-904 is refused with the line that imports what there is not, in .%s",
    (ending) => {
      const from = ending === "ts" ? "echo-net" : `${root}dist/index.js`;
      const path = written(
        `three.${ending}`,
        `\nimport { defineGam } from "${from}"; export default defineGam({});`,
      );
      expect(said(there(["check", path]))).toMatch(/defineGam\b.* \(.*three\.\w+:2(:\d+)?\)\n$/);
    },
  );

  test("EN-905 shares this program's copy of the package, wherever its file stands", async () => {
    const outside = written("game.ts", `export { default } from ${JSON.stringify(counter)};`);
    expect(await here("check", outside, "--ticks", "20")).toMatchObject({ code: 0, stderr: "" });
    expect(there(["check", outside, "--ticks", "20"])).toMatchObject({ code: 0, stderr: "" });
  });

  test("EN-905 may be JavaScript inside the checkout", () => {
    const bundled = there(["check", "test/cli/games/plain.mjs", "--ticks", "20", "--json"]);
    expect(bundled.code).toBe(0);
  });

  test("EN-907 may print and wait as it likes: stdout stays the command's, and what never comes is given up", () => {
    const chatty = written(
      "chatty.ts",
      `console.log("hello"); export { default } from ${JSON.stringify(counter)};`,
    );
    const ended = there(["check", chatty, "--ticks", "20", "--json"]);
    expect(ended).toMatchObject({ code: 0, stderr: "hello\n" });
    expect(jsonOf(ended)).toMatchObject({ ok: true });
    const waiting = there(["check", written("waits.mjs", "await new Promise(() => {});"), "--json"]);
    expect(waiting.code).toBe(3);
    expect(jsonOf(waiting).error).toMatch(
      /waits\.mjs cannot be loaded: it waits at its top level for what never comes$/,
    );
    const timer = written(
      "timer.ts",
      `setInterval(() => {}, 1000); export { default } from ${JSON.stringify(counter)};`,
    );
    expect(there(["check", timer, "--ticks", "20"]).code).toBe(0);
  });
});

describe("a disk", () => {
  test("EN-906 that is full ends a match with one line, exit 1 and whole lines in every journal", async () => {
    const folder = scratch();
    // Writing to it fails as on a full disk.
    symlinkSync("/dev/full", `${folder}/peer1.jsonl`);
    const ended = await here("simulate", splash, "--ticks", "600", "--journal", folder, "--json");
    expect(ended.code).toBe(1);
    expect(jsonOf(ended)).toMatchObject({ agreed: false });
    expect(said(ended)).toMatch(
      /peer1\.jsonl cannot be written: the disk is full; make room, or choose another folder/,
    );
    const reading = readJournal(readFileSync(`${folder}/peer0.jsonl`));
    expect(reading.ok && reading.journal.torn).toBe(false);
  });

  test("EN-906 that takes only a part of what is written is left with whole lines", () => {
    const folder = scratch();
    // The shell's limit is in blocks of 1,024 bytes, and stops the system in the middle of a write.
    const limited = ["bash", "-c", 'ulimit -f 100; exec "$@"', "-", process.execPath, program];
    const ended = there(["simulate", counter, "--ticks", "3000", "--journal", folder, "--json"], limited);
    expect(ended.code).toBe(1);
    expect(said(ended)).toMatch(
      /peer\d\S* cannot be written: the file may not grow further; choose another folder/,
    );
    const sizes = [0, 1].map((slot) => {
      const bytes = readFileSync(`${folder}/peer${slot}.jsonl`);
      const reading = readJournal(bytes);
      expect(reading.ok && reading.journal).toMatchObject({ torn: false, complete: false });
      return bytes.length;
    });
    expect(Math.max(...sizes)).toBeGreaterThan(90 * 1024);
    expect(Math.max(...sizes)).toBeLessThan(100 * 1024);
  });

  test("EN-906 that takes no folder or file is told of before a match begins", async () => {
    const folder = scratch();
    writeFileSync(`${folder}/file`, "");
    const taken = await here("simulate", counter, "--journal", `${folder}/file`);
    expect(taken.code).toBe(1);
    expect(said(taken)).toContain(
      `${folder}/file cannot be written: there is a file of that name; choose another`,
    );
    const below = await here("host", counter, "--journal", `${folder}/file/deep`, "--json");
    expect(below.code).toBe(1);
    expect(said(below)).toContain("a part of its path is a file; choose another folder");
    const nowhere = await here("host", counter, "--journal", "/proc/echo-net/deep");
    expect(nowhere.code).toBe(1);
    expect(said(nowhere)).toContain("/proc/echo-net/deep cannot be written: ");
  });
});
