import { EchoNetError, type EndedOutput, type PeerStatus } from "echo-net";
import { nameOf } from "./names.js";

/** Something to say to the player: what happened, and what it means or what to do. */
export interface Words {
  readonly title: string;
  readonly text: string;
}

const TITLES: Readonly<Record<string, string>> = {
  SESSION_MISMATCH: "That is another version of the game",
  ROOM_FULL: "No seat is free",
  NO_ROUTE: "No connection",
  TOKEN_REFUSED: "This invitation does not hold any more",
  TIMED_OUT: "Nobody answers",
  GAME_INVALID: "The game cannot begin",
  INPUT_INVALID: "That cannot be used",
};

/** Why a match could not begin. */
export function refusalWords(error: unknown): Words {
  if (error instanceof EchoNetError) {
    const advice = error.code === "SESSION_MISMATCH" ? " Reload the page, both of you, and meet again." : "";
    return { title: TITLES[error.code] ?? "The match cannot begin", text: sentence(error.hint) + advice };
  }
  const text = error instanceof Error ? error.message : String(error);
  return { title: "Something went wrong", text: `${sentence(text)} Reload the page to try again.` };
}

/** Somebody followed a link to a room in which nobody is. */
export const NOBODY_THERE: Words = {
  title: "Nobody is in this room",
  text: "The match behind this link is over, its host has left, or the link is not complete. Ask for a new link, or open a room of your own.",
};

/** How a match ended. */
export function endWords({ reason, slot }: EndedOutput, locals: readonly number[]): Words {
  const who = slot === undefined ? "A player" : locals.includes(slot) ? "You" : nameOf(slot);
  switch (reason) {
    case "finished":
      return { title: "Time is up", text: "Everybody saw the same match, to the last bit." };
    case "left":
      return who === "You"
        ? { title: "You left the match", text: "It ended for everybody where you left it." }
        : { title: `${who} left the match`, text: "It ended for everybody in the same tick." };
    case "lost":
      return {
        title: `${who} is gone`,
        text: "Nothing was heard for ten seconds. The match ends at the last tick that all others hold.",
      };
    case "equivocation":
      return {
        title: `${who} told two stories`,
        text: "Different players were sent different moves for one tick. The match ends at the tick before; the journal holds what was agreed.",
      };
    case "game-fault":
      return {
        title: "The game failed",
        text: "Its own code stopped in the same tick at every player. The journal shows where.",
      };
  }
}

export const DESYNC: Words = {
  title: "The players' worlds differ",
  text: "From the same moves, two of you computed different states: a defect, in the game or in a browser. The match goes on; journal and trace show the tick.",
};

/** What is said beside a player's name; nothing where all is well. */
export function statusWords(status: PeerStatus): string | undefined {
  switch (status) {
    case "connected":
      return undefined;
    case "away":
      return "in another tab";
    case "interrupted":
      return "not heard, waiting";
    case "lost":
      return "lost";
    case "left":
      return "left";
  }
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
