import { asSlot, type Hash, type Slot } from "../base/brand.js";
import { equalBytes } from "../base/bytes.js";
import { EchoNetError } from "../base/errors.js";
import { isShowable, toHex, utf8Encode } from "../base/text.js";
import { isMap, type Value } from "../base/value.js";
import { isSoundPublicKey, KEY_BYTES } from "../envelope/signature.js";
import {
  MAX_MANIFEST_TEXT_BYTES,
  MAX_PEERS,
  MAX_REWIND_TICKS,
  MAX_SLOT_TICK_BYTES,
  MAX_SLOT_TICK_EVENTS,
  MAX_SLOTS,
  MAX_TICK,
  MAX_TICK_HZ,
  MAX_WINDOW_TICKS,
} from "../wire/limits.js";
import {
  type Capability,
  type LatePolicy,
  type Manifest,
  type Mode,
  manifestValue,
  PROTOCOL_VERSION,
  type RosterPeer,
} from "./identity.js";

export const MODES: readonly Mode[] = ["lockstep", "rollback", "hybrid"];
export const LATE_POLICIES: readonly LatePolicy[] = ["retro", "defer", "reject"];
/** In the order of their bits in a roster message. */
export const CAPABILITIES: readonly Capability[] = [
  "network:emit",
  "network:authority",
  "network:spectate",
  "ui:inspector",
];

/** What untrusted data says where it is no manifest: `tickHz is not a whole number from 1 to 1000`. */
class Problem extends Error {}

/** A manifest from untrusted data, or in words what is wrong with it. Of another protocol, only that is said. */
export function parseManifest(value: Value): Manifest | string {
  return orProblem(() => {
    const fields = mapOf(value, "the manifest");
    const game = mapOf(fields.game, "game");
    const limits = mapOf(fields.limits, "limits");
    expectKeys(fields, MANIFEST_KEYS, "the manifest");
    expectKeys(game, GAME_KEYS, "game");
    expectKeys(limits, LIMITS_KEYS, "limits");
    const mode = choiceOf(fields.mode, MODES, "mode");
    const manifest: Manifest = {
      protocol: wholeOf(fields.protocol, 0, 0xffff, "protocol"),
      game: {
        name: textOf(game.name, "game.name"),
        version: textOf(game.version, "game.version"),
        fingerprint: toHex(bytesOf(game.fingerprint, 32, "game.fingerprint")) as Hash,
      },
      tickHz: wholeOf(fields.tickHz, 1, MAX_TICK_HZ, "tickHz"),
      mode,
      windowTicks: wholeOf(fields.windowTicks, 0, MAX_WINDOW_TICKS, "windowTicks"),
      rewindTicks: wholeOf(fields.rewindTicks, 0, MAX_REWIND_TICKS, "rewindTicks"),
      late: choiceOf(fields.late, LATE_POLICIES, "late"),
      hashEveryTicks: wholeOf(fields.hashEveryTicks, 1, MAX_TICK, "hashEveryTicks"),
      limits: {
        eventsPerTick: wholeOf(limits.eventsPerTick, 1, MAX_SLOT_TICK_EVENTS, "limits.eventsPerTick"),
        bytesPerTick: wholeOf(limits.bytesPerTick, 1, MAX_SLOT_TICK_BYTES, "limits.bytesPerTick"),
      },
      players: wholeOf(fields.players, 1, MAX_SLOTS, "players"),
      ticks: fields.ticks === null ? null : wholeOf(fields.ticks, 1, MAX_TICK, "ticks"),
    };
    if (mode === "lockstep" && manifest.windowTicks !== 0) throw new Problem("lockstep has a window of 0");
    if (mode !== "hybrid" && manifest.rewindTicks !== 0) throw new Problem("only hybrid mode rewinds");
    return manifest;
  });
}

/** Throws `EchoNetError` `INPUT_INVALID` where a host that brings so many players cannot open this match. */
export function requireMatch(manifest: Manifest, localSlots: number): void {
  const problem = parseManifest(manifestValue(manifest));
  if (typeof problem === "string")
    throw new EchoNetError("INPUT_INVALID", `the match cannot be hosted: ${problem}`);
  if (manifest.protocol !== PROTOCOL_VERSION) {
    throw new EchoNetError("INPUT_INVALID", `this program speaks protocol ${PROTOCOL_VERSION} only`);
  }
  if (!(Number.isInteger(localSlots) && localSlots >= 0 && localSlots <= manifest.players)) {
    throw new EchoNetError(
      "INPUT_INVALID",
      `a host brings 0 to ${manifest.players} players, not ${localSlots}`,
    );
  }
}

/** The roster of a match of so many players from untrusted data, or in words what is wrong with it. */
export function parseRoster(value: Value, players: number): RosterPeer[] | string {
  return orProblem(() => {
    if (!Array.isArray(value) || value.length < 1 || value.length > MAX_PEERS) {
      throw new Problem(`the roster is no list of 1 to ${MAX_PEERS} peers`);
    }
    const roster = (value as readonly Value[]).map((peer, i) => parsePeer(peer, `peer ${i}`));
    const problem = rosterProblem(roster, players);
    if (problem !== undefined) throw new Problem(problem);
    return roster;
  });
}

/** What keeps a well-formed roster from being that of a match of so many players, or undefined. */
export function rosterProblem(roster: readonly RosterPeer[], players: number): string | undefined {
  for (const [i, peer] of roster.entries()) {
    if (!isSoundPublicKey(peer.key)) return `peer ${i} has a key that proves nothing`;
    if (roster.some((other, j) => j < i && equalBytes(other.key, peer.key))) {
      return `peer ${i} has the key of another`;
    }
  }
  const slots = roster.flatMap((peer) => peer.slots).sort((a, b) => a - b);
  if (slots.length !== players || slots.some((slot, i) => slot !== i)) {
    return `the roster does not give each slot from 0 to ${players - 1} to one peer`;
  }
  return undefined;
}

function parsePeer(value: Value, name: string): RosterPeer {
  const fields = mapOf(value, name);
  expectKeys(fields, PEER_KEYS, name);
  const slots = listOf(fields.slots, MAX_SLOTS, `${name}.slots`).map(
    (slot): Slot => asSlot(wholeOf(slot, 0, MAX_SLOTS - 1, `${name}.slots`)),
  );
  const rights = listOf(fields.rights, CAPABILITIES.length, `${name}.rights`).map(
    (right): Capability => choiceOf(right, CAPABILITIES, `${name}.rights`),
  );
  if (!ascends(slots) || !ascends(rights.map((right) => CAPABILITIES.indexOf(right)))) {
    throw new Problem(`${name} repeats a slot or right, or has them out of order`);
  }
  return { key: bytesOf(fields.key, KEY_BYTES, `${name}.key`), slots, rights };
}

const MANIFEST_KEYS: readonly string[] = [
  "protocol",
  "game",
  "tickHz",
  "mode",
  "windowTicks",
  "rewindTicks",
  "late",
  "hashEveryTicks",
  "limits",
  "players",
  "ticks",
];
const GAME_KEYS: readonly string[] = ["name", "version", "fingerprint"];
const LIMITS_KEYS: readonly string[] = ["eventsPerTick", "bytesPerTick"];
const PEER_KEYS: readonly string[] = ["key", "slots", "rights"];

type Fields = { readonly [key: string]: Value | undefined };

function orProblem<T>(parse: () => T): T | string {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

function mapOf(value: Value | undefined, name: string): Fields {
  if (!isMap(value)) throw new Problem(`${name} is no map`);
  return value;
}

function expectKeys(fields: Fields, keys: readonly string[], name: string): void {
  const present = Object.keys(fields);
  if (present.length !== keys.length || present.some((key) => !keys.includes(key))) {
    throw new Problem(`${name} does not have exactly the fields ${keys.join(", ")}`);
  }
}

function listOf(value: Value | undefined, max: number, name: string): readonly Value[] {
  if (!Array.isArray(value) || value.length > max) throw new Problem(`${name} is no list of up to ${max}`);
  return value as readonly Value[];
}

function wholeOf(value: Value | undefined, low: number, high: number, name: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < low || value > high) {
    throw new Problem(`${name} is not a whole number from ${low} to ${high}`);
  }
  return value;
}

function choiceOf<T extends string>(value: Value | undefined, choices: readonly T[], name: string): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw new Problem(`${name} is none of ${choices.join(", ")}`);
  return choice;
}

/** Text that can stand in a message on a terminal. */
function textOf(value: Value | undefined, name: string): string {
  const length = typeof value === "string" ? utf8Encode(value)?.length : undefined;
  if (length === undefined || length === 0 || length > MAX_MANIFEST_TEXT_BYTES) {
    throw new Problem(`${name} is no text of 1 to ${MAX_MANIFEST_TEXT_BYTES} bytes`);
  }
  if (!isShowable(value as string)) throw new Problem(`${name} holds characters that cannot be shown`);
  return value as string;
}

function bytesOf(value: Value | undefined, length: number, name: string): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== length)
    throw new Problem(`${name} is not ${length} bytes`);
  return value;
}

const ascends = (numbers: readonly number[]): boolean =>
  numbers.every((n, i) => i === 0 || numbers[i - 1]! < n);
