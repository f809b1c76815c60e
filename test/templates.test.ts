import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { here, jsonOf } from "./cli/harness.js";
import { root } from "./tidy/modules.js";

describe("the template of a game in Lua", () => {
  const folder = `${root}templates/lua`;

  test("EN-1193 plays, is watched, and shows no slip", async () => {
    const checked = jsonOf(await here("check", folder, "--ticks", "60", "--players", "3", "--json"));
    expect(checked).toMatchObject({ ok: true, hints: [] });
    const played = jsonOf(
      await here("simulate", folder, "--net", "mobile", "--ticks", "300", "--input-delay", "0", "--json"),
    );
    expect(played).toMatchObject({ agreed: true, peers: [{ scriptErrors: 0 }, { scriptErrors: 0 }] });
    expect(played.peers[0].rollbacks).toBeGreaterThan(0);
    const { draw } = (await import(`${folder}/draw.mjs`)) as { draw(view: unknown): string };
    const world = { script: "world", components: { width: 3, height: 2 } };
    const player = { script: "player", slot: 1, components: { x: 2, y: 1, score: 7, is_happy: false } };
    expect(draw([world, player])).toBe("···\n··1\nplayer 1: 7");
  });

  test("EN-1193 passes its own test, from the built package", () => {
    const { status, stdout } = spawnSync(process.execPath, ["--test", `${folder}/test.mjs`], {
      encoding: "utf8",
    });
    expect(stdout).toMatch(/pass 2\n/);
    expect(status).toBe(0);
  });
});
