import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { root } from "./tidy/modules.js";

const script = (...args: string[]): { status: number | null; stdout: string; stderr: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  return { status, stdout, stderr };
};

describe("npm run soak", () => {
  test.each([
    [["--seeds", "many"], "--seeds takes a whole number from 1 on, not many."],
    [["--from", "0"], "--from takes a whole number from 1 on, not 0."],
    [["--sheds", "5"], "Usage: npm run soak -- --seeds 5000 [--from 1]"],
  ])("with %j says what is wrong and runs nothing", (args, message) => {
    const { status, stderr } = script("scripts/soak.mjs", ...args);
    expect(status).toBe(1);
    expect(stderr).toContain("Failed: reading the arguments.");
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
  });
});

test("npm start plays, replays and says what happened", () => {
  const { status, stdout, stderr } = script("scripts/start.mjs");
  expect({ status, stderr: stderr.replace(/^ {2}tick \d+ of \d+ is final\n/gm, "") }).toEqual({
    status: 0,
    stderr: "",
  });
  expect(stdout).toMatch(/Four peers played 900 ticks\./);
  expect(stdout).toMatch(/ [1-9]\d+ rollbacks, [1-9]\d+ ticks run again, \d+ kB sent in all/);
  expect(stdout).toMatch(/two processes played 600 ticks over UDP/);
});
