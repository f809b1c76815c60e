import { EchoNetError } from "../core/base/errors.js";
import type { LobbyState } from "../core/guard/lobby.js";
import type { TransportOption } from "../transports/transport-option.js";
import type { Background } from "./background.js";
import type { Opening } from "./opening.js";
import type { JoinOptions } from "./options.js";

/** How long those in the room of a host that has lost its server may still come by direct paths, in milliseconds. */
const SERVER_LOST_MS = 5_000;

/** Waits until all players are there. Rejects with what keeps them from coming, or the signal's reason. */
export async function waitForStart(
  opening: Opening,
  background: Background,
  options: JoinOptions,
): Promise<Extract<LobbyState, { type: "started" }>> {
  let present = -1;
  let serverLostMs: number | undefined;
  while (true) {
    const nowMs = performance.now();
    opening.forget((address) => options.transport.mayReach?.(address) === false);
    const state = opening.update(nowMs);
    if (state.type === "started") return state;
    if (state.type === "failed") throw state.error;
    if (state.present !== present) {
      present = state.present;
      options.onWaiting?.(present, state.players, () => opening.takeRest());
    }
    if (isHostWithoutServer(options.transport)) serverLostMs ??= nowMs;
    if (serverLostMs !== undefined && nowMs - serverLostMs >= SERVER_LOST_MS) {
      const hint = "The server is gone, so nobody else can come: open the match again once it is back.";
      throw new EchoNetError("NO_ROUTE", hint);
    }
    await background.pause();
    requireHope(options);
  }
}

/** Who is not there yet finds no host but by its server. */
function isHostWithoutServer(option: TransportOption): boolean {
  return (
    option.role === "host" && option.diagnose?.().some(({ reason }) => reason === "signaling-lost") === true
  );
}

/** Nobody waits any longer who was called off, or whose host is gone: throws why. */
export function requireHope({ signal, transport }: JoinOptions): void {
  signal?.throwIfAborted();
  const gone = transport.hostGone?.();
  if (gone !== undefined) throw gone;
}
