import { describe, expect, test } from "vitest";
import { asSlot, chronosTick, type KairosBranchId } from "../src/core/base/brand.js";
import { domainHash } from "../src/core/base/hash.js";
import { toHex } from "../src/core/base/text.js";
import { defineGame, event, t } from "../src/index.js";
import { FacesMatch } from "./direct/two-faces.js";

const dial = defineGame({
  name: "dial",
  version: "1",
  events: { turn: event({ x: t.u32 }) },
  setup: () => ({ sum: 0 }),
  on: {
    turn: (state, evt) => {
      state.sum = (state.sum * 31 + evt.payload.x) % 1_000_003;
    },
  },
  input: (x: number, emit) => emit("turn", { x }),
});

const TICKS = 300;
const LIE_TICK = 150;
const LIAR = 2;
/** What an author can make alike in two contents of its own within a second. */
const ALIKE_BYTES = 4;

const honest = (slot: number, chronos: number): number => slot + chronos;

/** Two contents of the liar's tick whose hashes in a ledger begin alike. */
function alike(kairos: KairosBranchId): readonly [number, number] {
  const seen = new Map<string, number>();
  for (let x = 0; ; x++) {
    const content = dial.catalog.pack("turn", { x }, chronosTick(LIE_TICK));
    const hash = dial.catalog.envelopeHashBytes(content, 0, chronosTick(LIE_TICK), kairos, asSlot(LIAR));
    const start = toHex(domainHash("ledger", hash).subarray(0, ALIKE_BYTES));
    const other = seen.get(start);
    if (other !== undefined) return [other, x];
    seen.set(start, x);
  }
}

describe("a peer with two faces that chooses its events so that they look alike", () => {
  test("EN-519 is told from a desync all the same", () => {
    const honestFaces = [0, 1].map((peer) => ({ peer, input: honest }));
    const { identity } = new FacesMatch(dial, 3, honestFaces, TICKS).faces[0]!.session;
    const lies = alike(identity.kairos).map((lie, face) => ({
      peer: LIAR,
      input: (slot: number, chronos: number) => (chronos === LIE_TICK ? lie : honest(slot, chronos)),
      heardBy: [face],
    }));
    const match = new FacesMatch(dial, 3, [...honestFaces, ...lies], TICKS);
    match.run(1_000);
    const [a, b] = match.faces;
    for (const { outputs } of [a!, b!]) {
      expect(outputs.at(-1)).toEqual({
        type: "ended",
        reason: "equivocation",
        chronos: LIE_TICK - 1,
        slot: LIAR,
      });
      expect(outputs.some(({ type }) => type === "desync")).toBe(false);
    }
    expect(a!.journal).toEqual(b!.journal);
  });
});
