import type { Value } from "../base/value.js";
import {
  type Manifest,
  type MatchIdentity,
  matchIdentityOf,
  PROTOCOL_VERSION,
  type RosterPeer,
} from "../guard/identity.js";
import { parseManifest, parseRoster } from "../guard/manifest.js";
import { MAX_PEERS } from "../wire/limits.js";
import { Fields } from "./fields.js";
import { LineProblem } from "./line-problem.js";
import { JOURNAL_FORMAT } from "./session-line.js";
import { unspell } from "./unspell.js";

/**
 * The match that a session line is about, every identity computed again from what it is made of. That the line
 * spells no more than this is for the caller to see, who spells it again.
 *
 * @throws LineProblem
 */
export function readSession(line: Fields): { identity: MatchIdentity; events: Value } {
  const manifest = readManifest(line);
  const roster = readRoster(line, manifest.players);
  const identity = matchIdentityOf(manifest, line.bytes("hostKey", 32), line.bytes("nonce", 16), roster);
  const { matchId, sessionId, gameId, kairos } = identity;
  const computed = { match: matchId, session: sessionId, game: gameId, kairos };
  for (const [name, id] of Object.entries(computed)) {
    if (line.any(name) !== id) throw new LineProblem(`"${name}" is not what the rest of the line makes it`);
  }
  return { identity, events: unspell(line.any("events") ?? null) };
}

/**
 * The manifest in a file's first line, whose format and protocol must be this program's.
 *
 * @throws LineProblem
 */
export function readManifest(line: Fields): Manifest {
  const format = line.any("format");
  if (format !== JOURNAL_FORMAT) throw new LineProblem(otherVersion("format", format, JOURNAL_FORMAT));
  const fields = line.map("manifest");
  const protocol = fields.any("protocol");
  if (protocol !== PROTOCOL_VERSION)
    throw new LineProblem(otherVersion("protocol", protocol, PROTOCOL_VERSION));
  const game = fields.map("game");
  const manifest = parseManifest({
    ...fields.values(),
    game: { ...game.values(), fingerprint: game.bytes("fingerprint", 32) },
  });
  if (typeof manifest === "string") throw new LineProblem(`"manifest" does not hold: ${manifest}`);
  return manifest;
}

function readRoster(line: Fields, players: number): RosterPeer[] {
  const peers = line.list("roster", MAX_PEERS).map((json): Value => {
    const peer = Fields.of(json, "a peer of the roster");
    return { ...peer.values(), key: peer.bytes("key", 32) };
  });
  const roster = parseRoster(peers, players);
  if (typeof roster === "string") throw new LineProblem(`"roster" does not hold: ${roster}`);
  return roster;
}

function otherVersion(what: string, theirs: unknown, ours: number): string {
  return Number.isInteger(theirs)
    ? `it is of ${what} ${theirs}, and this program reads ${what} ${ours}`
    : `it names no ${what}`;
}
