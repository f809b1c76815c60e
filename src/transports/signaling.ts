import type { Address } from "../core/wire/transport.js";

/**
 * What ends and a signaling server say to each other over one WebSocket: JSON text for introductions, binary
 * frames for datagrams that the server passes on unread. WIRE.md has the same for people.
 */

/** Path of the WebSocket under the server's origin. */
export const SIGNALING_PATH = "/signal";

/** Version of this exchange: the WebSocket's subprotocol. */
export const SIGNALING_PROTOCOL = "echo-net.signal.1";

/** Most members of a room: as many as a roster holds. */
export const MAX_ROOM_MEMBERS = 8;

/** Longest text frame that either side takes, in bytes: an SDP with its candidates has room. */
export const MAX_SIGNAL_TEXT_BYTES = 16_384;

/**
 * A binary frame is one byte, the member that it is to (from the client) or from (from the server), and a datagram
 * of 1 to 1,200 bytes.
 */
export const RELAY_HEADER_BYTES = 1;

/** Letters, digits, `-`, `_`; 1 to 64 of them. */
export const ROOM_NAME: RegExp = /^[A-Za-z0-9_-]{1,64}$/;

/** What `next` compares: printable ASCII without spaces, 1 to 128 characters; a game's name and version, or a hash. */
export const GAME_WORD: RegExp = /^[!-~]{1,128}$/;

/** Longest invite, in characters of printable ASCII. */
export const MAX_ROOM_INVITE_LENGTH = 1_024;

/** What a client says. The first word is `enter` or `next`; any other is refused. */
export type ClientSignal =
  /** Goes into a room. The first to enter it is its host, and says how many may be in it: 1 to 8, 8 by default. */
  | { readonly type: "enter"; readonly room: string; readonly players?: number }
  /** Takes a seat in whichever room of so many players, 2 to 8, and of the same game is filled next. */
  | { readonly type: "next"; readonly players: number; readonly game: string }
  /** From the host alone: what joiners need. Kept, and told to all who come later. */
  | { readonly type: "invite"; readonly invite: string }
  /** From the host alone: nobody may enter any more. */
  | { readonly type: "close" }
  /** For one other member; the server does not look into it. */
  | { readonly type: "signal"; readonly to: number; readonly data: SignalData };

/** What the server says. */
export type ServerSignal =
  /** You are in. `members` are the ids of those who came before; an id is never given twice in a room. */
  | {
      readonly type: "entered";
      readonly room: string;
      readonly you: number;
      readonly host: number;
      readonly members: readonly number[];
      readonly invite?: string;
    }
  | { readonly type: "came"; readonly member: number }
  | { readonly type: "went"; readonly member: number }
  | { readonly type: "invite"; readonly invite: string }
  | { readonly type: "signal"; readonly from: number; readonly data: SignalData }
  /** The server stops in so many milliseconds, and passes datagrams on until then. Nobody can enter any more. */
  | { readonly type: "closing"; readonly inMs: number }
  /** The server ends the connection after it. `hint` is a sentence for a person. */
  | { readonly type: "refused"; readonly code: SignalRefusal; readonly hint: string };

/** What two members tell each other to open a path. */
export type SignalData =
  | { readonly kind: "offer" | "answer"; readonly sdp: string }
  | { readonly kind: "candidate"; readonly candidate: string; readonly mid: string };

export type SignalRefusal =
  | "malformed"
  | "room-full"
  | "room-closed"
  | "host-gone"
  | "too-many-rooms"
  | "too-many-connections"
  | "too-fast"
  | "silent"
  | "shutting-down";

/** How a member of a room is addressed, whichever path its datagrams take. */
export const memberAddress = (member: number): Address => `room:${member}`;

/** The member that an address names, or undefined for another spelling. */
export function memberOf(address: Address): number | undefined {
  const match = /^room:(0|[1-9]\d{0,2})$/.exec(address);
  const member = match === null ? undefined : Number(match[1]);
  return member !== undefined && member <= 255 ? member : undefined;
}
