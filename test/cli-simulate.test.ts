import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readJournal } from "../src/core/journal/reader.js";
import { readTrace } from "../src/core/journal/trace-reader.js";
import { counter, type Ended, here, jsonOf, Running, scratch, splash, until } from "./cli/harness.js";

const bad = ["--peers", "4", "--net", "mobile", "--input-delay", "0"];

describe("simulate", () => {
  test("EN-910 tells of every peer, and writes journals that are the same bytes", async () => {
    const folder = scratch();
    const ended = await here("simulate", splash, ...bad, "--ticks", "300", "--journal", folder, "--json");
    expect(ended.code).toBe(0);
    const result = jsonOf(ended);
    expect(Object.keys(result)).toEqual([
      "agreed",
      "session",
      "ticks",
      "finalHash",
      "peers",
      "net",
      "wallMs",
    ]);
    expect(result).toMatchObject({ agreed: true, ticks: 300, net: "mobile" });
    expect(result.session).toMatch(/^[0-9a-f]{64}$/);
    expect(result.peers.map((peer: { slot: number }) => peer.slot)).toEqual([0, 1, 2, 3]);
    for (const peer of result.peers) {
      expect(Object.keys(peer)).toEqual([
        ...["slot", "tick", "finalHash", "rollbacks", "maxRollback", "resimulatedTicks", "stalledTicks"],
        ...[
          "predictedTicks",
          "meanInputDelay",
          "bytesSent",
          "packetsSent",
          "maxDatagram",
          "scriptErrors",
          "refused",
        ],
      ]);
      expect(peer).toMatchObject({
        tick: 300,
        finalHash: result.finalHash,
        meanInputDelay: 0,
        scriptErrors: 0,
      });
      expect(peer.rollbacks).toBeGreaterThan(0);
      expect(peer.maxDatagram).toBeLessThanOrEqual(1200);
    }
    const journals = [0, 1, 2, 3].map((slot) => readFileSync(`${folder}/peer${slot}.jsonl`));
    for (const journal of journals) expect(journal.equals(journals[0]!)).toBe(true);
    const reading = readJournal(journals[0]!);
    expect(reading.ok && reading.journal).toMatchObject({ complete: true, torn: false });
    for (const slot of [0, 1, 2, 3]) {
      const trace = readTrace(readFileSync(`${folder}/peer${slot}.trace.jsonl`));
      expect(trace.ok && trace.trace.slots).toEqual([slot]);
    }
  });

  test("EN-911 gives equal results and files for equal arguments, to the byte, and others for another seed", async () => {
    const [one, two, other] = [scratch(), scratch(), scratch()];
    const play = async (folder: string, seed: string): Promise<object> => {
      const words = ["--ticks", "120", "--seed", seed, "--journal", folder, "--trace", "datagrams", "--json"];
      const { wallMs, ...rest } = jsonOf(await here("simulate", counter, ...bad, ...words));
      expect(wallMs).toBeGreaterThanOrEqual(0);
      return rest;
    };
    expect(await play(one, "7")).toEqual(await play(two, "7"));
    expect(readdirSync(one)).toHaveLength(8);
    for (const name of readdirSync(one)) {
      expect(readFileSync(`${one}/${name}`).equals(readFileSync(`${two}/${name}`)), name).toBe(true);
    }
    expect(await play(other, "8")).not.toEqual(await play(one, "7"));
    expect(readFileSync(`${one}/peer0.trace.jsonl`, "utf8")).toContain('"type":"datagram"');
  });

  test("EN-912 does not agree where one peer's state was changed, names tick and path, and journals each peer's own hashes", async () => {
    const folder = scratch();
    const words = ["--ticks", "200", "--fault", "corrupt:1@50", "--journal", folder, "--json"];
    const ended = await here("simulate", counter, ...bad, ...words);
    expect(ended.code).toBe(1);
    const result = jsonOf(ended);
    expect(result).toMatchObject({ agreed: false, finalHash: null });
    expect(result.error).toMatch(
      /^the states of peers \d and \d differ at tick 50, at totals\[0\]: \d+ and \d+$/,
    );
    const [zero, one, two] = [0, 1, 2].map((slot) =>
      readFileSync(`${folder}/peer${slot}.jsonl`, "utf8").split("\n"),
    );
    expect(zero).toEqual(two);
    const line = zero!.findIndex((text, i) => text !== one![i]);
    expect(JSON.parse(zero![line]!)).toMatchObject({ type: "tick", chronos: 50 });
  });

  test("EN-912 does not agree either where the change is gone again at the end", async () => {
    // Splash's first leaf is its tick, which the next step sets anew.
    const ended = await here("simulate", splash, "--ticks", "100", "--fault", "corrupt:0@50", "--json");
    expect(ended.code).toBe(1);
    const result = jsonOf(ended);
    expect(result.peers[0].finalHash).toBe(result.peers[1].finalHash);
    expect(result.error).toMatch(
      /^the states of peers \d and \d differ at tick 50, at tick: 5[01] and 5[01]$/,
    );
  });

  test("EN-912 does not agree where the peers cannot meet, or the end is out of reach", async () => {
    const apart = await here("simulate", counter, "--net", "loss=1", "--json");
    expect(apart.code).toBe(1);
    expect(jsonOf(apart)).toEqual({
      agreed: false,
      error: expect.stringMatching(/did not meet|nobody answered/),
    });
  });

  test("EN-913 feeds the game what a file says of the devices, from each line's tick on", async () => {
    const folder = scratch();
    const inputs = `${folder}/inputs.jsonl`;
    const lines = [
      { slot: 1, chronos: 20, input: { by: 5 } },
      { slot: 1, chronos: 10, input: { by: 200 } },
      { slot: 0, chronos: 0, input: { by: 1 } },
    ];
    writeFileSync(inputs, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
    for (const delay of ["0", "3"]) {
      const words = ["--inputs", inputs, "--ticks", "30", "--input-delay", delay, "--journal", folder];
      expect((await here("simulate", counter, ...words)).code).toBe(0);
      const reading = readJournal(readFileSync(`${folder}/peer0.jsonl`));
      const ticks = reading.ok ? reading.journal.ticks : [];
      const by = (slot: number): unknown[] =>
        ticks.map(({ events }) => (events.find(({ author }) => author === slot)?.payload as any)?.by);
      const first = Number(delay) + 1;
      expect(new Set(by(0).slice(first))).toEqual(new Set([1]));
      expect(by(1).slice(20)).toEqual(new Array(11).fill(5));
      expect(by(1).slice(10, 20)).toEqual(new Array(10).fill(200));
      expect(
        by(1)
          .slice(first, 10)
          .every((value) => (value as number) < 10),
      ).toBe(true);
    }
  });

  test.each([
    ["not json", "it is not JSON"],
    ["[]", "it is no JSON object"],
    ['{"slot":2,"chronos":1,"input":null}', '"slot" is not a whole number from 0 to 1'],
    ['{"slot":0,"chronos":-1,"input":null}', '"chronos" is not a tick'],
    ['{"slot":0,"chronos":1}', 'it has no "input"'],
    ['{"slot":0,"chronos":1,"inputs":1}', 'it has a field "inputs"; write "slot", "chronos" and "input"'],
  ])("EN-913 refuses a file of inputs with %s, naming the line", async (line, what) => {
    const inputs = `${scratch()}/inputs.jsonl`;
    writeFileSync(inputs, `{"slot":0,"chronos":1,"input":{}}\n${line}\n`);
    const ended = await here("simulate", counter, "--inputs", inputs, "--json");
    expect(ended.code).toBe(3);
    expect(jsonOf(ended).error).toBe(`${inputs}, line 2: ${what}`);
  });

  test("EN-914 plays through a relay, in lockstep, and with a smaller window", async () => {
    const relayed = await here("simulate", counter, ...bad, "--topology", "client-server", "--json");
    expect(jsonOf(relayed)).toMatchObject({ agreed: true });
    const lockstep = await here("simulate", counter, "--mode", "lockstep", "--net", "good", "--json");
    const { peers } = jsonOf(lockstep);
    expect(peers.map((peer: { rollbacks: number }) => peer.rollbacks)).toEqual([0, 0]);
    const narrow = await here("simulate", counter, ...bad, "--window", "3", "--json");
    for (const peer of jsonOf(narrow).peers) expect(peer.maxRollback).toBeLessThanOrEqual(3);
  });

  test("EN-915 guards the game against clocks, and says which tick broke", async () => {
    const ended = await here("simulate", counter.replace("counter", "clock"), "--ticks", "60");
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/Not agreed: the game itself failed after tick 6/);
    expect(ended.stdout).toMatch(/tick 7: step threw: .*Date\.now/);
  });

  test("EN-915 tells each mistake of the game once: where, how often, and in which tick first", async () => {
    const ended = await here("simulate", counter.replace("counter", "failing"), "--ticks", "60");
    expect(ended.code).toBe(0);
    const news = ended.stdout.split("\n").filter((line) => line.startsWith("  "));
    const thrown = (slot: number): RegExp =>
      new RegExp(`^ {2}on\\.move of slot ${slot} threw: no such place.*; 55 times, first in tick 6$`);
    expect(news[0]).toMatch(/^ {2}far of slot 1 is refused: far\.by: .*1000; \d\d times, first in tick 1$/);
    expect(news.slice(1, 3)).toEqual([expect.stringMatching(thrown(0)), expect.stringMatching(thrown(1))]);
  });

  test("EN-912 EN-993 where the states differ, it says what to run to look for the reason", async () => {
    const game = counter.replace("counter", "outside");
    const { code, stdout } = await here("simulate", game, ...bad);
    expect(code).toBe(1);
    expect(stdout).toContain(`\nnpx echo-net check ${game} looks for the reason.\n`);
    const injected = await here("simulate", counter, ...bad, "--fault", "corrupt:1@20");
    expect(injected.code).toBe(1);
    expect(injected.stdout).not.toContain("echo-net check");
  });

  test("EN-916 ends when it is interrupted, with the journals closed", async () => {
    const folder = scratch();
    const running = new Running(["simulate", counter, "--ticks", "1000000", "--journal", folder, "--json"]);
    await until(running, () => (readdirSync(folder).length === 4 ? true : undefined));
    running.interrupt();
    const ended: Ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(jsonOf(ended)).toMatchObject({ agreed: false, error: "interrupted" });
    for (const slot of [0, 1]) {
      const reading = readJournal(readFileSync(`${folder}/peer${slot}.jsonl`));
      expect(reading.ok && reading.journal).toMatchObject({ torn: false, complete: false });
    }
  });

  test("EN-918 draws the first player's match at real speed until it ends or q is pressed", async () => {
    const watching = new Running(["simulate", counter, "--ticks", "20", "--watch", "--json"], {
      terminal: true,
    });
    const watched = await watching.ended;
    expect(watched.code).toBe(0);
    expect(jsonOf(watched)).toMatchObject({ agreed: true, ticks: 20 });
    expect(watched.stderr.startsWith("\x1b[?1049h")).toBe(true);
    expect(watched.stderr.endsWith("\x1b[?1049l")).toBe(true);
    expect(watched.stderr).toMatch(/totals \d+ \d+/);
    expect(watched.stderr).toMatch(/slot 1 {2}tick \d+/);
    // Wrapping is off while it draws, so that a line that is too long takes one row.
    expect(watched.stderr.split("\x1b[?7l")).toHaveLength(2);
    expect(watched.stderr.split("\x1b[?7h")).toHaveLength(2);
    const quit = new Running(["simulate", counter, "--ticks", "100000", "--watch"], { terminal: true });
    await until(quit, () => (quit.errors.includes("totals") ? true : undefined));
    quit.press("q");
    expect((await quit.ended).code).toBe(130);
  });

  test("EN-918 draws no more rows than the terminal has, the game's picture first", async () => {
    const watching = new Running(["simulate", splash, "--peers", "8", "--ticks", "10", "--watch"], {
      terminal: true,
    });
    const { stderr } = await watching.ended;
    const frames = stderr.split("\x1b[H").slice(1);
    expect(frames.length).toBeGreaterThan(0);
    for (const frame of frames) {
      const rows = frame.slice(0, frame.indexOf("\x1b[J")).split("\r\n");
      expect(rows).toHaveLength(30);
      expect(rows.filter((row) => row.includes("▀"))).toHaveLength(22);
      expect(rows.at(-1)).toContain("q ends");
    }
  });

  test("EN-917 says in plain words what happened", async () => {
    const { stdout, stderr } = await here(
      "simulate",
      counter,
      "--ticks",
      "60",
      "--net",
      "good",
      "--seed",
      "3",
    );
    expect(stderr).toBe("");
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("2 peers, 60 ticks (1.0 s) of counter in rollback mode over good, seed 3");
    expect(lines[1]).toMatch(/^Agreed: every peer computed the same state in every tick; .* [0-9a-f]{64}\.$/);
    expect(lines[2]).toMatch(/^slot +tick +rollbacks +deepest +run again .* final hash$/);
    expect(lines).toHaveLength(6);
  });
});
