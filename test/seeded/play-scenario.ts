import type { Output } from "../../src/core/session/outputs.js";
import { createTestMatch, type TestMatch } from "../../src/testing/match.js";
import { medley } from "../games/medley.js";
import { EffectWatch } from "./effect-watch.js";
import { actionsOf } from "./incident.js";
import { JournalWatch } from "./journal-watch.js";
import { MarkCollector } from "./mark-collector.js";
import type { MarkCounts } from "./marks.js";
import { checkReplay } from "./replay-check.js";
import type { Scenario } from "./scenario.js";

/** Longer than any silence before a peer is given up, and than what is asked before an end: 20 s at 60 Hz. */
const STUCK_TICKS = 1_200;

export interface Played {
  readonly marks: MarkCounts;
  readonly finalTick: number;
  /** The journal of whoever went furthest. */
  readonly journal: string;
}

/** Plays a scenario to its end. Throws where a peer differs, loses, doubles, keeps too much or gets stuck. */
export function playScenario(scenario: Scenario): Played {
  const { slotsPerPeer, eventsPerTick, incidents, ticks } = scenario;
  const journals = new JournalWatch();
  const effects = new EffectWatch(slotsPerPeer.length);
  const marks = new MarkCollector(scenario);
  const match = createTestMatch(medley, {
    ...scenario,
    peers: slotsPerPeer.length,
    limits: { eventsPerTick, bytesPerTick: 65_536 },
    silence: { interruptedMs: 500, lostMs: scenario.lostMs },
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
  let playedTicks = 0;
  for (const { at, act } of actionsOf(match, incidents)) {
    match.runTicks(at - playedTicks);
    playedTicks = at;
    marks.watching(match, act);
  }
  runToEnd(match);
  match.assertAgreed();
  marks.ended(match, effects.counts);
  const finalTick = checkEnds(match, scenario);
  checkReplay(journals.text, finalTick);
  if (finalTick > ticks) throw new Error(`tick ${finalTick} was played of ${ticks}`);
  return { marks: marks.counts, finalTick, journal: journals.text };
}

function runToEnd(match: TestMatch): void {
  const finalTicks = (): number => match.peers.reduce((sum, peer) => sum + peer.finalTick, 0);
  const isDone = (): boolean => match.peers.every((peer) => peer.silent || peer.session.done);
  for (let before = -1; !isDone(); ) {
    const now = finalTicks();
    if (now === before) {
      const ticks = match.peers.map((peer) => `${peer.finalTick}/${peer.tick}`);
      throw new Error(`nothing became final for ${STUCK_TICKS} ticks: peers are at ${ticks.join(", ")}`);
    }
    before = now;
    for (let ran = 0; ran < STUCK_TICKS && !isDone(); ran += 60) match.runTicks(60);
  }
}

/** All who play on end alike, and let go of what they held; gives their last tick. */
function checkEnds({ peers }: TestMatch, { incidents }: Scenario): number {
  const players = peers.filter((peer) => !peer.silent);
  const [first, ...others] = players.map((peer) => peer.ended!);
  for (const other of others) {
    const same =
      other.chronos === first!.chronos && other.reason === first!.reason && other.slot === first!.slot;
    if (!same)
      throw new Error(`the match ended as ${JSON.stringify(first)}, and as ${JSON.stringify(other)}`);
  }
  for (const { number, stats, ended } of players) {
    const { liveEffects, assemblyBytes } = stats.held;
    if (liveEffects > 0 || (assemblyBytes > 0 && ended!.reason === "finished")) {
      throw new Error(
        `peer ${number} still holds ${liveEffects} effects and ${assemblyBytes} bytes of parts`,
      );
    }
  }
  const gone = incidents.some(({ type }) => type === "silence" || type === "leave");
  if (!gone && first!.reason !== "finished") throw new Error(`the match ended as ${JSON.stringify(first)}`);
  return first!.chronos;
}
