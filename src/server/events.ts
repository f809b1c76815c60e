import type { SignalRefusal } from "../transports/signaling.js";

/** Why somebody was sent away; `origin` and `http` before there was a WebSocket to say it on. */
export type RefusalCode = SignalRefusal | "origin" | "http";

/** What a server tells whoever runs it, as it happens. Every value is plain, so that an event is one line of JSON. */
export type ServerEvent =
  | { readonly event: "listening"; readonly url: string; readonly port: number }
  | { readonly event: "room-opened"; readonly room: string }
  | { readonly event: "entered"; readonly room: string; readonly member: number; readonly address: string }
  | { readonly event: "left"; readonly room: string; readonly member: number }
  | { readonly event: "room-ended"; readonly room: string }
  | {
      readonly event: "refused";
      readonly code: RefusalCode;
      readonly address: string;
      readonly hint: string;
    }
  /** Events that were not told, since there were too many at once. */
  | { readonly event: "suppressed"; readonly count: number }
  | {
      readonly event: "closing";
      readonly inMs: number;
      readonly rooms: number;
      readonly members: number;
    }
  | { readonly event: "closed" };

export type TellEvent = (event: ServerEvent) => void;
