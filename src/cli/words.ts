import type { Output } from "../core/session/outputs.js";
import type { PeerReport } from "./peer-report.js";

const COLUMNS: readonly (readonly [heading: string, cell: (peer: PeerReport) => string])[] = [
  ["slot", (peer) => `${peer.slot}`],
  ["tick", (peer) => `${peer.tick}`],
  ["rollbacks", (peer) => `${peer.rollbacks}`],
  ["deepest", (peer) => `${peer.maxRollback}`],
  ["run again", (peer) => `${peer.resimulatedTicks}`],
  ["stalled", (peer) => `${peer.stalledTicks}`],
  ["delay", (peer) => peer.meanInputDelay.toFixed(1)],
  ["datagrams", (peer) => `${peer.packetsSent}`],
  ["bytes/tick", (peer) => (peer.bytesSent / Math.max(1, peer.tick)).toFixed(0)],
  ["final hash", (peer) => shortHash(peer.finalHash)],
];

/** What each peer did, a line each. */
export function peerTable(peers: readonly PeerReport[]): string {
  const cells = [
    COLUMNS.map(([heading]) => heading),
    ...peers.map((peer) => COLUMNS.map(([, cell]) => cell(peer))),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) => row.map((cell, column) => cell.padStart(widths[column]!)).join("  ")).join("\n");
}

export const shortHash = (hash: string | null): string => (hash === null ? "none" : `${hash.slice(0, 16)}…`);

/** How a result that holds begins: that peers agree says nothing of whether the game's code ran without errors. */
export function agreedWords(peers: readonly PeerReport[]): string {
  const most = Math.max(...peers.map(({ scriptErrors }) => scriptErrors));
  return most === 0 ? "Agreed" : `Agreed, but the game's own code failed ${count(most, "time")}`;
}

/** `1 peer`, `2 peers`. */
export const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

/** Why a match ended, in words. */
export function endWords({ reason, chronos, slot }: Extract<Output, { type: "ended" }>): string {
  const who = slot === undefined ? "a player" : `slot ${slot}`;
  switch (reason) {
    case "finished":
      return `the match reached its last tick, ${chronos}`;
    case "left":
      return `${who} left; the match ended at tick ${chronos}`;
    case "lost":
      return `${who} fell silent; the match ended at tick ${chronos}`;
    case "equivocation":
      return `${who} told different peers different things; the match ended at tick ${chronos}`;
    case "game-fault":
      return `the game itself failed after tick ${chronos}, where the match ended`;
  }
}
