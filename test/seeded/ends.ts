import type { TestMatch, TestPeer } from "../../src/testing/match.js";
import type { Scenario } from "./scenario.js";

/**
 * Who has to end at one tick, for one reason: all who play on. Where two halves have parted for good, the peers of
 * each; who slept until it was given up, or could not begin before it was, ends where it may.
 */
function groupsOf(peers: readonly TestPeer[], { incidents, lostMs }: Scenario): (readonly TestPeer[])[] {
  let groups: (readonly TestPeer[])[] = [peers.filter((peer) => !peer.silent)];
  const keep = (belongs: (peer: TestPeer) => boolean): void => {
    groups = groups.flatMap((group) => [group.filter(belongs), group.filter((peer) => !belongs(peer))]);
  };
  for (const incident of incidents) {
    if (incident.type === "partition" && incident.forMs === undefined) {
      const { a, b } = incident;
      if (a.length + b.length === peers.length) keep(({ number }) => a.includes(number));
    }
    if (incident.type === "nap" && incident.forMs > lostMs) keep(({ number }) => number !== incident.peer);
  }
  for (const late of peers) if (isLate(late, peers)) keep((peer) => peer !== late);
  return groups.filter((group) => group.length > 0);
}

/** Whether the others gave a peer up before it had authored anything, since its handshake was lost again and again. */
function isLate(late: TestPeer, peers: readonly TestPeer[]): boolean {
  const others = peers.filter((peer) => peer !== late && !peer.silent);
  return (
    others.length > 0 &&
    others.every(
      ({ ended }) => ended?.reason === "lost" && ended.chronos === 0 && late.slots.includes(ended.slot!),
    )
  );
}

/** Throws where the match finds that its peers do not agree, other than in their ends. */
export function checkAgreement(match: TestMatch, scenario: Scenario): void {
  const { disagreement } = match;
  if (disagreement === undefined) return;
  const parted = groupsOf(match.peers, scenario).length > 1;
  if (!parted || !disagreement.message.startsWith("the match ended for")) throw disagreement;
}

/** Throws where peers end apart who should not, or keep what nobody needs any more. Gives the last tick. */
export function checkEnds(peers: readonly TestPeer[], scenario: Scenario): number {
  const groups = groupsOf(peers, scenario);
  for (const [first, ...others] of groups) {
    const ended = JSON.stringify(first!.ended);
    for (const other of others) {
      const otherEnded = JSON.stringify(other.ended);
      if (otherEnded !== ended) {
        throw new Error(
          `the match ended as ${ended} for peer ${first!.number}, as ${otherEnded} for another`,
        );
      }
    }
  }
  const gone = scenario.incidents.some(({ type }) => type === "silence" || type === "leave");
  for (const { number, stats, ended } of groups.flat()) {
    const finished = ended!.reason === "finished";
    if (!gone && groups.length === 1 && !finished)
      throw new Error(`the match ended as ${JSON.stringify(ended)}`);
    const { liveEffects, assemblyBytes } = stats.held;
    if (liveEffects > 0 || (assemblyBytes > 0 && finished)) {
      throw new Error(`peer ${number} still holds ${liveEffects} effects, ${assemblyBytes} bytes of parts`);
    }
  }
  return Math.max(...groups.flat().map((peer) => peer.ended!.chronos));
}
