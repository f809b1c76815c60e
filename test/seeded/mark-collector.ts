import type { EffectOutput, Output } from "../../src/core/session/outputs.js";
import type { SessionStats } from "../../src/core/session/stats.js";
import type { TestMatch } from "../../src/testing/match.js";
import type { Incident } from "./incident.js";
import { type Mark, type MarkCounts, noMarks } from "./marks.js";
import type { Scenario } from "./scenario.js";

/** Counts what happened in one match. */
export class MarkCollector {
  readonly counts: MarkCounts = noMarks();
  readonly #scenario: Scenario;
  /** Peers and slots that are interrupted. */
  readonly #interrupted = new Set<string>();
  #delays: readonly number[] = [];

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  /** Takes one output of a peer's session. */
  output(peer: number, output: Output): void {
    if (output.type === "rollback") {
      this.#add("rollback");
      if (output.depthTicks >= this.#scenario.windowTicks) this.#add("rollback of full depth");
    } else if (output.type === "peer") {
      const key = `${peer} ${output.slot}`;
      if (output.status === "connected" && this.#interrupted.has(key)) this.#add("interrupted and back");
      if (output.status === "interrupted") this.#interrupted.add(key);
      else this.#interrupted.delete(key);
      if (output.status === "lost") this.#add("lost peer");
      if (output.status === "left") this.#add("left peer");
    } else if (output.type === "stall") {
      this.#add("stall");
    } else if (output.type === "fault") {
      this.#add("fault dropped");
    } else if (output.type === "refused") {
      if (output.reason === "paradox") this.#add("paradox refused");
      if (output.reason === "quota") this.#add("quota refused");
    }
  }

  /** Makes a change, and notes which delays it changes and which have changed since the last one. */
  watching(match: TestMatch, act: () => void): void {
    this.#add("delay followed by itself", this.#changedDelays(match));
    act();
    this.#add("live delay change", this.#changedDelays(match));
  }

  /** Takes what is counted over the whole match. */
  ended(match: TestMatch, effects: Readonly<Record<EffectOutput["phase"], number>>): void {
    const { incidents, slotsPerPeer, topology, directions, clockDrift, hashEveryTicks, mode } =
      this.#scenario;
    const { lostMs, guesses, tickHz } = this.#scenario;
    const { emulator } = match.network;
    const finished = match.peers.every((peer) => peer.ended?.reason === "finished");
    const any = (is: (incident: Incident) => boolean): number => incidents.filter(is).length;
    const all = (type: Incident["type"]): number => any((incident) => incident.type === type);
    const lasts = (incident: Incident): boolean =>
      incident.type === "partition" && incident.forMs === undefined;
    const ended = (reason: string): boolean => match.peers.some((peer) => peer.ended?.reason === reason);
    const sum = (count: (stats: SessionStats) => number): number =>
      match.peers.reduce((total, { stats }) => total + count(stats), 0);
    const forwarded = sum((stats) => stats.forwardedTicks);
    const seen: Partial<Record<Mark, number>> = {
      "rollback deepened while one waits": sum((stats) => stats.deepenedRollbacks),
      "adopted prediction": sum((stats) => stats.adoptedPredictions),
      lockstep: Number(mode === "lockstep"),
      "fragmented tick": sum((stats) => stats.fragmentedTicks),
      "repeated fragment": sum((stats) => stats.repeatedFragments),
      "repeated tick": sum((stats) => stats.repeatedTicks),
      "doubled datagram": sum((stats) => stats.links.reduce((n, link) => n + link.refusals.replayed, 0)),
      "reordered datagram": emulator.counts.reordered,
      "lost datagram": emulator.counts.lost,
      "datagram too many for the rate": emulator.counts.overflowed,
      "delay followed by itself": this.#changedDelays(match),
      "partition that healed": finished
        ? any((incident) => incident.type === "partition" && !lasts(incident))
        : 0,
      "nap that ended": finished ? all("nap") : 0,
      "forwarded tick": forwarded,
      "broken path bridged": finished && forwarded > 0 ? any(lasts) : 0,
      "one way bridged": finished && forwarded > 0 ? all("one-way") : 0,
      "lost peer's ticks forwarded": ended("lost") && any(lasts) === 0 ? forwarded : 0,
      "two lost peers": ended("lost") && all("silence") > 1 ? 1 : 0,
      "slept until given up": any((incident) => incident.type === "nap" && incident.forMs > lostMs),
      "parted for good": ended("lost") ? any(lasts) : 0,
      "two leavers": ended("left") && all("leave") > 1 ? 1 : 0,
      "effect moved": effects.moved,
      "effect cancelled": effects.cancelled,
      "effect confirmed": effects.confirmed,
      "couch slots": slotsPerPeer.filter((slots) => slots > 1).length,
      relay: Number(topology === "client-server"),
      "asymmetric paths": directions.length,
      "drifting clocks": Number(clockDrift > 0),
      "hashes further apart": Number(hashEveryTicks > 1),
      "own predictor": Number(guesses),
      "other tick rate": Number(tickHz !== 60),
    };
    for (const [mark, count] of Object.entries(seen)) this.#add(mark as Mark, count);
  }

  #add(mark: Mark, count = 1): void {
    this.counts[mark] += count;
  }

  /** How many peers stamp their samples with another delay than at the last call. */
  #changedDelays({ peers }: TestMatch): number {
    const delays = peers.map((peer) => peer.stats.inputDelayTicks);
    const { inputDelayTicks } = this.#scenario;
    const first = inputDelayTicks === "auto" ? 0 : inputDelayTicks;
    const changed = delays.filter((delay, peer) => delay !== (this.#delays[peer] ?? first)).length;
    this.#delays = delays;
    return changed;
  }
}
