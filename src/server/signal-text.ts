import {
  type ClientSignal,
  GAME_WORD,
  MAX_ROOM_INVITE_LENGTH,
  MAX_ROOM_MEMBERS,
  ROOM_NAME,
  type SignalData,
} from "../transports/signaling.js";
import { MAX_ROOM_IDS, MAX_SIGNAL_DATA_BYTES, MAX_SIGNAL_FIELDS } from "./limits.js";

/** What a client said, or in words why it is nothing that a client says. */
export type SignalReading =
  | { readonly ok: true; readonly signal: ClientSignal }
  | { readonly ok: false; readonly why: string };

const INVITE = /^[!-~]+$/;

/** Reads one text message of a client. Never throws. */
export function readClientSignal(text: string): SignalReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return no("is not JSON");
  }
  if (!isRecord(value)) return no("is not a JSON object");
  switch (value.type) {
    case "enter": {
      const { room, players } = value;
      if (typeof room !== "string" || !ROOM_NAME.test(room)) {
        return no('has no "room" of 1 to 64 letters, digits, "-" and "_"');
      }
      if (players === undefined) return yes({ type: "enter", room });
      return isWhole(players, 1, MAX_ROOM_MEMBERS)
        ? yes({ type: "enter", room, players })
        : no(`has no "players" from 1 to ${MAX_ROOM_MEMBERS}`);
    }
    case "next": {
      const { players, game } = value;
      if (!isWhole(players, 2, MAX_ROOM_MEMBERS)) return no(`has no "players" from 2 to ${MAX_ROOM_MEMBERS}`);
      return typeof game === "string" && GAME_WORD.test(game)
        ? yes({ type: "next", players, game })
        : no('has no "game" of 1 to 128 printable characters');
    }
    case "invite": {
      const { invite } = value;
      return typeof invite === "string" && invite.length <= MAX_ROOM_INVITE_LENGTH && INVITE.test(invite)
        ? yes({ type: "invite", invite })
        : no(`has no "invite" of 1 to ${MAX_ROOM_INVITE_LENGTH} printable characters`);
    }
    case "close":
      return yes({ type: "close" });
    case "signal": {
      const { to, data } = value;
      if (!isWhole(to, 0, MAX_ROOM_IDS - 1)) return no('has no member "to"');
      if (!isSignalData(data)) {
        return no(`has no "data" of at most ${MAX_SIGNAL_FIELDS} fields that are no lists or objects`);
      }
      return Buffer.byteLength(JSON.stringify(data)) <= MAX_SIGNAL_DATA_BYTES
        ? yes({ type: "signal", to, data })
        : no(`has more than ${MAX_SIGNAL_DATA_BYTES} bytes of "data"`);
    }
    default:
      return no('has no "type" that a client says');
  }
}

const yes = (signal: ClientSignal): SignalReading => ({ ok: true, signal });
const no = (why: string): SignalReading => ({ ok: false, why: `The message ${why}.` });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isWhole = (value: unknown, min: number, max: number): value is number =>
  Number.isInteger(value) && (value as number) >= min && (value as number) <= max;

/** The server passes on whatever is flat. */
const isSignalData = (value: unknown): value is SignalData =>
  isRecord(value) &&
  Object.keys(value).length <= MAX_SIGNAL_FIELDS &&
  Object.values(value).every((field) => typeof field !== "object" || field === null);
