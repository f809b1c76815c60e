import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readJournal } from "../src/core/journal/reader.js";
import { counter, here, jsonOf, scratch } from "./cli/harness.js";

const endless = counter.replace("counter", "endless");
const interrupted = counter.replace("counter", "interrupted");
const now = Date.now;
beforeEach(() => void vi.stubEnv("ECHO_NET_STUCK_MS", "500"));
afterEach(() => void vi.unstubAllEnvs());

describe("a tick that does not come to an end", () => {
  test("EN-995 is told by check with tick and function", async () => {
    const ended = await here("check", endless);
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(/^echo-net check: tick 7: step has not come back for 0\.5 s: .*loop.*\n$/);
    // What stood guard while it ran is gone.
    expect(Date.now).toBe(now);
    const inJson = jsonOf(await here("check", endless, "--json"));
    expect(inJson).toEqual({ ok: false, error: expect.stringMatching(/^tick 7: step /) });
  });

  test("EN-995 is told by simulate, with whole journals up to it", async () => {
    const folder = scratch();
    const ended = await here("simulate", endless, "--journal", folder, "--json");
    expect(ended.code).toBe(1);
    expect(jsonOf(ended)).toMatchObject({ agreed: false, error: expect.stringMatching(/tick \d+.*loop/) });
    const reading = readJournal(readFileSync(`${folder}/peer0.jsonl`));
    expect(reading.ok && reading.journal).toMatchObject({ torn: false, complete: false });
  });

  test.each(["check", "simulate"])("EN-995 is told by %s where it is setup", async (name) => {
    const path = `${scratch()}/game.ts`;
    writeFileSync(path, readFileSync(endless, "utf8").replace("({ at: 0 })", "{ for (;;); }"));
    const { code, stderr } = await here(name, path);
    expect(code).toBe(1);
    expect(stderr).toMatch(/: setup has not come back for 0\.5 s: /);
  });

  test.each(["check", "simulate"])(
    "EN-996 %s ends with 130 where it is interrupted meanwhile",
    async (name) => {
      const ended = await here(name, interrupted, "--json");
      expect(ended.code).toBe(130);
      expect(jsonOf(ended).error).toBe("interrupted");
      expect(Date.now).toBe(now);
    },
  );
});
