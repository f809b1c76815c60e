import { ByteWriter } from "../../src/core/base/bytes.js";
import { TickContent } from "../../src/core/envelope/content.js";
import { bytesOfHash } from "../../src/core/guard/identity.js";
import { Farewells } from "../../src/core/session/farewells.js";
import type { Leave } from "../../src/core/wire/frame.js";
import { Frame } from "../../src/core/wire/frame.js";
import { FrameCodec } from "../../src/core/wire/frame-codec.js";
import { MAX_BODY_BYTES } from "../../src/core/wire/limits.js";
import type { Game } from "../../src/index.js";
import { bestCryptoEngine } from "../../src/platform/crypto.js";
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

/** The word by which a peer of a test match leaves at a tick, signed by itself. */
export function farewell(match: TestMatch, peer: number, tick: number): Leave {
  const { start, secretKey } = match.peers[peer]!;
  const { matchId, roster } = start!.identity;
  return new Farewells(bestCryptoEngine(), roster, bytesOfHash(matchId)).sign(peer, tick, secretKey);
}
