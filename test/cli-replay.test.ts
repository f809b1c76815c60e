import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { counter, here, jsonOf, orbits, program, scratch, there } from "./cli/harness.js";
import { root } from "./tidy/modules.js";

/** A journal of 60 lines: the session, 20 ticks with two events in all but the first, and the end. */
let journal: Buffer;
/** Its trace, and what a corrupted peer of the same match wrote. */
let trace: Buffer;
let files: {
  readonly good: Buffer;
  readonly goodTrace: Buffer;
  readonly bad: Buffer;
  readonly badTrace: Buffer;
};

beforeAll(async () => {
  const folder = scratch();
  const words = ["simulate", counter, "--ticks", "19", "--input-delay", "0", "--journal", folder];
  expect((await here(...words)).code).toBe(0);
  journal = readFileSync(`${folder}/peer0.jsonl`);
  trace = readFileSync(`${folder}/peer0.trace.jsonl`);
  expect((await here(...words, "--ticks", "60", "--fault", "corrupt:1@12")).code).toBe(1);
  const read = (name: string): Buffer => readFileSync(`${folder}/${name}`);
  files = {
    good: read("peer0.jsonl"),
    goodTrace: read("peer0.trace.jsonl"),
    bad: read("peer1.jsonl"),
    badTrace: read("peer1.trace.jsonl"),
  };
});

/** A file with these contents, and its path. */
function file(contents: Uint8Array | string, name = "peer0.jsonl", folder: string = scratch()): string {
  const path = `${folder}/${name}`;
  writeFileSync(path, contents);
  return path;
}

const lines = (bytes: Buffer): string[] => bytes.toString().split("\n").slice(0, -1);

describe("replay", () => {
  test("EN-920 verifies a journal and tells what it found", async () => {
    expect(lines(journal)).toHaveLength(60);
    const path = file(journal);
    for (const named of [[path], ["--log", path]]) {
      const ended = await here("replay", ...named, "--game", counter, "--json");
      expect(ended.code).toBe(0);
      const result = jsonOf(ended);
      expect(Object.keys(result)).toEqual([
        ...["ok", "complete", "torn", "ticks", "events", "finalHash", "firstDivergence", "ticksPerSecond"],
      ]);
      const finalHash = JSON.parse(lines(journal).at(-2)!).state;
      const whole = { ok: true, complete: true, torn: false, firstDivergence: null };
      expect(result).toMatchObject({ ...whole, ticks: 19, events: 38, finalHash });
      expect(result.ticksPerSecond).toBeGreaterThan(0);
    }
    const { stdout } = await here("replay", path, "--game", counter);
    expect(stdout).toMatch(
      /^19 ticks with 38 events came out as the journal says, at \d+ times real time\.\n/,
    );
  });

  test("EN-921 compares from one tick and stops at another, where it is told to", async () => {
    const path = file(files.bad);
    const replay = async (...words: string[]): Promise<any> =>
      jsonOf(await here("replay", path, "--game", counter, ...words, "--json"));
    const divergence = { chronos: 12, expected: expect.any(String), actual: expect.any(String) };
    const found = await replay();
    expect(found).toMatchObject({ ok: false, ticks: 12, firstDivergence: divergence });
    expect(Object.keys(found.firstDivergence)).toEqual(["chronos", "expected", "actual"]);
    expect(await replay("--until", "11")).toMatchObject({ ok: true, ticks: 11, firstDivergence: null });
    expect(await replay("--from", "13")).toMatchObject({ ok: false, firstDivergence: { chronos: 13 } });
    const beyond = await here("replay", path, "--game", counter, "--until", "61", "--json");
    expect(beyond).toMatchObject({ code: 2, stdout: "" });
    expect(beyond.stderr).toMatch(/the journal holds the ticks 0 to 60/);
  });

  test("EN-921 exits with 1 where a tick differs, and names tick, line and both sides", async () => {
    const ended = await here("replay", file(files.bad, "bad.jsonl"), "--game", counter);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/bad\.jsonl differs from what the game computes, at tick 12, line 38:\n/);
    expect(ended.stdout).toMatch(
      /\n {2}the journal says {2}[0-9a-f]{64}\n {2}the game says {5}[0-9a-f]{64}\n$/,
    );
  });

  test("EN-922 says how it stands about a journal that stops without an end, or in the middle of a line", async () => {
    const open = file(`${lines(journal).slice(0, -1).join("\n")}\n`);
    const stopped = await here("replay", open, "--game", counter, "--json");
    expect(stopped.code).toBe(0);
    expect(jsonOf(stopped)).toMatchObject({ ok: true, complete: false, torn: false, ticks: 19 });
    const torn = await here(
      "replay",
      file(journal.subarray(0, journal.length - 1)),
      "--game",
      counter,
      "--json",
    );
    expect(torn.code).toBe(3);
    expect(jsonOf(torn)).toMatchObject({ ok: false, complete: false, torn: true, ticks: 19, events: 38 });
    expect(torn.stderr).toMatch(/is torn: its last line was cut short; the 19 ticks before it came out/);
  });

  test("EN-922 says of a journal without a tick that there is nothing to replay", async () => {
    const path = file(`${lines(journal)[0]}\n`);
    const { code, stdout } = await here("replay", path, "--game", counter);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^.* holds no tick that could be replayed\.\nThe journal stops without an end: .*\n$/,
    );
  });

  test("EN-923 needs the game that the journal was made with, and a journal rather than a trace", async () => {
    const folder = scratch();
    const path = file(journal, "peer0.jsonl", folder);
    const without = await here("replay", path, "--json");
    expect(without).toMatchObject({ code: 2, stdout: "" });
    expect(without.stderr).toMatch(
      /holds no code of the game "counter" version "1": name it with --game PATH/,
    );
    const other = await here("replay", path, "--game", orbits, "--json");
    expect(other).toMatchObject({ code: 2, stdout: "" });
    expect(other.stderr).toMatch(/made with the game "counter" version "1"; this is "orbits" version "1"/);
    const traced = await here(
      "replay",
      file(trace, "peer0.trace.jsonl", folder),
      "--game",
      counter,
      "--json",
    );
    expect(traced).toMatchObject({ code: 2, stdout: "" });
    expect(traced.stderr).toContain(`replay the journal beside it, ${folder}/peer0.jsonl\n`);
    expect((await here("replay", "--json")).code).toBe(2);
    expect((await here("replay", path, "--log", path)).code).toBe(2);
  });

  test("EN-924 refuses a journal of another version, and names the line of any other damage", async () => {
    const newer = journal.toString().replace('"format":1', '"format":2');
    const refused = await here("replay", file(newer), "--game", counter, "--json");
    expect(refused.code).toBe(3);
    expect(jsonOf(refused)).toMatchObject({
      ok: false,
      line: 1,
      error: expect.stringMatching(/format 2.*format 1/),
    });
    const nothing = await here("replay", file(""), "--game", counter, "--json");
    expect(nothing.code).toBe(3);
    expect(jsonOf(nothing).error).toMatch(/the journal is empty/);
    const other = await here("replay", `${root}package.json`, "--game", counter);
    expect(other.code).toBe(3);
    expect(other.stderr).toMatch(
      /package\.json, line 1, .*; name a journal, as simulate, host and join write it\n$/,
    );
    const folder = await here("replay", root, "--game", counter);
    expect(folder.code).toBe(3);
    expect(folder.stderr).toMatch(/cannot be read: it is a folder; name a file in it\n$/);
    const endless = await here("replay", "/dev/zero");
    expect(endless.code).toBe(3);
    expect(endless.stderr).toMatch(/\/dev\/zero cannot be read: it is a device; name a file\n$/);
    const broken = lines(journal);
    broken[29] = broken[29]!.replace("type", "kind");
    const damaged = await here("replay", file(`${broken.join("\n")}\n`), "--game", counter, "--json");
    expect(damaged.code).toBe(3);
    expect(jsonOf(damaged)).toMatchObject({ ok: false, line: 30 });
  });

  test("EN-925 notices one flipped bit at every byte, naming the tick or line", async () => {
    const path = file(journal);
    const unnoticed: string[] = [];
    for (let at = 0; at < journal.length; at++) {
      const flipped = Buffer.from(journal);
      flipped[at]! ^= 1 << (at % 8);
      writeFileSync(path, flipped);
      const { code, stderr } = await here("replay", path, "--game", counter, "--json");
      const named = at === journal.length - 1 ? /is torn/ : /line \d+|tick \d+/;
      if ((code !== 1 && code !== 3) || !named.test(stderr)) unnoticed.push(`byte ${at}: ${code} ${stderr}`);
    }
    expect(unnoticed).toEqual([]);
  });

  test("EN-925 notices them as a program of its own, without a stack", () => {
    for (let nth = 0; nth < 50; nth++) {
      const at = Math.floor(((nth + 0.5) * journal.length) / 50);
      const flipped = Buffer.from(journal);
      flipped[at]! ^= 1 << (nth % 8);
      const { code, stdout, stderr } = there([
        "replay",
        file(flipped, `${nth}.jsonl`),
        "--game",
        counter,
        "--json",
      ]);
      expect([1, 3], `byte ${at}`).toContain(code);
      expect(JSON.parse(stdout).ok).toBe(false);
      expect(stderr).toMatch(/^echo-net replay: .*(line|tick) \d+.*\n$/);
    }
  });

  test("EN-926 replays what is whole of a journal that was cut at any byte, and says that it was cut", async () => {
    const path = file(journal);
    const firstLine = journal.indexOf("\n") + 1;
    const wrong: string[] = [];
    // Every byte of the first line and of the last, and some between.
    for (
      let length = 0;
      length < journal.length;
      length += length > firstLine && length < journal.length - 200 ? 31 : 1
    ) {
      const cut = journal.subarray(0, length);
      writeFileSync(path, cut);
      const ended = await here("replay", path, "--game", counter, "--json");
      const result = jsonOf(ended);
      const isWhole = length >= firstLine && cut.at(-1) === 0x0a;
      const ticks =
        cut
          .toString()
          .slice(0, cut.lastIndexOf("\n") + 1)
          .split('"type":"tick"').length - 2;
      const fits = isWhole
        ? ended.code === 0 && result.complete === false && result.torn === false
        : ended.code === 3 && result.torn === length > 0;
      if (!fits || (length >= firstLine && result.ticks !== Math.max(0, ticks))) {
        wrong.push(`${length} bytes: ${ended.code} ${ended.stdout}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe("shell-init", () => {
  test.each([
    ["bash", "--norc"],
    ["zsh", "-f"],
  ])('EN-940 lets "echo net replay --log FILE" reach the program from %s, by eval', async (shell, plain) => {
    const path = file(journal, "it's a journal.jsonl");
    const script = 'eval "$("$1" "$2" shell-init)"; echo net replay --log "$3" --game "$4"; echo "net: $?"';
    const ended = there([process.execPath, program, path, counter], [shell, plain, "-c", script, "-"]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toMatch(/^19 ticks with 38 events came out as the journal says, .*\n.*\nnet: 0\n$/);
    const { script: told } = jsonOf(await here("shell-init", "--json"));
    expect(told).toMatch(/^function echo \{\n/);
  });
});

describe("diff", () => {
  /** The corrupted match's journals, with their traces or without. */
  function two(traces: boolean): { a: string; b: string } {
    const folder = scratch();
    if (traces) {
      file(files.goodTrace, "peer0.trace.jsonl", folder);
      file(files.badTrace, "peer1.trace.jsonl", folder);
    }
    return { a: file(files.good, "peer0.jsonl", folder), b: file(files.bad, "peer1.jsonl", folder) };
  }

  test("EN-927 names tick and line where two journals part, and the state's paths from the traces beside them", async () => {
    const { a, b } = two(true);
    const ended = await here("diff", a, b, "--game", counter, "--json");
    expect(ended.code).toBe(1);
    const found = jsonOf(ended);
    expect(found).toMatchObject({ equal: false, prefix: null, gameAgreesWith: "a" });
    expect(found.difference).toMatchObject({ chronos: 12, line: 38, what: "state" });
    expect(found.state).toEqual({ chronos: 12, paths: ["totals[0]"] });
    const { stdout } = await here("diff", a, b);
    expect(stdout).toMatch(/^differs at tick 12, line 38: equal events led to different states\n/);
    expect(stdout).toMatch(/\nthe states of tick 12 differ at\n {2}totals\[0\]: \d+ and \d+\n$/);
  });

  test("EN-927 does so without traces, too, says which would tell more, and which side the game is on", async () => {
    const { a, b } = two(false);
    const ended = await here("diff", b, a, "--game", counter);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/^differs at tick 12, line 38: /);
    expect(ended.stdout).toMatch(/\nthe game itself agrees with b\n$/);
    expect(ended.stdout).not.toContain("the states of tick");
    expect(ended.stdout).toMatch(
      /\nwhere in the state is what both peers' traces tell: keep them as .*peer1\.trace\.jsonl and .*peer0\.trace\.jsonl\b/,
    );
  });

  test("EN-928 takes equal journals, and one that is how the other begins, for no difference", async () => {
    const whole = file(journal);
    const same = await here("diff", whole, file(journal), "--json");
    expect(same.code).toBe(0);
    expect(jsonOf(same)).toMatchObject({ equal: true, prefix: null, difference: null });
    const short = file(`${lines(journal).slice(0, 31).join("\n")}\n`);
    const begins = await here("diff", short, whole, "--json");
    expect(begins.code).toBe(0);
    expect(jsonOf(begins)).toMatchObject({ equal: true, prefix: { of: "b", lastTick: 9 } });
    expect((await here("diff", whole, short)).stdout).toMatch(
      /is how .* begins: the same up to tick 9, where it stops/,
    );
  });

  test("EN-929 compares two traces, tells matches apart, and refuses two of different kinds", async () => {
    const { a, b } = two(true);
    const [traceA, traceB] = [a, b].map((path) => path.replace(".jsonl", ".trace.jsonl"));
    const traces = await here("diff", traceA!, traceB!, "--json");
    expect(traces.code).toBe(1);
    expect(jsonOf(traces).difference).toMatchObject({ chronos: 0, line: 1, what: "record" });
    expect((await here("diff", traceA!, traceA!)).code).toBe(0);
    const strangers = await here("diff", a, file(journal), "--json");
    expect(strangers.code).toBe(1);
    expect(jsonOf(strangers).difference).toMatchObject({ chronos: 0, line: 1, what: "session" });
    expect(await here("diff", a, traceA!, "--json")).toMatchObject({ code: 2, stdout: "" });
    const missing = await here("diff", a, `${a}.not`, "--json");
    expect(missing.code).toBe(3);
    expect(jsonOf(missing)).toEqual({
      equal: false,
      error: `${a}.not cannot be read: there is no such file`,
    });
  });
});
