import { ByteWriter } from "../../src/core/base/bytes.js";
import { TickContent } from "../../src/core/envelope/content.js";
import { Frame } from "../../src/core/wire/frame.js";
import { FrameCodec } from "../../src/core/wire/frame-codec.js";
import { MAX_BODY_BYTES } from "../../src/core/wire/limits.js";
import type { Game } from "../../src/index.js";
import type { TestMatch } from "../../src/testing/match.js";

const writer = new ByteWriter(2048);

/**
 * Sends one more frame from a peer of a test match to another, under the sender's own valid tag. Where `fill` names
 * ticks, they are empty.
 */
export function lie(
  match: TestMatch,
  game: Game,
  from: number,
  to: number,
  fill: (frame: Frame) => void,
): void {
  const liar = match.peers[from]!;
  const { identity, peers } = liar.start!;
  const slotsByPeer = identity.roster.map(({ slots }) => slots);
  const codec = new FrameCodec(game.catalog.kinds, slotsByPeer);
  const sources = slotsByPeer.map(() => ({ content: () => TickContent.empty }));
  const frame = new Frame();
  fill(frame);
  const { channel, address } = peers[to]!;
  channel!.begin(writer);
  codec.encode(writer, frame, from, sources, MAX_BODY_BYTES);
  liar.transport.send(address, channel!.finish(writer));
}
