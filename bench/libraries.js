/** What is taken from libraries that Node cannot load by itself: whoever bundles this file resolves it. */

export { PlayerType, Telegraph } from "@tboyt/telegraph";
export { decode, encode } from "msgpack-lite";
export { RollbackNetcode } from "netplayjs/src/netcode/rollback";
export { NetplayInput, NetplayPlayer, NetplayState } from "netplayjs/src/types";
