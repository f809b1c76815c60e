import { describe, expect, test } from "vitest";
import { DECLARATION, trials, trialsPlan, trialsWithout } from "../../test/wasm/abi-module.js";
import { assemble, leb, list, uleb } from "../../test/wasm/assembler.js";
import { EchoNetError } from "../core/base/errors.js";
import { parseBundle } from "../core/bundle/game-bundle.js";
import { isGame } from "../game/define-game.js";
import { loadWasmGame } from "./load.js";

function hintOf(bytes: Uint8Array): string {
  try {
    loadWasmGame(bytes);
  } catch (error) {
    if (error instanceof EchoNetError && error.code === "GAME_INVALID") return error.hint;
    throw error;
  }
  throw new Error("it was taken");
}

describe("a module as a game", () => {
  test("EN-1036 is what it declares, known by every byte", () => {
    const bytes = trials();
    const game = loadWasmGame(bytes);
    expect(isGame(game)).toBe(true);
    expect(game).toMatchObject({ name: "trials", version: "1", tickHz: 60 });
    expect(parseBundle(game.bundle!)).toMatchObject({
      ...{ kind: "wasm", name: "trials", settings: { memoryCapPages: 256 } },
      files: { "game.wasm": bytes },
    });
    expect(game.catalog.kinds.map(({ name }) => name)).toEqual(Object.keys(DECLARATION.events));
    const other = loadWasmGame(trials({ ...DECLARATION, version: "2" }));
    expect(
      new Set([game, other, loadWasmGame(bytes, { memoryCapPages: 2 })].map((one) => one.fingerprint)).size,
    ).toBe(3);
    expect(loadWasmGame(bytes).fingerprint).toBe(game.fingerprint);
  });

  test("EN-1037 that lacks what a game needs is refused with all that is missing", () => {
    expect(hintOf(trialsWithout(["echo_setup", "echo_step"]))).toBe(
      "the module is no game: it exports no echo_setup (i32) -> (); it exports no echo_step () -> () (see docs/wasm.md)",
    );
    expect(hintOf(assemble({ functions: [{ type: "i>", export: "echo_abi", code: [] }] }))).toContain(
      "its echo_abi is (i32) -> () and must be () -> (i32)",
    );
    expect(hintOf(trialsWithout(["echo_input"]))).toContain("exports no echo_input");
    expect(hintOf(trialsWithout(["echo_view"]))).toContain("exports no echo_view");
    const plan = trialsPlan();
    const withCode = (name: string, code: readonly number[]): Uint8Array =>
      assemble({
        ...plan,
        functions: plan.functions!.map((one) => (one.export === name ? { ...one, code } : one)),
      });
    expect(hintOf(withCode("echo_abi", [0x41, 2]))).toContain("made for version 2 of docs/wasm.md");
    expect(hintOf(withCode("echo_declare", []))).toBe("echo_declare does not call echo.declare");
    expect(hintOf(withCode("echo_declare", [0x00]))).toBe("echo_declare trapped");
    expect(hintOf(withCode("echo_declare", [0x41, 0x7f, 0x41, 5, 0x10, 0]))).toBe(
      "echo_declare: 5 bytes at 4294967295 are not in its memory",
    );
    expect(hintOf(assemble({ ...plan, start: 4 + 2 }))).toBe(
      "the module's start function does not come to its end",
    );
  });

  test("EN-1038 whose declaration is no JSON is refused with what the engine says of it", () => {
    const plan = trialsPlan();
    const json = [...Buffer.from('{"name": oops}')];
    const code = [0x41, ...leb(4096), 0x41, ...leb(json.length), 0x10, 0];
    const data = list([[0, 0x41, ...leb(4096), 0x0b, ...uleb(json.length), ...json]]);
    const module = assemble({
      ...plan,
      functions: plan.functions!.map((one) => (one.export === "echo_declare" ? { ...one, code } : one)),
      raw: { 11: data },
    });
    expect(hintOf(module)).toMatch(/^the module's declaration is no JSON: Unexpected token .*oops/);
  });

  test.each([
    [{ ...DECLARATION, name: "" }, "a game's name is text of 1 to 64 printable ASCII characters"],
    [{ ...DECLARATION, tickHz: 0 }, "tickHz is a whole number from 1 to"],
    [{ ...DECLARATION, more: 1 }, 'the declaration has no part "more"'],
    [{ ...DECLARATION, events: { a: { fields: { x: "i7" } } } }, 'events.a.fields.x has no type "i7"'],
    [{ ...DECLARATION, events: { a: { fields: { x: {} } } } }, "events.a.fields.x is no type; write"],
    [{ ...DECLARATION, events: { a: { fields: { x: { text: "long" } } } } }, "text"],
    [{ ...DECLARATION, events: { a: { predict: "maybe" } } }, "predict"],
    [{ ...DECLARATION, events: { "a b": {} } }, 'events: "a b" is no name'],
    [{ ...DECLARATION, effects: { bang: 3 } }, "effects.bang is no JSON object"],
    [[], "the declaration is no JSON object"],
  ])("EN-1038 whose declaration breaks a rule is refused with its place: %#", (declaration, hint) => {
    expect(hintOf(trials(declaration))).toContain(hint);
  });
});
