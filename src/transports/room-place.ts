import { EchoNetError } from "../core/base/errors.js";
import { GAME_WORD, MAX_ROOM_MEMBERS, ROOM_NAME, SIGNALING_PATH } from "./signaling.js";
import type { MatchWishes } from "./transport-option.js";

/** Which room of which server. */
export interface RoomOptions {
  /**
   * The room's name: 1 to 64 letters, digits, `-` and `_`. Where it is left out, `?room=` of the server's address
   * counts; where that names none either, the next room of this game that needs a player.
   */
  readonly room?: string | undefined;
  /** How many players the room is for, 1 to 8; what `joinMatch` was told where left out. */
  readonly players?: number | undefined;
}

/** A place on a server, checked: where to connect, and what to say first. */
export interface RoomPlace {
  readonly url: string;
  readonly room: string | undefined;
  /** Undefined where the match says how many. */
  readonly players: number | undefined;
}

/**
 * Reads a server's address: `wss:`, `https:` and the like, or in a page one relative to it. What is asked of it
 * (`?room=`, `?next=`) names the room. Throws `EchoNetError` INPUT_INVALID in the words of `option`, which is how the
 * address was handed in.
 */
export function readPlace(option: string, address: unknown, { room, players }: RoomOptions): RoomPlace {
  const url = urlOf(option, address);
  const wanted = room ?? url.searchParams.get("room") ?? undefined;
  const next = url.searchParams.get("next");
  if (wanted !== undefined && (typeof wanted !== "string" || !ROOM_NAME.test(wanted))) {
    throw invalid(
      `room is a name of 1 to 64 letters, digits, "-" and "_", not ${JSON.stringify(wanted)?.slice(0, 80)}`,
    );
  }
  const many = players ?? (wanted === undefined && next !== null ? Number(next) : undefined);
  if (many !== undefined && !(Number.isInteger(many) && many >= 1 && many <= MAX_ROOM_MEMBERS)) {
    throw invalid(`players is a whole number from 1 to ${MAX_ROOM_MEMBERS}, not ${many}`);
  }
  // As a page's own links are resolved: the address of a page stands for the server that it came from.
  const path = new URL(SIGNALING_PATH.slice(1), url);
  path.protocol = url.protocol.replace("http", "ws");
  path.search = "";
  path.hash = "";
  return { url: path.href, room: wanted, players: many };
}

/** What to say to the server first. */
export function entryOf({ room, players }: RoomPlace, wishes: MatchWishes): string {
  const many = players ?? wishes.players ?? 2;
  if (room !== undefined) return JSON.stringify({ type: "enter", room, players: many });
  const game = wishes.game !== undefined && GAME_WORD.test(wishes.game) ? wishes.game : "any";
  return JSON.stringify({ type: "next", players: many, game });
}

function urlOf(option: string, address: unknown): URL {
  const text = address instanceof URL ? address.href : address;
  const base = (globalThis as { location?: { href?: string } }).location?.href;
  if (typeof text === "string" && URL.canParse(text, base)) {
    const url = new URL(text, base);
    if (/^(ws|http)s?:$/.test(url.protocol) && url.hostname !== "") return url;
  }
  throw invalid(
    `${option} is the address of a server such as "wss://play.example", not ${JSON.stringify(text)?.slice(0, 80)}`,
  );
}

const invalid = (hint: string): EchoNetError => new EchoNetError("INPUT_INVALID", hint);
