import type { ServerEvent } from "../server/index.js";
import { count } from "./words.js";

/** One event of a server as a line for the person at its terminal. */
export function serverWords(event: ServerEvent): string {
  switch (event.event) {
    case "listening":
      return `Serving at ${event.url} (ctrl-c ends)`;
    case "room-opened":
      return `room ${event.room}: opened`;
    case "entered":
      return `room ${event.room}: player ${event.member} came from ${event.address}`;
    case "left":
      return `room ${event.room}: player ${event.member} left`;
    case "room-ended":
      return `room ${event.room}: ended`;
    case "refused":
      return `refused ${event.address}: ${event.hint}`;
    case "suppressed":
      return `(${count(event.count, "event")} not told, since there were too many)`;
    case "closing":
      return `Ending: ${count(event.rooms, "room")} with ${count(event.members, "player")}; relayed matches may go on for ${event.inMs / 1_000} s (ctrl-c again ends at once)`;
    case "closed":
      return "Ended.";
  }
}
