import { type TransportHarness, transportConformance } from "echo-net/testing";
import { type RoomOption, websocket } from "echo-net/websocket";
import { RECEIVE_QUEUE_BYTES, RECEIVE_QUEUE_DATAGRAMS } from "../../src/transports/receive-queue.js";

export interface RoomSuite<Option extends RoomOption> {
  readonly url: string;
  /** Begins the names of the rooms. */
  readonly prefix: string;
  /** One more end for a room. */
  optionOf(room: string): Option;
  /** How long datagrams may take to arrive, in ms. */
  readonly settleMs: number;
  /** Waits until an open end reaches the others in the way that is to be tested. */
  ready(option: Option): Promise<void>;
}

/** The suite for a transport that meets in rooms: the ends of each case in a room of their own. */
export function roomConformance<Option extends RoomOption>(
  suite: RoomSuite<Option>,
): readonly { readonly name: string; run(): Promise<void> }[] {
  return transportConformance(harnessOf(suite, "")).map(({ name }, i) => ({
    name,
    run: async () => {
      const room = `${suite.prefix}-${i}`;
      // The suite closes ends and opens others after them: somebody has to keep the door.
      const keeper = websocket({ url: suite.url, room, players: 8 });
      const kept = await keeper.open();
      keeper.announce("echo-net:conformance");
      try {
        await transportConformance(harnessOf(suite, room))[i]!.run();
      } finally {
        kept.close();
      }
    },
  }));
}

const harnessOf = <Option extends RoomOption>(suite: RoomSuite<Option>, room: string): TransportHarness => ({
  async open() {
    const option = suite.optionOf(room);
    const end = await option.open();
    await suite.ready(option);
    return end;
  },
  settle: () => new Promise((resolve) => setTimeout(resolve, suite.settleMs)),
  nobody: ["room:200", "room:255", "room:256", "room:-1", "room:01", "room:"],
  receiveLimit: { datagrams: RECEIVE_QUEUE_DATAGRAMS, bytes: RECEIVE_QUEUE_BYTES },
});
