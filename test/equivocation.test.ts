import { describe, expect, test } from "vitest";
import { FacesMatch } from "./direct/two-faces.js";
import { pads, restless } from "./games/pads.js";

const TICKS = 400;
const LIE_TICK = 150;

/** As `restless`, but for one tick. */
const lying = (slot: number, chronos: number): unknown =>
  chronos === LIE_TICK ? { x: 99 } : restless(slot, chronos);

describe("a peer with two faces", () => {
  const match = new FacesMatch(
    pads,
    3,
    [
      { peer: 0, input: restless },
      { peer: 1, input: restless },
      { peer: 2, input: restless, heardBy: [0] },
      { peer: 2, input: lying, heardBy: [1] },
    ],
    TICKS,
  );
  match.run(2_000);
  const honest = match.faces.filter(({ peer }) => peer < 2);

  test("EN-519 ends the match as equivocation that names the slot", () => {
    for (const { session, outputs } of honest) {
      expect(outputs.at(-1)).toEqual({
        type: "ended",
        reason: "equivocation",
        chronos: LIE_TICK - 1,
        slot: 2,
      });
      expect(session.ended?.agreed).toBe(false);
      expect(outputs.some((output) => output.type === "desync")).toBe(false);
    }
  });

  test("EN-518 leaves honest journals equal, up to the tick before", () => {
    const [a, b] = honest.map(({ journal }) => journal.join("\n"));
    expect(a).toBe(b);
    expect(honest[0]!.journal.at(-1)).toContain(`"chronos":${LIE_TICK - 1},`);
  });
});

describe("peers without a second face", () => {
  test("EN-519 reach the end of the same match", () => {
    const faces = [0, 1, 2].map((peer) => ({ peer, input: restless }));
    const match = new FacesMatch(pads, 3, faces, TICKS);
    match.run(2_000);
    for (const { outputs, journal } of match.faces) {
      expect(outputs.at(-1)).toEqual({ type: "ended", reason: "finished", chronos: TICKS });
      expect(journal).toEqual(match.faces[0]!.journal);
    }
  });
});
