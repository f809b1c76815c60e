import type { Value } from "../base/value.js";
import { fingerprintOfBundle, parseBundle } from "../bundle/game-bundle.js";
import { MAX_BUNDLE_BYTES } from "../bundle/limits.js";
import { fromBase64Url } from "../guard/base64url.js";
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

/** What a session line says. */
export interface SessionRead {
  readonly identity: MatchIdentity;
  /** Description of the declared events. */
  readonly events: Value;
  /** The game's bundle, for games that are data. */
  readonly bundle: Uint8Array | undefined;
}

/**
 * The match that a session line is about, every identity computed again from what it is made of. That the line
 * spells no more than this is for the caller to see, who spells it again.
 *
 * @throws LineProblem
 */
export function readSession(line: Fields): SessionRead {
  const manifest = readManifest(line);
  const roster = readRoster(line, manifest.players);
  const identity = matchIdentityOf(manifest, line.bytes("hostKey", 32), line.bytes("nonce", 16), roster);
  const { matchId, sessionId, gameId, kairos } = identity;
  const computed = { match: matchId, session: sessionId, game: gameId, kairos };
  for (const [name, id] of Object.entries(computed)) {
    if (line.any(name) !== id) throw new LineProblem(`"${name}" is not what the rest of the line makes it`);
  }
  return { identity, events: unspell(line.any("events") ?? null), bundle: readBundle(line, manifest) };
}

/** The game's own bytes, where the line has them: of no other game than the manifest's. */
function readBundle(line: Fields, manifest: Manifest): Uint8Array | undefined {
  if (line.any("bundle") === undefined) return undefined;
  const text = line.text("bundle");
  // Four digits are three bytes: what is too long is not decoded.
  const bytes = text.length > (MAX_BUNDLE_BYTES / 3 + 1) * 4 ? undefined : fromBase64Url(text);
  if (bytes === undefined) throw new LineProblem('"bundle" is not base64url of at most 1 MiB');
  if (fingerprintOfBundle(bytes) !== manifest.game.fingerprint) {
    throw new LineProblem('"bundle" does not make the fingerprint that "manifest" names');
  }
  const bundle = parseBundle(bytes);
  if (typeof bundle === "string") throw new LineProblem(`"bundle" does not hold: ${bundle}`);
  return bytes;
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
