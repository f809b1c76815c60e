import { MAX_DATAGRAM_BYTES } from "../core/wire/limits.js";
import {
  MAX_ROOM_INVITE_LENGTH,
  MAX_ROOM_MEMBERS,
  MAX_SIGNAL_TEXT_BYTES,
  RELAY_HEADER_BYTES,
  ROOM_NAME,
  type ServerSignal,
  type SignalData,
  type SignalRefusal,
} from "./signaling.js";

const REFUSALS: Readonly<Record<SignalRefusal, true>> = {
  malformed: true,
  "room-full": true,
  "room-closed": true,
  "host-gone": true,
  "too-many-rooms": true,
  "too-many-connections": true,
  "too-fast": true,
  silent: true,
  "shutting-down": true,
};

const INVITE = /^[!-~]+$/;
const HINT_LENGTH_MAX = 512;
const MID_LENGTH_MAX = 16;
const CANDIDATE_LENGTH_MAX = 1_024;

/** Reads one text message of a server, or gives undefined for what is none. Never throws. */
export function readServerSignal(text: string): ServerSignal | undefined {
  if (text.length > MAX_SIGNAL_TEXT_BYTES) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { type } = value;
  if (type === "entered") return readEntered(value);
  if (type === "came" || type === "went") {
    return isMember(value.member) ? { type, member: value.member } : undefined;
  }
  if (type === "invite") return isInvite(value.invite) ? { type, invite: value.invite } : undefined;
  if (type === "signal") {
    const data = readSignalData(value.data);
    return isMember(value.from) && data !== undefined ? { type, from: value.from, data } : undefined;
  }
  if (type === "closing") {
    return Number.isFinite(value.inMs) ? { type, inMs: value.inMs as number } : undefined;
  }
  if (type === "refused") return readRefused(value);
  return undefined;
}

/** A relayed datagram and who it is from, or undefined for a frame that is none. */
export function readRelayed(
  frame: Uint8Array,
): { readonly from: number; readonly datagram: Uint8Array } | undefined {
  const length = frame.length - RELAY_HEADER_BYTES;
  if (length < 1 || length > MAX_DATAGRAM_BYTES) return undefined;
  return { from: frame[0]!, datagram: frame.subarray(RELAY_HEADER_BYTES) };
}

function readEntered(value: Record<string, unknown>): ServerSignal | undefined {
  const { room, you, host, members, invite } = value;
  if (typeof room !== "string" || !ROOM_NAME.test(room) || !isMember(you) || !isMember(host))
    return undefined;
  if (!Array.isArray(members) || members.length >= MAX_ROOM_MEMBERS || !members.every(isMember)) {
    return undefined;
  }
  const entered = { type: "entered", room, you, host, members } as const;
  if (invite === undefined) return entered;
  return isInvite(invite) ? { ...entered, invite } : undefined;
}

function readRefused({ code, hint }: Record<string, unknown>): ServerSignal | undefined {
  if (typeof code !== "string" || !Object.hasOwn(REFUSALS, code) || typeof hint !== "string")
    return undefined;
  return { type: "refused", code: code as SignalRefusal, hint: hint.slice(0, HINT_LENGTH_MAX) };
}

function readSignalData(value: unknown): SignalData | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, sdp, candidate, mid } = value;
  if (kind === "offer" || kind === "answer") return typeof sdp === "string" ? { kind, sdp } : undefined;
  const fits = kind === "candidate" && isText(candidate, CANDIDATE_LENGTH_MAX) && isText(mid, MID_LENGTH_MAX);
  return fits ? { kind, candidate, mid } : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isMember = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;

const isInvite = (value: unknown): value is string =>
  isText(value, MAX_ROOM_INVITE_LENGTH) && INVITE.test(value);

const isText = (value: unknown, lengthMax: number): value is string =>
  typeof value === "string" && value.length <= lengthMax;
