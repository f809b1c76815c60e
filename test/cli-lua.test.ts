import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Ended, here, jsonOf, Running, scratch } from "./cli/harness.js";
import { root } from "./tidy/modules.js";

const sample = `${root}examples/lua-sample/player.lua`;

/** A folder of scripts. */
function folder(files: Readonly<Record<string, string>>): string {
  const path = join(scratch(), "game");
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

describe("a game in Lua", () => {
  test.each(["player.lua", ""])(
    "EN-950 is simulated, and its journal replays (examples/lua-sample/%s)",
    async (file) => {
      const game = `${root}examples/lua-sample/${file}`;
      const journals = scratch();
      const args = ["simulate", game, "--ticks", "120", "--net", "mobile", "--journal", journals, "--json"];
      const played = jsonOf(await here(...args));
      expect(played).toMatchObject({
        agreed: true,
        ticks: 120,
        peers: [{ scriptErrors: 0 }, { scriptErrors: 0 }],
      });
      expect(played.peers.some((peer: { rollbacks: number }) => peer.rollbacks > 0)).toBe(true);
      const replayed = await here("replay", join(journals, "peer1.jsonl"), "--game", game, "--json");
      expect(jsonOf(replayed)).toMatchObject({
        ok: true,
        complete: true,
        ticks: 120,
        finalHash: played.finalHash,
      });
      const changed = folder({ "player.lua": "function on_player_input() end" });
      expect((await here("replay", join(journals, "peer1.jsonl"), "--game", changed, "--json")).code).toBe(2);
    },
  );

  test("EN-951 is checked: a script's error is named with file, line and tick", async () => {
    expect(jsonOf(await here("check", sample, "--ticks", "60", "--json"))).toMatchObject({ ok: true });
    const broken = folder({
      "player.lua": "function on_tick()\n  if echo.chronos() == 20 then error('late') end\nend",
    });
    const ended = await here("check", broken, "--ticks", "60", "--json");
    expect(ended.code).toBe(1);
    expect(jsonOf(ended)).toMatchObject({
      chronos: 20,
      cause: expect.stringContaining("on_tick of slot 0 threw: player.lua:2: late"),
    });
  });

  test("EN-952 is refused with file and line where it does not parse, or has no player.lua", async () => {
    const unread = folder({ "player.lua": "", "bird.lua": "x = 1\ny = = 2" });
    const ended = await here("simulate", unread, "--json");
    expect(ended.code).toBe(3);
    expect(jsonOf(ended).error).toContain("bird.lua:2: unexpected symbol near '='");
    expect((await here("simulate", folder({ "world.lua": "" }))).stderr).toContain("has no player.lua");
  });

  test("EN-952 is refused in words where a script is no file", async () => {
    const [asFolder, asLink] = [folder({}), folder({})];
    mkdirSync(join(asFolder, "player.lua"));
    expect((await here("check", asFolder)).stderr).toMatch(/\/player\.lua cannot be read: it is a folder\n$/);
    symlinkSync("gone.lua", join(asLink, "player.lua"));
    expect((await here("check", asLink)).stderr).toMatch(
      /\/player\.lua cannot be read: there is no such file, or it is a link to none\n$/,
    );
  });

  test("EN-912 says where states differ by entity and field", async () => {
    const game = folder({ "player.lua": "", "world.lua": "self.W = 1" });
    const ended = await here("simulate", game, "--ticks", "20", "--fault", "corrupt:1@5");
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain("differ at tick 5, at world.self.W: ");
  });

  test("EN-951 names the tick that input ran for, as simulate does", async () => {
    const broken = folder({ "player.lua": "function on_input() error('in') end" });
    expect((await here("check", broken)).stdout).toMatch(
      /does not hold: tick 1\.\non_input of slot \d threw/,
    );
    const { stdout } = await here("simulate", broken, "--ticks", "10", "--input-delay", "0");
    expect(stdout).toMatch(/on_input of slot \d threw: .*first in tick 1$/m);
  });

  test("EN-953 that fails in every tick agrees, and is told to fail", async () => {
    const broken = folder({ "player.lua": "function on_tick() self.y = self.z + 1 end" });
    const ended = await here("simulate", broken, "--ticks", "40");
    expect(ended.code).toBe(0);
    const lines = ended.stdout.split("\n");
    expect(lines[1]).toMatch(/^Agreed, but the game's own code failed 80 times: every peer computed/);
    expect(lines[2]).toMatch(
      /on_tick of slot 0 threw: player\.lua:1: .*\(field 'z'\); 40 times, first in tick 1/,
    );
  });

  test("EN-954 is watched through the draw.mjs beside it, and without one as a line for each entity", async () => {
    const watch = async (game: string): Promise<Ended> =>
      await new Running(["simulate", game, "--ticks", "10", "--watch"], { terminal: true }).ended;
    const demo = await watch(`${root}examples/splash-lua`);
    expect(demo.code).toBe(0);
    expect(demo.stderr).toContain("round 1");
    expect(demo.stderr).toContain("2 balloons, reach 2");
    const plain = { "player.lua": "self.x, self.list = 1.25, {1,2,3,4,5,6,7,8,9}" };
    expect((await watch(folder(plain))).stderr).toMatch(/slot 1 {2}list \[9 items\] {2}x 1\.250/);
    const silent = await watch(folder({ ...plain, "draw.mjs": "export const paint = 1;" }));
    expect(silent.code).toBe(3);
    expect(silent.stderr).toContain("draw.mjs draws nothing: it exports no function draw(view)");
  });

  test("EN-956 names file and line where what draws it throws", async () => {
    const draw = "export function draw(entities) {\n  return entities.none.name;\n}\n";
    const game = folder({ "player.lua": "", "draw.mjs": draw });
    const { code, stderr } = await new Running(["simulate", game, "--watch"], { terminal: true }).ended;
    expect(code).toBe(3);
    expect(stderr).toMatch(/its draw threw: Cannot read .*\(.*\/draw\.mjs:2:\d+\)\n$/);
  });

  test("EN-955 is checked for slips that are no errors", async () => {
    const slip = folder({ "player.lua": "function on_input() self.x = 1 end\nfunction on_tck() end" });
    const { code, stdout } = await here("check", slip, "--ticks", "20");
    expect(code).toBe(0);
    expect(stdout).toContain("echo.input is nil");
    expect(stdout).toMatch(/\nplayer\.lua:2: nothing calls on_tck, .* did you mean on_tick\?\n/);
    expect(stdout).toMatch(/\nplayer\.lua:1: on_input sets self\.x, on a copy that is thrown away/);
    expect(jsonOf(await here("check", slip, "--ticks", "20", "--json")).hints).toHaveLength(2);
  });
});
