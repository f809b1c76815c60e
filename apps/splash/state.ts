import { type Signal, signal } from "@preact/signals";
import type { Match } from "./match/match.js";
import {
  NobodyThere,
  openOnline,
  openSolo,
  type RoomWishes,
  STANDARD_SECONDS,
  TICK_HZ,
} from "./match/open.js";
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
  forgetLink();
  screen.value = { name: "lobby" };
}

/** Otherwise a page that is loaded anew would follow the link again, to a match that has begun without it. */
function forgetLink(): void {
  if (new URL(location.href).searchParams.has("room")) history.replaceState(null, "", "./");
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

/** Plays once more what was played, with those of the others who want to, too. */
export async function playAgain({ room, session }: Match): Promise<void> {
  if (room === undefined) return await playSolo();
  const { slots, ticks } = session;
  await goOnline("again", roomAfter(room), {
    players: slots.length,
    seconds: ticks === undefined ? undefined : ticks / TICK_HZ,
  });
}

/** Where the players of a room meet again, which each of them knows: `pond`, `pond-2`, `pond-3`. */
function roomAfter(room: string): string {
  const [, name, count] = /^(.*?)(?:-(\d{1,3}))?$/.exec(room)!;
  return `${name!.slice(0, 60)}-${Number(count ?? 1) + 1}`;
}

export async function playSolo(): Promise<void> {
  await go("solo", undefined, () => openSolo(players.value, seconds.value));
}

/** What the lobby's choices are; strangers have to choose alike to meet. */
const chosen = (how: RoomWishes["how"]): Pick<RoomWishes, "players" | "seconds"> => ({
  players: players.value,
  seconds: how === "next" ? STANDARD_SECONDS : seconds.value,
});

async function goOnline(
  how: RoomWishes["how"],
  room: string | undefined,
  terms: Pick<RoomWishes, "players" | "seconds"> = chosen(how),
): Promise<void> {
  await go(how, room, (waiting, abort, free) =>
    openOnline({
      how,
      ...(room === undefined ? {} : { room }),
      ...terms,
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
    forgetLink();
    screen.value = { name: "match", match };
  } catch (error) {
    if (abort.signal.aborted) return;
    const words = error instanceof NobodyThere ? NOBODY_THERE : refusalWords(error);
    screen.value = { name: "refused", words, room: error instanceof NobodyThere ? room : undefined };
  }
}
