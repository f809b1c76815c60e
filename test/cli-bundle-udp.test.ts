import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  counter,
  type Ended,
  here,
  inviteOf,
  jsonOf,
  Process,
  Running,
  scratch,
  until,
} from "./cli/harness.js";
import { LossyRelay } from "./cli/lossy-relay.js";
import { root } from "./tidy/modules.js";
import { gemsBytes } from "./wasm/gems.js";

const splash = `${root}examples/splash-lua`;
const sample = `${root}examples/lua-sample/player.lua`;
const LOCAL = ["--bind", "127.0.0.1", "--bot", "--json"];

/** A game of the sample's rules that takes about a hundred parts to send. */
function longGame(): string {
  const folder = join(scratch(), "long");
  mkdirSync(folder);
  const filler = Array.from({ length: 4_000 }, (_, i) => `-- line ${i} of nothing in particular`).join("\n");
  writeFileSync(join(folder, "player.lua"), `${readFileSync(sample, "utf8")}\n${filler}\n`);
  return folder;
}

/** Both ended well, with equal hashes and journals; gives the joiner's journal. */
function expectAgreed(ends: readonly [Ended, Ended], folder: string, ticks: number): string {
  const [host, joiner] = ends.map((ended) => {
    expect(ended.code, ended.stderr).toBe(0);
    return jsonOf(ended);
  });
  expect(joiner).toMatchObject({ agreed: true, tick: ticks, slot: 1, finalHash: host.finalHash });
  const [zero, one] = [0, 1].map((slot) => readFileSync(`${folder}/peer${slot}.jsonl`));
  expect(zero!.equals(one!)).toBe(true);
  return `${folder}/peer1.jsonl`;
}

describe("two processes, of which one has nothing but the invite,", () => {
  test("EN-972 play a match of Lua scripts, and its journal replays", async () => {
    const folder = scratch();
    const host = new Process(["host", splash, "--ticks", "100", "--journal", folder, ...LOCAL]);
    const joiner = new Process(["join", await inviteOf(host), "--journal", folder, "--json"]);
    const journal = expectAgreed([await host.ended, await joiner.ended], folder, 100);
    expect(jsonOf(await here("replay", journal, "--json"))).toMatchObject({ ok: true, ticks: 100 });
  });

  test("EN-972 do so through a relay that loses, repeats and reorders, too", async () => {
    const folder = scratch();
    const host = new Process(["host", longGame(), "--ticks", "60", "--journal", folder, ...LOCAL]);
    const net = "latency=20,jitter=10,loss=0.15,duplicate=0.05,reorder=0.1";
    const relay = await LossyRelay.open(await inviteOf(host), net);
    const joiner = new Process(["join", relay.invite, "--journal", folder, "--json"]);
    expectAgreed([await host.ended, await joiner.ended], folder, 60);
    const { lost, duplicated, reordered } = relay.counts;
    for (const happened of [lost, duplicated, reordered]) expect(happened).toBeGreaterThan(0);
  });

  test("EN-972 play a match of a module", async () => {
    const folder = scratch();
    const gems = `${scratch()}/gems.wasm`;
    writeFileSync(gems, await gemsBytes());
    const host = new Process(["host", gems, "--ticks", "60", "--journal", folder, ...LOCAL]);
    const joiner = new Process(["join", await inviteOf(host), "--journal", folder, "--json"]);
    expectAgreed([await host.ended, await joiner.ended], folder, 60);
  }, 60_000);
});

describe("join", () => {
  test("EN-973 tells a person how much of the game is there, and fetches none that is named", async () => {
    const game = longGame();
    const host = new Running(["host", game, "--players", "3", "--ticks", "30", "--bind", "127.0.0.1"]);
    const invite = await until(host, () => /\n(echo-net:\S+)\n/.exec(host.output)?.[1]);
    expect(host.output).toContain("To join: npx echo-net join INVITE\n");
    const relay = await LossyRelay.open(invite, "latency=30");
    const fetching = new Running(["join", relay.invite], { terminal: true });
    await until(fetching, () => /the game is coming from the host: \d+ of \d+ KiB/.exec(fetching.errors));
    await until(fetching, () => /The game came from the host: long, \d+ KiB\n/.exec(fetching.errors));
    const other = await here("join", invite, "--game", sample, "--json");
    expect(other.code).toBe(1);
    expect(jsonOf(other).error).toMatch(/^the host plays something else: game "player" here, "long" there/);
    const third = new Running(["join", invite, "--game", game], { terminal: true });
    const ended = await Promise.all([host.ended, fetching.ended, third.ended]);
    for (const { code, stderr } of ended) expect(code, stderr).toBe(0);
    expect(third.errors).not.toMatch(/from the host/);
  });

  test("EN-974 exits with 2 and names --game where the game does not come, and with 130 where it is interrupted", async () => {
    const host = new Running(["host", counter, ...LOCAL]);
    const invite = await inviteOf(host);
    const ended = await here("join", invite, "--json");
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(/^echo-net join: name the host's game with --game PATH: .*TypeScript.*\n$/);
    host.interrupt();
    await host.ended;
    const asking = new Running(["join", invite], { terminal: true });
    await until(asking, () => /asking the host for its game/.exec(asking.errors));
    asking.interrupt();
    expect(await asking.ended).toMatchObject({ code: 130, stdout: "Interrupted before the match began.\n" });
  });
});
