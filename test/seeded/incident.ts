import type { TestMatch } from "../../src/testing/match.js";

interface At {
  /** Milliseconds after the peers have met. */
  readonly atMs: number;
}

/** Something that happens while a seeded match is played. */
export type Incident = At &
  (
    | { readonly type: "delay"; readonly peer: number; readonly delayTicks: number | "auto" }
    | { readonly type: "weather"; readonly net: string }
    /** Nothing passes between two groups of peers; for good where no time is given. */
    | {
        readonly type: "partition";
        readonly a: readonly number[];
        readonly b: readonly number[];
        readonly forMs?: number;
      }
    /** Nothing passes from one peer to another, ever again, while others hear both. Not by way of a relay. */
    | { readonly type: "one-way"; readonly from: number; readonly to: number }
    /** A peer stops, as in a hidden tab, and goes on. */
    | { readonly type: "nap"; readonly peer: number; readonly forMs: number }
    /** A peer stops in the middle of everything. */
    | { readonly type: "silence"; readonly peer: number }
    | { readonly type: "leave"; readonly peer: number }
  );

/** One change of a match that is being played. */
export interface Action extends At {
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
  const fallSilent = (peer: number): void => {
    gone.add(peer);
    match.silence(peer);
  };
  const wake = (peer: number): void => {
    if (!gone.has(peer)) match.peers[peer]!.silent = false;
  };
  const expand = (incident: Incident): Action[] => {
    const { atMs } = incident;
    switch (incident.type) {
      case "delay":
        return [{ atMs, act: () => match.setInputDelay(incident.peer, incident.delayTicks) }];
      case "weather":
        return [{ atMs, act: () => match.setNet(incident.net) }];
      case "partition": {
        const groups: Groups = [incident.a, incident.b];
        const begin = { atMs, act: () => part(groups) };
        if (incident.forMs === undefined) return [begin];
        return [begin, { atMs: atMs + incident.forMs, act: () => mend(groups) }];
      }
      case "one-way":
        return [{ atMs, act: () => match.setDirection(incident.from, incident.to, "loss=1") }];
      case "nap":
        return [
          { atMs, act: () => match.silence(incident.peer) },
          { atMs: atMs + incident.forMs, act: () => wake(incident.peer) },
        ];
      case "silence":
        return [{ atMs, act: () => fallSilent(incident.peer) }];
      case "leave":
        return [{ atMs, act: () => match.peers[incident.peer]!.leave() }];
    }
  };
  return incidents.flatMap(expand).sort((x, y) => x.atMs - y.atMs);
}
