import {
  type ClientSignal,
  MAX_ROOM_MEMBERS,
  type ServerSignal,
  type SignalRefusal,
} from "../transports/signaling.js";
import { MAX_ROOM_IDS, MAX_ROOMS } from "./limits.js";

/** Something to be said to one end. After `refused` its connection is to be ended. */
export interface Delivery<End> {
  readonly to: End;
  readonly signal: ServerSignal;
}

export interface RoomsOptions {
  /** A name for a room that `next` opens; asked again where it is taken. */
  readonly nameRoom: () => string;
  /** Rooms at a time: `MAX_ROOMS` where left out. */
  readonly maxRooms?: number | undefined;
}

interface Room<End> {
  readonly name: string;
  readonly capacity: number;
  /** By id, in the order in which they came. */
  readonly members: Map<number, End>;
  /** Under which it waits for more players to whom any room is good. */
  readonly waitsAs: string | undefined;
  nextId: number;
  invite: string | undefined;
  closed: boolean;
}

/** Where an end sits. */
export interface Seat {
  readonly room: string;
  readonly member: number;
}

const HOST = 0;

/**
 * Who is in which room, and what everybody is told of it. No sockets, no clock: words of ends come in, and what is to
 * be said to whom goes out.
 *
 * @typeParam End whatever a connection is to the caller; compared by identity
 */
export class Rooms<End> {
  readonly #options: RoomsOptions;
  readonly #rooms = new Map<string, Room<End>>();
  readonly #seats = new Map<End, { readonly room: Room<End>; readonly member: number }>();
  /** The rooms that need players, by number of players and game; the first of each is filled next. */
  readonly #waiting = new Map<string, Set<Room<End>>>();

  constructor(options: RoomsOptions) {
    this.#options = options;
  }

  /** Rooms that are open. */
  get size(): number {
    return this.#rooms.size;
  }

  /** Ends that sit in a room. */
  get members(): number {
    return this.#seats.size;
  }

  /** Where an end sits, if it does. */
  seatOf(end: End): Seat | undefined {
    const seat = this.#seats.get(end);
    return seat && { room: seat.room.name, member: seat.member };
  }

  /** The ends of a room, in the order in which they came; none where there is no such room. */
  endsOf(room: string): readonly End[] {
    return [...(this.#rooms.get(room)?.members.values() ?? [])];
  }

  /** Takes what an end said, and gives what is to be said to whom. */
  hear(end: End, signal: ClientSignal): readonly Delivery<End>[] {
    const seat = this.#seats.get(end);
    if (signal.type === "enter" || signal.type === "next") {
      if (seat !== undefined) {
        return refused(
          end,
          "malformed",
          "A connection enters one room; open another connection for another room.",
        );
      }
      return signal.type === "enter"
        ? this.#enter(end, signal.room, signal.players)
        : this.#next(end, signal.players, signal.game);
    }
    if (seat === undefined) return refused(end, "malformed", 'The first word is "enter" or "next".');
    const { room, member } = seat;
    if (signal.type === "signal") return this.#pass(end, room, member, signal);
    if (member !== HOST) {
      return refused(end, "malformed", `Only the room's host may say "${signal.type}".`);
    }
    if (signal.type === "close") {
      room.closed = true;
      this.#waitOrNot(room);
      return [];
    }
    room.invite = signal.invite;
    return others(room, member, { type: "invite", invite: signal.invite });
  }

  /** Takes an end out of its room, if it sits in one, and gives what the others are to be told. */
  leave(end: End): readonly Delivery<End>[] {
    const seat = this.#seats.get(end);
    if (seat === undefined) return [];
    const { room, member } = seat;
    this.#seats.delete(end);
    room.members.delete(member);
    this.#waitOrNot(room);
    if (room.members.size === 0) this.#rooms.delete(room.name);
    return others(room, member, { type: "went", member });
  }

  /** The end that is a member of the same room. */
  neighbour(end: End, member: number): End | undefined {
    const seat = this.#seats.get(end);
    return seat === undefined || seat.member === member ? undefined : seat.room.members.get(member);
  }

  #enter(end: End, name: string, players: number = MAX_ROOM_MEMBERS): readonly Delivery<End>[] {
    const room = this.#rooms.get(name);
    if (room === undefined) return this.#open(end, name, players, undefined);
    if (room.closed) return refused(end, "room-closed", `The match in room ${name} has begun without you.`);
    if (!room.members.has(HOST)) {
      const hint = `Whoever opened room ${name} has left it: ask for a new invite, or open a room of your own.`;
      return refused(end, "host-gone", hint);
    }
    if (room.members.size >= room.capacity) {
      const hint = `Room ${name} is full: ${room.members.size} of ${room.capacity} players are there.`;
      return refused(end, "room-full", hint);
    }
    if (room.nextId >= MAX_ROOM_IDS) {
      const hint = `Too many have come and gone in room ${name}: open another room.`;
      return refused(end, "room-full", hint);
    }
    return this.#sit(end, room);
  }

  #next(end: End, players: number, game: string): readonly Delivery<End>[] {
    const waitsAs = `${players} ${game}`;
    const [waiting] = this.#waiting.get(waitsAs) ?? [];
    if (waiting !== undefined) return this.#sit(end, waiting);
    let name = this.#options.nameRoom();
    while (this.#rooms.has(name)) name = this.#options.nameRoom();
    return this.#open(end, name, players, waitsAs);
  }

  #open(end: End, name: string, capacity: number, waitsAs: string | undefined): readonly Delivery<End>[] {
    if (this.#rooms.size >= (this.#options.maxRooms ?? MAX_ROOMS)) {
      const hint = "This server has as many rooms as it can hold: try again later, or use another server.";
      return refused(end, "too-many-rooms", hint);
    }
    const room: Room<End> = {
      name,
      capacity,
      members: new Map(),
      waitsAs,
      nextId: HOST,
      invite: undefined,
      closed: false,
    };
    this.#rooms.set(name, room);
    return this.#sit(end, room);
  }

  #sit(end: End, room: Room<End>): readonly Delivery<End>[] {
    const member = room.nextId++;
    const members = [...room.members.keys()];
    room.members.set(member, end);
    this.#seats.set(end, { room, member });
    this.#waitOrNot(room);
    const { name, invite } = room;
    const entered: ServerSignal = {
      type: "entered",
      room: name,
      you: member,
      host: HOST,
      members,
      ...(invite === undefined ? {} : { invite }),
    };
    return [{ to: end, signal: entered }, ...others(room, member, { type: "came", member })];
  }

  #pass(
    end: End,
    room: Room<End>,
    from: number,
    { to, data }: Extract<ClientSignal, { type: "signal" }>,
  ): readonly Delivery<End>[] {
    if (to === from) return refused(end, "malformed", "A signal is for another member than oneself.");
    const receiver = room.members.get(to);
    // Who has just left may still be written to.
    return receiver === undefined ? [] : [{ to: receiver, signal: { type: "signal", from, data } }];
  }

  /** Lets a room be filled by `next` as long as it needs players: a seat may become free until the host has closed. */
  #waitOrNot(room: Room<End>): void {
    const { waitsAs, members } = room;
    if (waitsAs === undefined) return;
    const needsPlayers = !room.closed && members.has(HOST) && members.size < room.capacity;
    const waiting = this.#waiting.get(waitsAs) ?? new Set();
    if (needsPlayers && room.nextId < MAX_ROOM_IDS) waiting.add(room);
    else waiting.delete(room);
    if (waiting.size > 0) this.#waiting.set(waitsAs, waiting);
    else this.#waiting.delete(waitsAs);
  }
}

function refused<End>(to: End, code: SignalRefusal, hint: string): readonly Delivery<End>[] {
  return [{ to, signal: { type: "refused", code, hint } }];
}

function others<End>(room: Room<End>, member: number, signal: ServerSignal): Delivery<End>[] {
  return [...room.members].filter(([id]) => id !== member).map(([, to]) => ({ to, signal }));
}
