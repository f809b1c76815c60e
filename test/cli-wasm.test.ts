import { writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { here, jsonOf, Running, scratch } from "./cli/harness.js";
import { DECLARATION, trialsWithout } from "./wasm/abi-module.js";
import { assemble } from "./wasm/assembler.js";
import { gemsBytes } from "./wasm/gems.js";

const written = (bytes: Uint8Array): string => {
  const path = `${scratch()}/game.wasm`;
  writeFileSync(path, bytes);
  return path;
};

describe("a .wasm file as GAME", () => {
  let gems: string;
  beforeAll(async () => {
    gems = written(await gemsBytes());
  }, 60_000);

  test("EN-1043 is simulated, and its journal replayed", async () => {
    const folder = scratch();
    const played = await here(
      "simulate",
      gems,
      "--ticks",
      "200",
      "--net",
      "lossy",
      "--json",
      "--journal",
      folder,
    );
    expect(played.code).toBe(0);
    const { agreed, finalHash } = jsonOf(played);
    expect(agreed).toBe(true);
    const replayed = await here("replay", `${folder}/peer1.jsonl`, "--game", gems, "--json");
    expect(jsonOf(replayed)).toMatchObject({ ok: true, ticks: 200, finalHash });
  });

  test("EN-1043 is checked", async () => {
    expect(jsonOf(await here("check", gems, "--ticks", "60", "--json"))).toMatchObject({ ok: true });
  });

  test("EN-1043 that another build made is not the journal's game", async () => {
    const folder = scratch();
    await here("simulate", gems, "--ticks", "30", "--journal", folder);
    // A custom section changes nothing but the bytes.
    const other = written(Uint8Array.from([...(await gemsBytes()), 0, 2, 1, 65]));
    expect((await here("replay", `${folder}/peer0.jsonl`, "--game", other)).code).toBe(2);
  });

  test.each<[string, string[], object | undefined, string]>([
    ["without a view", [], undefined, "the module has no echo_view that would show its state"],
    ["that shows too little", ["echo_view"], { sum: "f64" }, "its echo_view failed, called no echo.view, or"],
  ])("EN-956 %s is watched all the same", async (_, kept, view, words) => {
    const { device: __, ...declaration } = DECLARATION;
    const left = ["echo_input", "echo_view"].filter((name) => !kept.includes(name));
    const game = written(trialsWithout(left, { ...declaration, view }));
    const watched = await new Running(["simulate", game, "--ticks", "10", "--watch"], { terminal: true })
      .ended;
    expect(watched.code).toBe(0);
    expect(watched.stderr).toContain(`There is nothing to draw: ${words}`);
  });

  test.each([
    ["cut off", async () => (await gemsBytes()).slice(0, 300), /offset \d+: the \w+ section breaks off/],
    [
      "without exports",
      async () => trialsWithout(["echo_step"]),
      /game\.wasm is no game: it exports no echo_step \(\) -> \(\)/,
    ],
    [
      "with threads",
      async () => assemble({ memory: [3, 1, 1] }),
      /memory section at offset \d+: a memory that threads share/,
    ],
    [
      "with unknown imports",
      async () => assemble({ imports: [{ module: "env", name: "now", type: ">F" }] }),
      /import section at offset \d+: it imports env\.now, which nobody provides/,
    ],
  ])("EN-1043 %s is refused with its place", async (_, bytes, words) => {
    const ended = await here("check", written(await bytes()), "--json");
    expect(ended.code).toBe(3);
    expect(jsonOf(ended).error).toMatch(words);
  });
});
