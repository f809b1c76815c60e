import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { root } from "./tidy/modules.js";

const script = (...args: string[]): { status: number | null; stderr: string } => {
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  return { status, stderr };
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
