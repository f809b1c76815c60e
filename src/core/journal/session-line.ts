import { toHex } from "../base/text.js";
import type { Value } from "../base/value.js";
import { toBase64Url } from "../guard/base64url.js";
import type { Manifest, MatchIdentity, RosterPeer } from "../guard/identity.js";
import { spell, spellText } from "./spelling.js";

/** Version of the journal's and the trace's format. */
export const JOURNAL_FORMAT = 1;

/**
 * The first line of a journal, without its newline: all that GameId, SessionId, MatchId, branch and seed are made
 * of, the declared events, and the game itself where it is data.
 *
 * @param events description of the game's declared events, as its catalog gives it
 * @param bundle the game's bundle; undefined for one of TypeScript
 */
export function sessionLine(identity: MatchIdentity, events: Value, bundle: Uint8Array | undefined): string {
  const game = bundle === undefined ? "" : `,"bundle":"${toBase64Url(bundle)}"`;
  return (
    `{"type":"session","format":${JOURNAL_FORMAT},"match":"${identity.matchId}","session":"${identity.sessionId}",` +
    `"game":"${identity.gameId}","kairos":"${identity.kairos}","hostKey":"${toHex(identity.hostKey)}",` +
    `"nonce":"${toHex(identity.nonce)}","manifest":${spellManifest(identity.manifest)},` +
    `"roster":[${identity.roster.map(spellPeer).join(",")}],"events":${spell(events)}${game}}`
  );
}

export function spellManifest(manifest: Manifest): string {
  const { game, limits } = manifest;
  return (
    `{"protocol":${manifest.protocol},"game":{"name":${spellText(game.name)},` +
    `"version":${spellText(game.version)},"fingerprint":"${game.fingerprint}"},"tickHz":${manifest.tickHz},` +
    `"mode":"${manifest.mode}","windowTicks":${manifest.windowTicks},"rewindTicks":${manifest.rewindTicks},` +
    `"late":"${manifest.late}","hashEveryTicks":${manifest.hashEveryTicks},` +
    `"limits":{"eventsPerTick":${limits.eventsPerTick},"bytesPerTick":${limits.bytesPerTick}},` +
    `"players":${manifest.players},"ticks":${manifest.ticks}}`
  );
}

const spellPeer = (peer: RosterPeer): string =>
  `{"key":"${toHex(peer.key)}","slots":[${peer.slots.join(",")}],` +
  `"rights":[${peer.rights.map(spellText).join(",")}]}`;
