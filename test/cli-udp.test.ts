import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { decodeInvite, encodeInvite } from "../src/core/guard/invite.js";
import { readJournal } from "../src/core/journal/reader.js";
import {
  counter,
  type Ended,
  here,
  inviteOf,
  jsonOf,
  orbits,
  Process,
  Running,
  scratch,
  splash,
  there,
  until,
} from "./cli/harness.js";
import { LossyRelay, portOf } from "./cli/lossy-relay.js";
import { root } from "./tidy/modules.js";

const LOCAL = ["--bind", "127.0.0.1", "--bot", "--json"];

/** The journals of a match of two, which are the same bytes. */
function oneJournal(folder: string): Buffer {
  const [zero, one] = [0, 1].map((slot) => readFileSync(`${folder}/peer${slot}.jsonl`));
  expect(zero!.equals(one!)).toBe(true);
  return zero!;
}

function agreed(ended: Ended, slot: number, ticks: number): any {
  expect(ended.code, ended.stderr).toBe(0);
  const result = jsonOf(ended);
  expect(result).toMatchObject({ agreed: true, ended: "finished", slot, tick: ticks });
  return result;
}

describe("two processes", () => {
  test("EN-931 play a match over UDP that ends with equal hashes and journals, which replay", async () => {
    const folder = scratch();
    const host = new Process(["host", splash, "--ticks", "150", "--journal", folder, ...LOCAL]);
    const invite = await inviteOf(host);
    expect(host.errors).toBe(`${invite}\n`);
    const joiner = new Process(["join", invite, "--game", splash, "--bot", "--journal", folder, "--json"]);
    const [one, two] = [agreed(await host.ended, 0, 150), agreed(await joiner.ended, 1, 150)];
    expect(Object.keys(one)).toEqual([
      ...["agreed", "session", "ended", "slot", "tick", "finalHash", "rollbacks", "maxRollback"],
      ...["resimulatedTicks", "stalledTicks", "predictedTicks", "meanInputDelay", "bytesSent", "packetsSent"],
      ...["maxDatagram", "scriptErrors", "refused"],
    ]);
    expect([two.session, two.finalHash]).toEqual([one.session, one.finalHash]);
    const reading = readJournal(oneJournal(folder));
    expect(reading.ok && reading.journal).toMatchObject({ complete: true, torn: false });
    const replayed = there(["replay", `${folder}/peer1.jsonl`, "--game", splash, "--json"]);
    expect(replayed.code).toBe(0);
    expect(jsonOf(replayed)).toMatchObject({
      ok: true,
      complete: true,
      ticks: 150,
      finalHash: one.finalHash,
    });
    expect((await here("diff", `${folder}/peer0.jsonl`, `${folder}/peer1.jsonl`)).code).toBe(0);
  });

  test("EN-931 do so through a relay that loses, repeats and reorders, too", async () => {
    const folder = scratch();
    const host = new Process(["host", splash, "--ticks", "150", "--journal", folder, ...LOCAL]);
    const relay = await LossyRelay.open(
      await inviteOf(host),
      "latency=40,jitter=15,loss=0.15,duplicate=0.05,reorder=0.1",
    );
    const joiner = new Process(["join", relay.invite, "--game", splash, "--journal", folder, "--json"]);
    const [one, two] = [agreed(await host.ended, 0, 150), agreed(await joiner.ended, 1, 150)];
    expect(two.finalHash).toBe(one.finalHash);
    oneJournal(folder);
    const { lost, duplicated, reordered } = relay.counts;
    for (const happened of [lost, duplicated, reordered]) expect(happened).toBeGreaterThan(0);
  });

  test("EN-932 are not disturbed by others with a wrong secret, another game, an older protocol, or who come late", async () => {
    const folder = scratch();
    const host = new Process(["host", counter, "--journal", folder, ...LOCAL]);
    const invite = await inviteOf(host);
    const decoded = decodeInvite(invite);
    const wrong = encodeInvite({ ...decoded, secret: decoded.secret.map((byte) => byte ^ 1) });
    const refused = async (why: RegExp, joiner: Promise<Ended>): Promise<void> => {
      const ended = await joiner;
      expect(ended.code).toBe(1);
      expect(jsonOf(ended)).toEqual({ agreed: false, ended: null, error: expect.stringMatching(why) });
      expect(ended.stderr).toMatch(/^echo-net join: [^\n]*\n$/);
    };
    const join = (word: string, game: string): Promise<Ended> =>
      new Process(["join", word, "--game", game, "--json"]).ended;
    await Promise.all([
      refused(/does not accept the secret of this invite: ask for the invite/, join(wrong, counter)),
      refused(/plays something else: game "orbits" here, "counter" there/, join(invite, orbits)),
    ]);
    const older = new Process(["join", invite, "--game", counter, "--json"], olderProgram());
    await refused(/the host speaks protocol 1 and this program protocol 0: update this program/, older.ended);
    const joiner = new Process(["join", invite, "--game", counter, "--journal", folder, "--json"]);
    await until(joiner, () => journalSize(`${folder}/peer1.jsonl`));
    await refused(/the room is full: the match has begun/, join(invite, counter));
    joiner.child.kill("SIGINT");
    const [one, two] = [jsonOf(await host.ended), jsonOf(await joiner.ended)];
    expect(one).toMatchObject({ agreed: true, ended: "left", finalHash: two.finalHash, tick: two.tick });
    oneJournal(folder);
  });

  test("EN-938 where two builds of a game differ, both are told to compare them", async () => {
    const other = `${scratch()}/game.ts`;
    writeFileSync(other, readFileSync(counter, "utf8").replace("+= payload.by", "+= 2 * payload.by"));
    const host = new Running(["host", counter, "--ticks", "30", "--bind", "127.0.0.1", "--bot"]);
    const invite = await until(host, () => /echo-net:\S+/.exec(host.output)?.[0]);
    const joiner = new Running(["join", invite, "--game", other, "--bot"]);
    for (const { code, stdout } of [await host.ended, await joiner.ended]) {
      expect(code).toBe(1);
      expect(stdout).toMatch(/the peers computed different states/);
      expect(stdout).toMatch(/same build of the game\?.*check .* looks for the reason/s);
    }
  });

  test("EN-995 both are told of a tick that does not come to an end, with whole journals up to it", async () => {
    vi.stubEnv("ECHO_NET_STUCK_MS", "500");
    const endless = counter.replace("counter", "endless");
    const folder = scratch();
    const host = new Process(["host", endless, "--journal", folder, ...LOCAL]);
    const joiner = new Process(["join", await inviteOf(host), "--game", endless, "--journal", folder]);
    vi.unstubAllEnvs();
    for (const { code, stderr } of [await host.ended, await joiner.ended]) {
      expect(stderr).toMatch(
        /^echo-net \w+: tick \d+: the game's code has not come back for 0\.5 s: .*loop.*$/m,
      );
      expect(code).toBe(1);
    }
    for (const peer of [0, 1]) {
      const reading = readJournal(readFileSync(`${folder}/peer${peer}.jsonl`));
      expect(reading.ok && reading.journal).toMatchObject({ torn: false, complete: false });
    }
  });

  test("EN-933 both close their journals where one is interrupted, with the same last tick", async () => {
    const folder = scratch();
    const host = new Process(["host", counter, "--journal", folder, ...LOCAL]);
    const joiner = new Process([
      "join",
      await inviteOf(host),
      "--game",
      counter,
      "--journal",
      folder,
      "--json",
    ]);
    await until(joiner, () => journalSize(`${folder}/peer1.jsonl`));
    joiner.child.kill("SIGINT");
    const [left, stayed] = [await joiner.ended, await host.ended];
    expect(left.code).toBe(130);
    expect(jsonOf(left)).toMatchObject({ ended: "left", slot: 1 });
    expect(stayed.code).toBe(0);
    expect(jsonOf(stayed)).toMatchObject({ agreed: true, ended: "left", slot: 0, tick: jsonOf(left).tick });
    const reading = readJournal(oneJournal(folder));
    expect(reading.ok && reading.journal).toMatchObject({ complete: true, torn: false });
  });

  test("EN-934 say so where the other falls silent, and keep what was final", async () => {
    const folder = scratch();
    const host = new Process(["host", counter, "--ticks", "2000", "--journal", folder, ...LOCAL]);
    const joiner = new Process([
      "join",
      await inviteOf(host),
      "--game",
      counter,
      "--journal",
      folder,
      "--json",
    ]);
    await until(joiner, () => journalSize(`${folder}/peer1.jsonl`));
    host.child.kill("SIGKILL");
    const ended = await joiner.ended;
    expect(ended.code).toBe(1);
    expect(jsonOf(ended)).toMatchObject({ agreed: false, ended: "lost", slot: 1 });
    expect(jsonOf(ended).error).toMatch(/^slot 0 fell silent; the match ended at tick \d+$/);
    const reading = readJournal(readFileSync(`${folder}/peer1.jsonl`));
    expect(reading.ok && reading.journal).toMatchObject({ torn: false, complete: false });
    expect(reading.ok && reading.journal.ticks.length - 1).toBe(jsonOf(ended).tick);
  });
});

describe("host and join", () => {
  test("EN-935 tell a person what to do, and play with three at one table, in lockstep", async () => {
    const words = ["--players", "3", "--mode", "lockstep", "--ticks", "60", "--bind", "127.0.0.1"];
    const host = new Running(["host", counter, ...words], { terminal: true });
    const invite = await until(host, () => /\n(echo-net:\S+)\n/.exec(host.output)?.[1]);
    expect(host.output).toMatch(/^Waiting for the other 2 players\. The invite, one word:\n/);
    expect(host.output).toContain(`To join: npx echo-net join INVITE --game ${counter}\n`);
    const joiners = [1, 2].map(() => new Running(["join", invite, "--game", counter, "--input-delay", "2"]));
    const ended = await Promise.all([host.ended, ...joiners.map((joiner) => joiner.ended)]);
    const hashes = ended.map(({ code, stdout, stderr }) => {
      expect(code, stderr).toBe(0);
      return /Agreed: the match reached its last tick, 60; the last state's hash is ([0-9a-f]{64})\./.exec(
        stdout,
      )?.[1];
    });
    expect(new Set(hashes).size).toBe(1);
    expect(hashes[0]).toBeDefined();
    expect(ended[0]!.stderr).toContain("3 players play counter; this is slot 0\n");
  });

  test("EN-936 end with 1 where the port is taken, and nobody answers an invite", async () => {
    const host = new Running(["host", counter, ...LOCAL]);
    const invite = await inviteOf(host);
    const port = `${portOf(decodeInvite(invite).addresses[0]!)}`;
    const second = await here("host", counter, "--port", port, ...LOCAL);
    expect(second.code).toBe(1);
    expect(jsonOf(second).error).toBe(
      `UDP port ${port} is in use at 127.0.0.1: choose another one, or 0 for any that is free.`,
    );
    host.interrupt();
    const ended = await host.ended;
    expect(ended.code).toBe(130);
    expect(jsonOf(ended)).toEqual({ agreed: false, ended: null, error: "interrupted" });
    const nobody = await here("join", invite, "--game", counter, "--json");
    expect(nobody.code).toBe(1);
    expect(jsonOf(nobody).error).toBe(
      `nobody answered at udp:127.0.0.1:${port} for 10 s; is the host still waiting?`,
    );
  });

  test("EN-936 end with 1 where the journal cannot be written, having told the others", async () => {
    const folder = scratch();
    symlinkSync("/dev/full", `${folder}/peer0.trace.jsonl`);
    const host = new Running(["host", counter, "--ticks", "600", "--journal", folder, ...LOCAL]);
    const joiner = new Running([
      "join",
      await inviteOf(host),
      "--game",
      counter,
      "--journal",
      folder,
      "--json",
    ]);
    const [one, two] = await Promise.all([host.ended, joiner.ended]);
    expect(one.code).toBe(1);
    expect(jsonOf(one).error).toMatch(/peer0\.trace\.jsonl cannot be written: the disk is full; make room/);
    expect(two.code).toBe(1);
    expect(jsonOf(two).error).toMatch(
      /^slot 0 left; the match ended at tick \d+, before its last tick, 600$/,
    );
    oneJournal(folder);
  });

  test("EN-937 take a damaged invite for damaged input, and need the game of TypeScript", async () => {
    const host = new Running(["host", counter, ...LOCAL]);
    const invite = await inviteOf(host);
    for (const damaged of [invite.slice(0, -3), invite.replace(/.$/, "_"), invite.slice(9), "echo-net:"]) {
      const ended = await here("join", damaged, "--game", counter, "--json");
      expect(ended.code).toBe(3);
      expect(jsonOf(ended).error).toMatch(
        /^this is no invite: .*; copy the whole word that the host printed$/,
      );
    }
    const without = await here("join", invite, "--json");
    expect(without).toMatchObject({ code: 2, stdout: "" });
    expect(without.stderr).toContain("name the host's game with --game PATH");
    host.interrupt();
    await host.ended;
  });
});

/** Undefined until something of the match stands in the file. */
function journalSize(path: string): number | undefined {
  try {
    const lines = readFileSync(path, "utf8").split('"type":"tick"').length;
    return lines > 10 ? lines : undefined;
  } catch {
    return undefined;
  }
}

/** The built program as it was one protocol earlier. */
function olderProgram(): string {
  const folder = scratch();
  mkdirSync(`${folder}/dist`);
  cpSync(`${root}dist`, `${folder}/dist`, { recursive: true });
  cpSync(`${root}package.json`, `${folder}/package.json`);
  symlinkSync(`${root}node_modules`, `${folder}/node_modules`);
  const path = `${folder}/dist/core/guard/identity.js`;
  const text = readFileSync(path, "utf8");
  const older = text.replace("PROTOCOL_VERSION = 1;", "PROTOCOL_VERSION = 0;");
  expect(older).not.toBe(text);
  writeFileSync(path, older);
  return `${folder}/dist/cli/main.js`;
}
