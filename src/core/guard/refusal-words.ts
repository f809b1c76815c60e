import { EchoNetError } from "../base/errors.js";
import { PROTOCOL_VERSION } from "./identity.js";
import { RefusalCode } from "./messages.js";

/**
 * What a host's refusal means, for the person who asked for `slots` places; undefined for a code that no host of
 * this protocol sends. `protocol` is the host's.
 */
export function errorOfRefusal(
  protocol: number,
  [code, taken, players]: readonly [number, number, number],
  slots: number,
): EchoNetError | undefined {
  if (protocol !== PROTOCOL_VERSION) {
    const older = protocol > PROTOCOL_VERSION ? "this program" : "the host's program";
    return new EchoNetError(
      "SESSION_MISMATCH",
      `the host speaks protocol ${protocol} and this program protocol ${PROTOCOL_VERSION}: update ${older}`,
    );
  }
  switch (code) {
    case RefusalCode.secret:
      return new EchoNetError(
        "TOKEN_REFUSED",
        "the host does not accept the secret of this invite: ask for the invite of the match that is open now",
      );
    case RefusalCode.session:
      return new EchoNetError(
        "SESSION_MISMATCH",
        "the host has opened another session since this invite was made: ask for a new one",
      );
    case RefusalCode.full:
      return new EchoNetError(
        "ROOM_FULL",
        `the room is full: ${taken} of ${players} slots are taken, and ${slots} asked for`,
      );
    case RefusalCode.begun:
      return new EchoNetError("ROOM_FULL", "the room is full: the match has begun");
    case RefusalCode.key:
      return new EchoNetError(
        "TOKEN_REFUSED",
        "somebody in the room has the same key: every peer needs one of its own",
      );
    case RefusalCode.bundle:
      return new EchoNetError(
        "INPUT_INVALID",
        "the host's game does not come with its invite, as none of TypeScript does and none of more than 1 MiB: it has to be here already",
      );
    default:
      return undefined;
  }
}
