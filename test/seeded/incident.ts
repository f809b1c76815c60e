import type { TestMatch } from "../../src/testing/match.js";

/** Something that happens while a seeded match is played, `at` so many ticks of time after its peers have met. */
export type Incident =
  /** Nothing passes between two groups of peers for a while. */
  | {
      readonly type: "partition";
      readonly at: number;
      readonly a: readonly number[];
      readonly b: readonly number[];
      readonly forTicks: number;
    }
  /** One path breaks for good: beyond `lost`, while a third peer hears both. */
  | { readonly type: "broken-path"; readonly at: number; readonly a: number; readonly b: number }
  | {
      readonly type: "delay";
      readonly at: number;
      readonly peer: number;
      readonly delayTicks: number | "auto";
    }
  | { readonly type: "weather"; readonly at: number; readonly net: string }
  /** A peer stops for a while, as in a hidden tab, and goes on. */
  | { readonly type: "nap"; readonly at: number; readonly peer: number; readonly forTicks: number }
  /** A peer stops in the middle of everything. */
  | { readonly type: "silence"; readonly at: number; readonly peer: number }
  | { readonly type: "leave"; readonly at: number; readonly peer: number };

/** One change of a match that is being played. */
export interface Action {
  readonly at: number;
  readonly act: () => void;
}

type Groups = readonly [readonly number[], readonly number[]];

/** What the incidents do to a match, by time. */
export function actionsOf(match: TestMatch, incidents: readonly Incident[]): Action[] {
  const partitions = new Set<Groups>();
  const gone = new Set<number>();
  const part = (groups: Groups): void => {
    partitions.add(groups);
    match.partition(...groups);
  };
  const mend = (groups: Groups): void => {
    partitions.delete(groups);
    // Healing ends all partitions, so those that last are made again.
    match.heal();
    for (const lasting of partitions) match.partition(...lasting);
  };
  const wake = (peer: number): void => {
    if (!gone.has(peer)) match.peers[peer]!.silent = false;
  };
  const expand = (incident: Incident): Action[] => {
    const { at } = incident;
    switch (incident.type) {
      case "partition": {
        const groups: Groups = [incident.a, incident.b];
        return [
          { at, act: () => part(groups) },
          { at: at + incident.forTicks, act: () => mend(groups) },
        ];
      }
      case "broken-path":
        return [{ at, act: () => part([[incident.a], [incident.b]]) }];
      case "delay":
        return [{ at, act: () => match.setInputDelay(incident.peer, incident.delayTicks) }];
      case "weather":
        return [{ at, act: () => match.setNet(incident.net) }];
      case "nap":
        return [
          { at, act: () => match.silence(incident.peer) },
          { at: at + incident.forTicks, act: () => wake(incident.peer) },
        ];
      case "silence":
        return [{ at, act: () => match.silence(incident.peer) }];
      case "leave":
        return [{ at, act: () => match.peers[incident.peer]!.leave() }];
    }
  };
  for (const incident of incidents) if (incident.type === "silence") gone.add(incident.peer);
  return incidents.flatMap(expand).sort((x, y) => x.at - y.at);
}
