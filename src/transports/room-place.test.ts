import { afterEach, describe, expect, test, vi } from "vitest";
import { EchoNetError } from "../core/base/errors.js";
import { entryOf, readPlace } from "./room-place.js";

const placeOf = (address: unknown, options = {}) => readPlace("url", address, options);

describe("EN-871 a server's address", () => {
  afterEach(() => vi.unstubAllGlobals());

  test.each([
    ["wss://play.example", "wss://play.example/signal"],
    ["https://play.example/", "wss://play.example/signal"],
    ["http://127.0.0.1:7777/index.html", "ws://127.0.0.1:7777/signal"],
    ["ws://[::1]:7777/signal", "ws://[::1]:7777/signal"],
    ["wss://play.example/net/?room=pond#top", "wss://play.example/net/signal"],
  ])("%s is connected to at %s", (address, url) => {
    expect(placeOf(address).url).toBe(url);
    expect(placeOf(new URL(address)).url).toBe(url);
  });

  test("may be relative in a page", () => {
    vi.stubGlobal("location", { href: "https://play.example/splash/?room=pond" });
    expect(placeOf("/").url).toBe("wss://play.example/signal");
    expect(placeOf("").url).toBe("wss://play.example/splash/signal");
    expect(placeOf("").room).toBe("pond");
  });

  test("names the room where nothing else does", () => {
    expect(placeOf("wss://a?room=pond")).toMatchObject({ room: "pond", players: undefined });
    expect(placeOf("wss://a?room=pond", { room: "lake" }).room).toBe("lake");
    expect(placeOf("wss://a?next=4")).toMatchObject({ room: undefined, players: 4 });
    expect(placeOf("wss://a?next=4", { room: "lake" })).toMatchObject({ room: "lake", players: undefined });
  });

  test("without a room leads to the next one of the game", () => {
    const wishes = { players: 3, game: "splash@1" };
    expect(JSON.parse(entryOf(placeOf("wss://a"), wishes))).toEqual({ type: "next", ...wishes });
    expect(JSON.parse(entryOf(placeOf("wss://a?next=4"), { game: "two words" }))).toEqual({
      type: "next",
      players: 4,
      game: "any",
    });
    expect(JSON.parse(entryOf(placeOf("wss://a?room=pond"), wishes))).toEqual({
      type: "enter",
      room: "pond",
      players: 3,
    });
    expect(JSON.parse(entryOf(placeOf("wss://a", { room: "pond" }), {}))).toMatchObject({ players: 2 });
  });

  test.each([
    [undefined, {}, 'url is the address of a server such as "wss://play.example", not undefined'],
    ["", {}, "url is the address of a server"],
    ["play.example", {}, "url is the address of a server"],
    ["ftp://play.example", {}, "url is the address of a server"],
    [7, {}, "url is the address of a server"],
    ["wss://a", { room: "" }, "room is a name of 1 to 64 letters"],
    ["wss://a", { room: "a b" }, 'not "a b"'],
    ["wss://a", { room: "x".repeat(65) }, "room is a name"],
    ["wss://a?room=%0a", {}, "room is a name"],
    ["wss://a", { room: 7 }, "room is a name"],
    ["wss://a", { players: 9 }, "players is a whole number from 1 to 8, not 9"],
    ["wss://a?next=many", {}, "players is a whole number from 1 to 8, not NaN"],
  ])("is refused in words: %j %j", (address, options, words) => {
    expect(() => placeOf(address, options)).toThrow(EchoNetError);
    expect(() => placeOf(address, options)).toThrow(words);
  });
});
