import { describe, expect, test } from "vitest";
import { EchoNetError } from "../core/base/errors.js";
import { SimulationError } from "../core/session/simulation.js";
import { faultWords } from "./fault-words.js";

const invalid = (hint: string): EchoNetError => new EchoNetError("GAME_INVALID", hint);

describe("faultWords", () => {
  test.each([
    ["step", new Error("boom"), "step threw: boom"],
    ["on.move of slot 1", new TypeError(""), "on.move of slot 1 threw: TypeError"],
    ["input of slot 0", "no", "input of slot 0 threw: no"],
    [
      "step",
      new SimulationError("step threw in tick 7: boom", { cause: new Error("boom") }),
      "step threw: boom",
    ],
    ["step", new SimulationError("state.ship is a Ship"), "state.ship is a Ship"],
    ["setup", invalid("setup: state.ship is a Ship"), "setup: state.ship is a Ship"],
    ["input of slot 1", invalid("input of slot 1 changed the state"), "input of slot 1 changed the state"],
    ["step", invalid('"jump" is no event'), 'step threw: "jump" is no event'],
  ])("EN-834 says once where %s failed", (where, error, words) => {
    expect(faultWords(where, error)).toBe(words);
  });
});
