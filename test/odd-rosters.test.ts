import { describe, expect, test } from "vitest";
import { FacesMatch, type FacesTerms } from "./direct/two-faces.js";
import { pads, restless } from "./games/pads.js";

const TICKS = 150;

function play(slots: readonly (readonly number[])[], terms: FacesTerms = {}): FacesMatch {
  const faces = slots.map((_, peer) => ({ peer, input: restless }));
  return new FacesMatch(pads, slots.length, faces, TICKS, { ...terms, slots });
}

function expectAgreedEnd(match: FacesMatch, end: object): void {
  for (const { outputs, journal } of match.faces) {
    expect(outputs.at(-1)).toEqual({ type: "ended", ...end });
    expect(journal).toEqual(match.faces[0]!.journal);
    expect(journal.at(-1)).toContain('"type":"end"');
  }
}

describe("rosters that are not one player a peer", () => {
  test("EN-505 one peer that plays all eight slots runs, ends and leaves alone", () => {
    const whole = play([[0, 1, 2, 3, 4, 5, 6, 7]]);
    whole.run(400);
    expectAgreedEnd(whole, { reason: "finished", chronos: TICKS });
    const left = play([[0]]);
    left.run(100);
    left.faces[0]!.session.leave();
    left.run(100);
    expectAgreedEnd(left, { reason: "left", chronos: 100, slot: 0 });
  });

  test("EN-516 a host that plays no slot is waited for, agrees, and leaves in nobody's name", () => {
    const whole = play([[], [0], [1]]);
    whole.run(400);
    expectAgreedEnd(whole, { reason: "finished", chronos: TICKS });
    const left = play([[], [0], [1]]);
    left.run(100);
    const { session } = left.faces[0]!;
    expect(() => session.setInput({ x: 1 })).toThrow("slot 0 is not played here; this peer plays none");
    session.leave();
    left.run(200);
    expectAgreedEnd(left, { reason: "left", chronos: 100 });
  });

  for (const windowTicks of [0, 1, 60]) {
    for (const hashEveryTicks of [1, 7, 500]) {
      test(`EN-505 EN-517 a window of ${windowTicks}, hashed every ${hashEveryTicks}`, () => {
        for (const inputDelayTicks of [0, 30, "auto"] as const) {
          const match = play([[0], [1, 2], [3]], {
            manifest: { windowTicks, hashEveryTicks },
            inputDelayTicks,
          });
          match.run(1_000);
          expectAgreedEnd(match, { reason: "finished", chronos: TICKS });
        }
      });
    }
  }
});
