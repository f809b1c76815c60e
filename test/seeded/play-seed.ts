import { drawScenario } from "./draw-scenario.js";
import { type Played, playScenario } from "./play-scenario.js";
import { titleOf } from "./scenario.js";

/** Plays the match that a seed stands for. Throws with what went wrong, what was played, and how to repeat it. */
export function playSeed(seed: number): Played {
  const scenario = drawScenario(seed);
  try {
    return playScenario(scenario);
  } catch (error) {
    // A match names its own seed and command after the first line, which play another game.
    const [what] = (error instanceof Error ? error.message : String(error)).split("\n", 1);
    const repeat = `repeat it with: npm run soak -- --seeds 1 --from ${seed}`;
    throw new Error(`seed ${seed}: ${what}\n${titleOf(scenario)}\n${repeat}`, { cause: error });
  }
}
