import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClientSignal, ServerSignal } from "../transports/signaling.js";
import { MAX_ROOM_IDS } from "./limits.js";
import { type Delivery, Rooms } from "./rooms.js";

/** Rooms, and what each end has heard. */
class Hall {
  #named = 0;
  readonly rooms: Rooms<string>;

  constructor(maxRooms?: number) {
    this.rooms = new Rooms<string>({ nameRoom: () => `next-${this.#named++}`, maxRooms });
  }

  /** What was said to whom, `end type …` each. */
  say(end: string, signal: ClientSignal): string[] {
    return told(this.rooms.hear(end, signal));
  }

  enter(end: string, room = "a", players?: number): string[] {
    return this.say(end, players === undefined ? { type: "enter", room } : { type: "enter", room, players });
  }

  next(end: string, players = 2, game = "splash"): string[] {
    return this.say(end, { type: "next", players, game });
  }

  leave(end: string): string[] {
    return told(this.rooms.leave(end));
  }
}

const told = (deliveries: readonly Delivery<string>[]): string[] =>
  deliveries.map(({ to, signal }) => `${to} ${wordsOf(signal)}`);

function wordsOf(signal: ServerSignal): string {
  switch (signal.type) {
    case "entered":
      return `entered ${signal.room} as ${signal.you} with ${signal.members.join()}${signal.invite ?? ""}`;
    case "came":
    case "went":
      return `${signal.type} ${signal.member}`;
    case "invite":
      return `invite ${signal.invite}`;
    case "signal":
      return `signal ${signal.from} ${JSON.stringify(signal.data)}`;
    case "refused":
      return `refused ${signal.code}`;
    case "closing":
      return "closing";
  }
}

describe("a room", () => {
  test("EN-1201 is its first member's, tells who comes and goes, and gives no id twice", () => {
    const hall = new Hall();
    expect(hall.enter("ann")).toEqual(["ann entered a as 0 with "]);
    expect(hall.enter("bob")).toEqual(["bob entered a as 1 with 0", "ann came 1"]);
    expect(hall.leave("bob")).toEqual(["ann went 1"]);
    expect(hall.enter("bob")).toEqual(["bob entered a as 2 with 0", "ann came 2"]);
    expect(hall.enter("cy")).toEqual(["cy entered a as 3 with 0,2", "ann came 3", "bob came 3"]);
    expect(hall.enter("dan", "b")).toEqual(["dan entered b as 0 with "]);
    expect([hall.rooms.size, hall.rooms.members]).toEqual([2, 4]);
    for (const end of ["ann", "bob", "cy", "dan", "dan"]) hall.leave(end);
    expect([hall.rooms.size, hall.rooms.members]).toEqual([0, 0]);
  });

  test("EN-1202 keeps its host's invite for those who come later", () => {
    const hall = new Hall();
    hall.enter("ann");
    hall.enter("bob");
    expect(hall.say("ann", { type: "invite", invite: ":one" })).toEqual(["bob invite :one"]);
    expect(hall.enter("cy")[0]).toBe("cy entered a as 2 with 0,1:one");
    hall.say("ann", { type: "invite", invite: ":two" });
    expect(hall.enter("dan")[0]).toBe("dan entered a as 3 with 0,1,2:two");
    for (const type of ["invite", "close"] as const) {
      expect(hall.say("bob", { type, invite: "mine" } as ClientSignal)).toEqual(["bob refused malformed"]);
    }
  });

  test("EN-1203 refuses who comes to a full one, a closed one, one without its host, and one too many", () => {
    const hall = new Hall(2);
    hall.enter("ann", "a", 2);
    hall.enter("bob");
    expect(hall.enter("cy")).toEqual(["cy refused room-full"]);
    hall.leave("bob");
    hall.say("ann", { type: "close" });
    expect(hall.enter("cy")).toEqual(["cy refused room-closed"]);
    hall.enter("dan", "b");
    expect(hall.enter("cy", "c")).toEqual(["cy refused too-many-rooms"]);
    hall.enter("eve", "b");
    hall.leave("dan");
    expect(hall.enter("cy", "b")).toEqual(["cy refused host-gone"]);
    hall.leave("eve");
    expect(hall.enter("cy", "b")).toEqual(["cy entered b as 0 with "]);
    expect(hall.enter("cy", "b")).toEqual(["cy refused malformed"]);
    expect(hall.next("cy")).toEqual(["cy refused malformed"]);
    expect(hall.say("fay", { type: "close" })).toEqual(["fay refused malformed"]);
  });

  test("EN-1203 refuses those for whom it has no id left", () => {
    const hall = new Hall();
    hall.enter("ann");
    for (let id = 1; id < MAX_ROOM_IDS; id++) {
      expect(hall.enter("bob")[0]).toBe(`bob entered a as ${id} with 0`);
      hall.leave("bob");
    }
    expect(hall.enter("bob")).toEqual(["bob refused room-full"]);
  });

  test("EN-1204 passes signals and datagrams to the member they are for, and to nobody else", () => {
    const hall = new Hall();
    for (const end of ["ann", "bob", "cy"]) hall.enter(end);
    hall.enter("dan", "b");
    const data = { kind: "offer", sdp: "v=0" } as const;
    expect(hall.say("bob", { type: "signal", to: 2, data })).toEqual([
      'cy signal 1 {"kind":"offer","sdp":"v=0"}',
    ]);
    expect(hall.say("bob", { type: "signal", to: 9, data })).toEqual([]);
    expect(hall.say("bob", { type: "signal", to: 1, data })).toEqual(["bob refused malformed"]);
    expect(["ann", "bob", "cy", "dan", "eve"].map((end) => hall.rooms.neighbour(end, 1))).toEqual([
      ...["bob", undefined, "bob", undefined, undefined],
    ]);
  });
});

describe("next", () => {
  test("EN-1205 fills rooms of so many players of the same game, one after the other", () => {
    const hall = new Hall();
    expect(hall.next("ann")).toEqual(["ann entered next-0 as 0 with "]);
    expect(hall.next("bob", 3)).toEqual(["bob entered next-1 as 0 with "]);
    expect(hall.next("cy", 2, "tag")).toEqual(["cy entered next-2 as 0 with "]);
    expect(hall.next("dan")).toEqual(["dan entered next-0 as 1 with 0", "ann came 1"]);
    expect(hall.next("eve")).toEqual(["eve entered next-3 as 0 with "]);
    expect(hall.next("fay", 3)[0]).toBe("fay entered next-1 as 1 with 0");
    hall.leave("fay");
    expect(hall.next("gus", 3)[0]).toBe("gus entered next-1 as 2 with 0");
  });

  test("EN-1205 sends nobody into a room that is full, is closed or has lost its host", () => {
    const hall = new Hall();
    hall.next("ann");
    hall.next("bob");
    expect(hall.next("cy")[0]).toBe("cy entered next-1 as 0 with ");
    hall.say("cy", { type: "close" });
    expect(hall.next("dan", 3)[0]).toBe("dan entered next-2 as 0 with ");
    hall.next("eve", 3);
    hall.leave("dan");
    expect(hall.next("fay", 3)[0]).toBe("fay entered next-3 as 0 with ");
    hall.enter("gus", "next-4");
    expect(hall.next("hal")[0]).toBe("hal entered next-5 as 0 with ");
    hall.say("ann", { type: "close" });
    hall.leave("bob");
    hall.leave("hal");
    expect(hall.next("ivy")[0]).toBe("ivy entered next-6 as 0 with ");
  });

  test("EN-1205 fills a room again that somebody left before its match began, and those that wait in their order", () => {
    const hall = new Hall();
    for (const end of ["ann", "bob", "cy"]) hall.next(end);
    // Bob never got as far as ann's match: she would wait for ever.
    hall.leave("bob");
    expect(hall.next("dan")[0]).toBe("dan entered next-1 as 1 with 0");
    expect(hall.next("eve")).toEqual(["eve entered next-0 as 2 with 0", "ann came 2"]);
    expect(hall.next("fay")[0]).toBe("fay entered next-2 as 0 with ");
  });
});

/** What an end knows of its room from what it was told alone. */
interface Known {
  readonly room: string;
  readonly you: number;
  readonly members: Set<number>;
}

test("EN-1206 whatever ends do, each knows exactly who else is in its room, and bounds hold", () => {
  const end = fc.nat({ max: 11 });
  const act = fc.oneof(
    fc.record({
      end,
      type: fc.constant("enter" as const),
      room: fc.constantFrom("a", "b", "c"),
      players: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({ end, type: fc.constant("next" as const), players: fc.integer({ min: 2, max: 4 }) }),
    fc.record({ end, type: fc.constantFrom("leave" as const, "leave" as const, "close" as const) }),
  );
  let entered = 0;
  fc.assert(
    fc.property(fc.array(act, { minLength: 40, maxLength: 80, size: "max" }), (acts) => {
      let named = 0;
      const rooms = new Rooms<number>({ nameRoom: () => `next-${named++}`, maxRooms: 5 });
      const known = new Map<number, Known>();
      const given = new Map<string, Set<number>>();
      const take = ({ to, signal }: Delivery<number>): void => {
        if (signal.type === "entered") {
          entered++;
          known.set(to, { room: signal.room, you: signal.you, members: new Set(signal.members) });
          const ids = given.get(signal.room) ?? new Set();
          if (signal.you === 0) ids.clear();
          expect(ids.has(signal.you), "an id that was given before").toBe(false);
          given.set(signal.room, ids.add(signal.you));
        } else if (signal.type === "came") known.get(to)!.members.add(signal.member);
        else if (signal.type === "went") expect(known.get(to)!.members.delete(signal.member)).toBe(true);
        else if (signal.type === "refused") gone(to);
      };
      const gone = (who: number): void => {
        known.delete(who);
        for (const delivery of rooms.leave(who)) take(delivery);
      };
      for (const { end: who, ...signal } of acts) {
        if (signal.type === "leave") gone(who);
        else {
          const said = signal.type === "next" ? { ...signal, game: "g" } : signal;
          for (const delivery of rooms.hear(who, said as ClientSignal)) take(delivery);
        }
        const byRoom = new Map<string, number[]>();
        for (const { room, you } of known.values()) byRoom.set(room, [...(byRoom.get(room) ?? []), you]);
        for (const { room, you, members } of known.values()) {
          expect([...members, you].sort()).toEqual(byRoom.get(room)!.sort());
          expect(members.size).toBeLessThan(4);
        }
        expect([rooms.size, rooms.members]).toEqual([byRoom.size, known.size]);
        expect(rooms.size).toBeLessThanOrEqual(5);
      }
    }),
    { seed: 1, numRuns: 60 },
  );
  expect(entered).toBeGreaterThan(1_000);
});
