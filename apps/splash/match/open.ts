import { joinMatch } from "echo-net";
import { MemoryNetwork, memory } from "echo-net/testing";
import { webrtc } from "echo-net/webrtc";
import { websocket } from "echo-net/websocket";
import { Network, presetOf } from "./conditions.js";
import { loadGame } from "./game.js";
import { Match, newRecords } from "./match.js";

/** How long matches among strangers are: they have to be alike to meet. */
export const STANDARD_SECONDS = 180;

export const TICK_HZ = 60;

/** Thrown where a link leads to a room in which nobody is. */
export class NobodyThere extends Error {}

export interface RoomWishes {
  /**
   * `open` makes a room, `follow` goes to one that is there, `again` meets the players of the last match, and `next`
   * whoever wants to play too.
   */
  readonly how: "open" | "follow" | "again" | "next";
  /** Its name; the server chooses it for `next`. */
  readonly room?: string;
  readonly players: number;
  /** Undefined for a match without end. */
  readonly seconds: number | undefined;
  readonly signal: AbortSignal;
  /** Told once it is known that this end waits for the others, and in which room. */
  readonly onHosting: (room: string) => void;
  readonly onWaiting: (present: number, players: number, takeRest: () => void) => void;
}

/** Whether this browser can open paths to others; without it everything goes by way of the server. */
const hasWebRtc = (): boolean => "RTCPeerConnection" in globalThis;

/** A match with people elsewhere, who meet in a room of the server that this page came from. */
export async function openOnline(wishes: RoomWishes): Promise<Match> {
  const game = await loadGame();
  const server = new URL("./", location.href);
  const { how, room, players, seconds, onWaiting } = wishes;
  const place = { room, ...(how === "follow" ? {} : { players }) };
  const direct = hasWebRtc() ? webrtc({ signaling: server, ...place }) : undefined;
  const transport = direct ?? websocket({ url: server, ...place });
  const network = new Network(presetOf("perfect"));
  const records = newRecords();
  const given = new AbortController();
  const session = await joinMatch(game, {
    transport: network.around(transport),
    ...records,
    // Who follows a link plays what the host has chosen.
    ...(how === "follow" ? {} : { players, ...ticksOf(seconds) }),
    signal: AbortSignal.any([wishes.signal, given.signal]),
    onInvite: () => {
      if (how === "follow") given.abort(new NobodyThere());
      else wishes.onHosting(transport.room ?? "");
    },
    onWaiting,
  });
  return new Match({
    session,
    others: [],
    player: session.slot,
    room: transport.room,
    network,
    ...records,
    // An address ends in the member's number.
    wayTo: (address) =>
      direct?.paths.get(Number(address.split(":").at(-1))) === "open" ? "direct" : "by the server",
  });
}

/** A match against bots that needs no server: they are a second end in this page, behind a network of their own. */
export async function openSolo(players: number, seconds: number | undefined): Promise<Match> {
  const game = await loadGame();
  const network = new Network(presetOf("wifi"));
  const ends = new MemoryNetwork();
  const records = newRecords();
  const terms = { players, ...ticksOf(seconds) };
  const [session, bots] = await Promise.all([
    joinMatch(game, { transport: network.around(memory(ends)), ...terms, ...records }),
    joinMatch(game, { transport: network.around(memory(ends)), localSlots: players - 1 }),
  ]);
  return new Match({ session, others: [bots], player: session.slot, room: undefined, network, ...records });
}

/** Four bots among themselves, to be looked at. */
export async function openPreview(): Promise<Match> {
  const game = await loadGame();
  const transport = memory(new MemoryNetwork());
  const session = await joinMatch(game, { transport, players: 4, localSlots: 4 });
  return new Match({
    session,
    others: [],
    player: undefined,
    room: undefined,
    network: undefined,
    ...newRecords(),
  });
}

const ticksOf = (seconds: number | undefined): { readonly ticks?: number } =>
  seconds === undefined ? {} : { ticks: seconds * TICK_HZ };
