import type { Manifest } from "./identity.js";

/**
 * Says what differs between the match that one side wants and the other's, for a person: empty where nothing
 * does. Only what `ours` names is compared.
 */
export function explainMismatch(ours: Partial<Manifest>, theirs: Manifest): string {
  const differences: string[] = [];
  const compare = (what: string, here: unknown, there: unknown): void => {
    if (here !== undefined && here !== there)
      differences.push(`${what} ${shown(here)} here, ${shown(there)} there`);
  };
  compare("protocol", ours.protocol, theirs.protocol);
  const { game } = ours;
  compare("game", game?.name, theirs.game.name);
  if (game !== undefined && game.name === theirs.game.name) {
    compare("game version", game.version, theirs.game.version);
    // Name and version are part of the fingerprint: it tells something new only where they are equal.
    if (game.version === theirs.game.version && game.fingerprint !== theirs.game.fingerprint) {
      differences.push(
        `the same game and version made of other events, effects or code (fingerprint ` +
          `${game.fingerprint.slice(0, 8)}… here, ${theirs.game.fingerprint.slice(0, 8)}… there)`,
      );
    }
  }
  compare("ticks per second", ours.tickHz, theirs.tickHz);
  compare("mode", ours.mode, theirs.mode);
  compare("window in ticks", ours.windowTicks, theirs.windowTicks);
  compare("rewind in ticks", ours.rewindTicks, theirs.rewindTicks);
  compare("policy for late events", ours.late, theirs.late);
  compare("ticks between state hashes", ours.hashEveryTicks, theirs.hashEveryTicks);
  compare("events a tick", ours.limits?.eventsPerTick, theirs.limits.eventsPerTick);
  compare("bytes a tick", ours.limits?.bytesPerTick, theirs.limits.bytesPerTick);
  compare("players", ours.players, theirs.players);
  compare("length in ticks", ours.ticks, theirs.ticks);
  return differences.join("; ");
}

function shown(value: unknown): string {
  if (value === null) return "without end";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
