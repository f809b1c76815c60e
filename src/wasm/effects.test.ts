import { expect, test } from "vitest";
import { assemble, type Code, leb, list, uleb } from "../../test/wasm/assembler.js";
import { asSlot, chronosTick, type KairosBranchId } from "../core/base/brand.js";
import { Snapshot } from "../core/session/simulation.js";
import { EFFECT_BYTES_PER_TICK } from "../game/limits.js";
import { loadWasmGame } from "./load.js";

const CARRIED = 60_000;
const COMPACT_AT = 4_096;
const JSON_AT = 1_024;
const LENGTH = uleb(CARRIED);
const i32 = (value: number): Code => [0x41, ...leb(value)];

/** A game whose one event asks for four effects of 60,000 bytes each. */
function lavishModule(): Uint8Array<ArrayBuffer> {
  const declared = { name: "lavish", version: "1", events: { ask: {} } };
  const effects = { big: { data: { bytes: CARRIED } } };
  const json = [...Buffer.from(JSON.stringify({ ...declared, effects }))];
  const compact = [...i32(COMPACT_AT), ...i32(LENGTH.length + CARRIED)];
  const ask = [...i32(0), ...i32(0), ...i32(-1), ...compact, 0x10, 1];
  return assemble({
    imports: [
      { module: "echo", name: "declare", type: "ii>" },
      { module: "echo", name: "effect", type: "iiiii>" },
    ],
    functions: [
      { type: ">i", export: "echo_abi", code: i32(1) },
      { type: ">", export: "echo_declare", code: [...i32(JSON_AT), ...i32(json.length), 0x10, 0] },
      { type: "i>", export: "echo_setup", code: [] },
      { type: ">", export: "echo_step", code: [] },
      { type: "iiiiii>", export: "echo_on_event", code: [...ask, ...ask, ...ask, ...ask] },
    ],
    memory: [1, 2, 2],
    raw: {
      11: list([
        [0, ...i32(JSON_AT), 0x0b, ...uleb(json.length), ...json],
        [0, ...i32(COMPACT_AT), 0x0b, ...uleb(LENGTH.length), ...LENGTH],
      ]),
    },
  });
}

test("EN-1053 a module's effects of one tick carry so much and no more: the event that asks for it is dropped", () => {
  const game = loadWasmGame(lavishModule());
  const simulation = game.createSimulation();
  const kairos = "0".repeat(32) as KairosBranchId;
  simulation.begin({ kairos, seed: new Uint8Array(32), slots: [asSlot(0), asSlot(1)] });
  const run = (tick: number, ...slots: readonly number[]): void => {
    const chronos = chronosTick(tick);
    const events = slots.map((slot, id) =>
      game.catalog.envelope(game.catalog.pack("ask", {}, chronos), id, chronos, kairos, asSlot(slot)),
    );
    simulation.saveInto(new Snapshot());
    simulation.step(chronos, events);
  };
  run(1, 0, 1);
  expect(simulation.effects.map(({ slot }) => slot)).toEqual([0, 0, 0, 0]);
  expect(simulation.faults).toHaveLength(1);
  expect(String(simulation.faults[0]!.error)).toContain(`more than ${EFFECT_BYTES_PER_TICK} bytes`);
  // Another tick begins anew.
  run(2, 1);
  expect(simulation.effects.map(({ slot }) => slot)).toEqual([1, 1, 1, 1]);
  expect(simulation.faults).toEqual([]);
});
