import type { Output } from "../../src/core/session/outputs.js";
import { createTestMatch } from "../../src/testing/match.js";
import { makeMedley } from "../games/medley.js";
import { checkJournal } from "./check-journal.js";
import { EffectWatch } from "./effect-watch.js";
import { checkAgreement, checkEnds } from "./ends.js";
import { actionsOf } from "./incident.js";
import { JournalWatch } from "./journal-watch.js";
import { MarkCollector } from "./mark-collector.js";
import type { MarkCounts } from "./marks.js";
import { Pace } from "./pace.js";
import type { Scenario } from "./scenario.js";

export interface Played {
  readonly marks: MarkCounts;
  readonly finalTick: number;
  /** The journal of whoever went furthest. */
  readonly journal: string;
}

/** Plays a scenario to its end. Throws where a peer differs, loses, doubles, keeps too much or gets stuck. */
export function playScenario(scenario: Scenario): Played {
  const { slotsPerPeer, eventsPerTick, incidents, ticks, lostMs } = scenario;
  const game = makeMedley(scenario.tickHz, scenario.guesses);
  const journals = new JournalWatch();
  const effects = new EffectWatch(slotsPerPeer.length);
  const marks = new MarkCollector(scenario);
  const match = createTestMatch(game, {
    ...scenario,
    peers: slotsPerPeer.length,
    limits: { eventsPerTick, bytesPerTick: 65_536 },
    silence: { interruptedMs: 500, lostMs },
    input: () => scenario.temper,
    journal: (peer) => journals.sink(peer),
    onOutput: (peer, output: Output) => {
      if (output.type === "effect") effects.told(peer, output);
      if (output.type === "ended") effects.ended(peer);
      marks.output(peer, output);
    },
    guarded: false,
    repeat: "this scenario",
  });
  for (const { from, to, net } of scenario.directions) match.setDirection(from, to, net);
  const pace = new Pace(match, incidents);
  let playedMs = 0;
  for (const { atMs, act } of actionsOf(match, incidents)) {
    pace.runFor(atMs - playedMs);
    playedMs = atMs;
    marks.watching(match, act);
  }
  pace.runToEnd();
  checkAgreement(match, scenario);
  const finalTick = checkEnds(match.peers, scenario);
  marks.ended(match, effects.counts);
  checkJournal(journals.text, game, finalTick, marks.counts["quota refused"] === 0);
  if (finalTick > ticks) throw new Error(`tick ${finalTick} was played of ${ticks}`);
  return { marks: marks.counts, finalTick, journal: journals.text };
}
