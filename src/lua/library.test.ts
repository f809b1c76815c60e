import { describe, expect, test } from "vitest";
import { CONSTANTS, LIBRARY } from "../../test/lua/library.js";
import { Solo } from "../../test/lua/solo.js";

/** Each claim on a line of its own, so that what is wrong with one is told apart. */
async function falseOnes(claims: readonly string[]): Promise<unknown> {
  const functions = claims.map((claim) => `function() return ${claim} end,`).join("\n");
  const solo = await Solo.of(`local claims = {
    ${functions}
  }
  function on_tick()
    self.wrong = {}
    for i, claim in ipairs(claims) do
      local ok, holds = pcall(claim)
      if not ok then self.wrong["" .. i] = holds elseif not holds then self.wrong["" .. i] = "false" end
    end
  end`);
  solo.run(1);
  expect(solo.faults).toEqual([]);
  const wrong = solo.self().wrong as Record<string, string>;
  return Object.entries(wrong).map(([place, said]) => `${claims[Number(place) - 1]}: ${said}`);
}

describe("the library", () => {
  test.each(Object.entries(LIBRARY))("EN-1164 %s does as the Lua 5.4 manual says", async (_, claims) => {
    expect(await falseOnes(claims)).toEqual([]);
  });

  test("EN-1164 would be told where it did not", async () => {
    expect(await falseOnes(["true", "1 == 2", "nil + 1"])).toEqual([
      "1 == 2: false",
      "nil + 1: game.lua:4: attempt to perform arithmetic on a nil value",
    ]);
  });

  test("EN-1164 has its constants, and nothing that is not looked at here", async () => {
    expect(await falseOnes(Object.values(CONSTANTS))).toEqual([]);
    const solo = await Solo.of(`function on_tick()
      local names = {}
      for _, library in ipairs({ "coroutine", "math", "string", "table", "utf8" }) do
        for name in pairs(_ENV[library]) do names[#names + 1] = library .. "." .. name end
      end
      self.names = names
    end`);
    const { names } = solo.run(1).self() as { names: string[] };
    const known = [...Object.keys(LIBRARY), ...Object.keys(CONSTANTS)].filter((name) => name.includes("."));
    expect(names.sort()).toEqual(known.sort());
  });
});
