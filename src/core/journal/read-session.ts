import { asSlot, type Hash } from "../base/brand.js";
import type { Value } from "../base/value.js";
import {
  type Capability,
  type LatePolicy,
  type Manifest,
  type MatchIdentity,
  type Mode,
  matchIdentityOf,
  PROTOCOL_VERSION,
  type RosterPeer,
} from "../guard/identity.js";
import { MAX_SLOTS, MAX_TICK } from "../wire/limits.js";
import { Fields } from "./fields.js";
import { LineProblem } from "./line-problem.js";
import { JOURNAL_FORMAT } from "./session-line.js";
import { unspell } from "./unspell.js";

const MODES: readonly Mode[] = ["lockstep", "rollback", "hybrid"];
const LATE_POLICIES: readonly LatePolicy[] = ["retro", "defer", "reject"];
const CAPABILITIES: readonly Capability[] = [
  "network:emit",
  "network:authority",
  "network:spectate",
  "ui:inspector",
];

/**
 * The match that a session line is about, every identity recomputed from what it is made of. That the line spells
 * no more than this is for the caller to see, who spells it again.
 *
 * @throws LineProblem
 */
export function readSession(line: Fields): { identity: MatchIdentity; events: Value } {
  checkFormat(line);
  const manifest = readManifest(line.map("manifest"));
  const roster = line.list("roster", MAX_SLOTS).map(readPeer);
  checkSlots(manifest, roster);
  const identity = matchIdentityOf(manifest, line.bytes("hostKey", 32), line.bytes("nonce", 16), roster);
  const computed = {
    match: identity.matchId,
    session: identity.sessionId,
    game: identity.gameId,
    kairos: identity.kairos,
  };
  for (const [name, value] of Object.entries(computed)) {
    if (line.any(name) !== value)
      throw new LineProblem(`"${name}" is not what the rest of the line makes it`);
  }
  return { identity, events: unspell(line.any("events") ?? null) };
}

export function checkFormat(line: Fields): void {
  const format = line.whole("format", 0, MAX_TICK);
  if (format !== JOURNAL_FORMAT) {
    throw new LineProblem(
      `it is written in format ${format}, and this program reads format ${JOURNAL_FORMAT}`,
    );
  }
  const protocol = line.map("manifest").whole("protocol", 0, MAX_TICK);
  if (protocol !== PROTOCOL_VERSION) {
    throw new LineProblem(
      `its match spoke protocol ${protocol}, and this program speaks ${PROTOCOL_VERSION}`,
    );
  }
}

export function readManifest(manifest: Fields): Manifest {
  const game = manifest.map("game");
  const limits = manifest.map("limits");
  return {
    protocol: manifest.whole("protocol", PROTOCOL_VERSION, PROTOCOL_VERSION),
    game: {
      name: game.text("name"),
      version: game.text("version"),
      fingerprint: game.hex("fingerprint", 32) as Hash,
    },
    tickHz: manifest.whole("tickHz", 1, MAX_TICK),
    mode: manifest.oneOf("mode", MODES),
    windowTicks: manifest.whole("windowTicks", 0, MAX_TICK),
    rewindTicks: manifest.whole("rewindTicks", 0, MAX_TICK),
    late: manifest.oneOf("late", LATE_POLICIES),
    hashEveryTicks: manifest.whole("hashEveryTicks", 1, MAX_TICK),
    limits: {
      eventsPerTick: limits.whole("eventsPerTick", 0, MAX_TICK),
      bytesPerTick: limits.whole("bytesPerTick", 0, MAX_TICK),
    },
    players: manifest.whole("players", 1, MAX_SLOTS),
    ticks: manifest.any("ticks") === null ? null : manifest.whole("ticks", 0, MAX_TICK),
  };
}

function readPeer(json: unknown): RosterPeer {
  const peer = Fields.of(json, "a peer of the roster");
  const slots = peer.list("slots", MAX_SLOTS).map((slot) => asSlot(slot as number));
  const rights = peer.list("rights", CAPABILITIES.length).map((right) => {
    const known = CAPABILITIES.find((capability) => capability === right);
    if (known === undefined)
      throw new LineProblem(`"rights" holds something else than ${CAPABILITIES.join(", ")}`);
    return known;
  });
  return { key: peer.bytes("key", 32), slots, rights };
}

/** Every slot of the match belongs to exactly one peer. */
function checkSlots(manifest: Manifest, roster: readonly RosterPeer[]): void {
  const slots = new Set(roster.flatMap((peer) => peer.slots));
  const count = roster.reduce((sum, peer) => sum + peer.slots.length, 0);
  let known = 0;
  for (let slot = 0; slot < manifest.players; slot++) if (slots.has(asSlot(slot))) known++;
  if (count !== manifest.players || known !== manifest.players) {
    throw new LineProblem(`"roster" does not give each slot from 0 to ${manifest.players - 1} to one peer`);
  }
}
