import { type Signal, signal } from "@preact/signals";
import type { Match } from "./match/match.js";
import { NobodyThere, openOnline, openSolo, type RoomWishes, STANDARD_SECONDS } from "./match/open.js";
import { Sound } from "./match/sound.js";
import { NOBODY_THERE, refusalWords, type Words } from "./match/words.js";

/** A match on its way: who is there, and how to go on. */
export interface Waiting {
  readonly how: RoomWishes["how"] | "solo";
  /** The room's name, once it is known. */
  readonly room: Signal<string | undefined>;
  readonly isHosting: Signal<boolean>;
  readonly present: Signal<number>;
  readonly players: Signal<number>;
  /** Fills what is free with bots. */
  readonly begin: () => void;
  readonly cancel: () => void;
}

export type Screen =
  | { readonly name: "lobby" }
  | { readonly name: "waiting"; readonly waiting: Waiting }
  | { readonly name: "match"; readonly match: Match }
  | { readonly name: "refused"; readonly words: Words; readonly room: string | undefined };

export const screen: Signal<Screen> = signal({ name: "lobby" });
/** What the lobby's choices stand at. */
export const players: Signal<number> = signal(2);
export const seconds: Signal<number | undefined> = signal(STANDARD_SECONDS);
export const isPanelOpen: Signal<boolean> = signal(false);
export const sound: Sound = new Sound();
export const isLoud: Signal<boolean> = signal(false);

const ROOM_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

const newRoom = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => ROOM_LETTERS[byte % 31]!).join("");

/** The link that leads others into a room. */
export const linkTo = (room: string): string => new URL(`./?room=${room}`, location.href).href;

/** The room that a link, or what somebody typed, leads to; undefined where it is none. */
export function roomIn(text: string): string | undefined {
  const name = /[?&]room=([^&#\s]*)/.exec(text)?.[1] ?? text.trim();
  return /^[A-Za-z0-9_-]{1,64}$/.test(name) ? name : undefined;
}

export function toLobby(): void {
  const address = new URL(location.href);
  // Otherwise a page that is loaded anew would follow the link again.
  if (address.searchParams.has("room")) history.replaceState(null, "", "./");
  screen.value = { name: "lobby" };
}

/** Takes over what the page's address chooses: `?players=3&seconds=60`, up to an hour. */
export function choose(many: string | null, length: string | null): void {
  if (many !== null && /^[2-4]$/.test(many)) players.value = Number(many);
  if (length !== null && /^\d{1,4}$/.test(length))
    seconds.value = Math.max(5, Math.min(3_600, Number(length)));
}

export const openRoom = (): Promise<void> => goOnline("open", newRoom());
export const meetNext = (): Promise<void> => goOnline("next", undefined);
export const followLink = (room: string): Promise<void> => goOnline("follow", room);
/** Opens the room of a link in which nobody was. */
export const openAgain = (room: string): Promise<void> => goOnline("open", room);

export async function playSolo(): Promise<void> {
  await go("solo", undefined, () => openSolo(players.value, seconds.value));
}

async function goOnline(how: RoomWishes["how"], room: string | undefined): Promise<void> {
  await go(how, room, (waiting, abort, free) =>
    openOnline({
      how,
      ...(room === undefined ? {} : { room }),
      players: players.value,
      seconds: how === "next" ? STANDARD_SECONDS : seconds.value,
      signal: abort.signal,
      onHosting: (name) => {
        waiting.room.value = name;
        waiting.isHosting.value = true;
      },
      onWaiting: (present, many, takeRest) => {
        waiting.present.value = present;
        waiting.players.value = many;
        free.takeRest = takeRest;
      },
    }),
  );
}

async function go(
  how: Waiting["how"],
  room: string | undefined,
  open: (waiting: Waiting, abort: AbortController, free: { takeRest: () => void }) => Promise<Match>,
): Promise<void> {
  const abort = new AbortController();
  const free = { takeRest: (): void => {} };
  const waiting: Waiting = {
    how,
    room: signal(room),
    isHosting: signal(false),
    present: signal(1),
    players: signal(players.value),
    begin: () => free.takeRest(),
    cancel: () => {
      abort.abort();
      toLobby();
    },
  };
  screen.value = { name: "waiting", waiting };
  try {
    const match = await open(waiting, abort, free);
    if (abort.signal.aborted) {
      await match.leave();
      return;
    }
    match.onEffect = (name) => sound.play(name);
    screen.value = { name: "match", match };
  } catch (error) {
    if (abort.signal.aborted) return;
    const words = error instanceof NobodyThere ? NOBODY_THERE : refusalWords(error);
    screen.value = { name: "refused", words, room: error instanceof NobodyThere ? room : undefined };
  }
}
