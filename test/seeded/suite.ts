import { describe, expect, test } from "vitest";
import { drawScenario } from "./draw-scenario.js";
import { type Mark, MarkTally } from "./marks.js";
import { playSeed } from "./play-seed.js";
import { titleOf } from "./scenario.js";

/**
 * A test for each seed, and one for what has to have happened in some of them. `elsewhere` is what the other half of
 * the seeds is asked for.
 */
export function seededMatches(seeds: readonly number[], elsewhere: readonly Mark[] = []): void {
  describe("matches at random agree, lose and double nothing, and keep their bounds", () => {
    const tally = new MarkTally();
    let played = 0;
    for (const seed of seeds) {
      test(`EN-860 seed ${seed}: ${titleOf(drawScenario(seed))}`, () => {
        const { marks } = playSeed(seed);
        tally.add(marks);
        played++;
      });
    }
    test("EN-861 everything that can happen to a match happened in one of them", ({ skip }) => {
      skip(played < seeds.length, "not all seeds were played");
      expect(tally.missing.filter((mark) => !elsewhere.includes(mark))).toEqual([]);
    });
  });
}
