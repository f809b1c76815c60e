import { EchoNetError } from "../core/base/errors.js";
import {
  FIRST_WORD_MS,
  MAX_CONNECTIONS,
  MAX_MEMBERS_PER_ADDRESS,
  MAX_NEWCOMERS,
  MAX_NEWCOMERS_PER_ADDRESS,
  MAX_ROOMS,
  PING_MS,
  REQUESTS_PER_SECOND,
} from "./limits.js";

/** Bounds that whoever runs a server may set; LIMITS.md says what each is worth. */
export interface ServerLimits {
  /** Sockets at a time, of every kind. */
  readonly connections: number;
  /** Members of rooms from one address. */
  readonly membersPerAddress: number;
  /** Sockets that have not yet entered a room; past it the oldest is dropped. */
  readonly newcomers: number;
  /** Of those, from one address. */
  readonly newcomersPerAddress: number;
  /** Requests, and words of those who are in no room, that one address may send a second; ten times as many at once. */
  readonly requestsPerSecond: number;
  /** Rooms at a time. */
  readonly rooms: number;
  /** How long a connection may say nothing, in ms. */
  readonly firstWordMs: number;
  /** How often an end is asked whether it is still there, in ms; one that has not answered by the next time is gone. */
  readonly pingMs: number;
}

const DEFAULT_LIMITS: ServerLimits = {
  connections: MAX_CONNECTIONS,
  membersPerAddress: MAX_MEMBERS_PER_ADDRESS,
  newcomers: MAX_NEWCOMERS,
  newcomersPerAddress: MAX_NEWCOMERS_PER_ADDRESS,
  requestsPerSecond: REQUESTS_PER_SECOND,
  rooms: MAX_ROOMS,
  firstWordMs: FIRST_WORD_MS,
  pingMs: PING_MS,
};

/** The bounds that hold, with those that were set. Throws `EchoNetError` INPUT_INVALID for one that bounds nothing. */
export function limitsWith(set: Partial<ServerLimits> = {}): ServerLimits {
  const limits = { ...DEFAULT_LIMITS, ...set };
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new EchoNetError("INPUT_INVALID", `The limit "${name}" is a whole number above 0, not ${value}.`);
  }
  return limits;
}
