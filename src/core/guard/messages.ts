import { ByteReader, ByteWriter, equalBytes } from "../base/bytes.js";
import { blake3Keyed, domainHash } from "../base/hash.js";
import { invariant } from "../base/invariant.js";
import { HANDSHAKE_BYTES } from "../wire/limits.js";
import { PROTOCOL_VERSION } from "./identity.js";

/** First bytes of the datagrams of a handshake. Questions are a joiner's, answers the host's. */
export const HELLO = 1;
export const CHALLENGE = 2;
export const JOIN = 3;
export const WAIT = 4;
export const ROSTER = 5;
export const REFUSE = 6;
export const FETCH = 7;
export const PART = 9;

const QUESTIONS: readonly number[] = [HELLO, JOIN, FETCH];
const MESSAGES: readonly number[] = [...QUESTIONS, CHALLENGE, WAIT, ROSTER, REFUSE, PART];

/** Whether a message is a joiner's: then it is padded. */
export const isQuestion = (type: number): boolean => QUESTIONS.includes(type);

/** What a host refuses a joiner for, as a byte, with two numbers that say more. */
export const RefusalCode = {
  /** The question's tag was not made with the secret of this match. */
  secret: 1,
  /** The head of every message names the protocol; this one is not the host's. */
  protocol: 2,
  /** The secret holds, the session is another. */
  session: 3,
  /** Fewer slots are free than were asked for: slots taken, slots in all. */
  full: 4,
  /** The match has begun. */
  begun: 5,
  /** Somebody in the room has this key. */
  key: 6,
  /** The host's game does not come with its invite. */
  bundle: 7,
} as const;
export type RefusalCode = (typeof RefusalCode)[keyof typeof RefusalCode];

/** Bytes of the token by which a joiner knows what answers it. */
export const TOKEN_BYTES = 16;
const MAGIC: Uint8Array = Uint8Array.of(0x45, 0x63, 0x4e, 0x74);
const TAG_BYTES = 16;
/** Type, magic, protocol, token: alike in every version of the protocol. */
const HEAD_BYTES: number = 1 + MAGIC.length + 2 + TOKEN_BYTES;
/** A refusal, alike in every version of the protocol too: head, code, two numbers, tag. */
export const REFUSE_BYTES: number = HEAD_BYTES + 3 + TAG_BYTES;

/** The key that tags a handshake's messages, from an invite's secret. */
export const handshakeKey = (secret: Uint8Array): Uint8Array => domainHash("handshake", secret);

/** A handshake message, apart from what its body means. */
export interface Message {
  readonly type: number;
  readonly protocol: number;
  readonly token: Uint8Array;
  /** The bytes between head and tag, padding included. */
  readonly body: Uint8Array;
  /** Whether whoever made it knows the secret. */
  readonly genuine: boolean;
}

/** Makes a message. Questions are padded, so that no answer is longer. */
export function sealMessage(
  key: Uint8Array,
  type: number,
  token: Uint8Array,
  body: (writer: ByteWriter) => void,
  protocol: number = PROTOCOL_VERSION,
): Uint8Array {
  const writer = new ByteWriter(HANDSHAKE_BYTES);
  writer.u8(type);
  writer.bytes(MAGIC);
  writer.u16(protocol);
  writer.bytes(token);
  body(writer);
  if (isQuestion(type)) {
    invariant(writer.length <= HANDSHAKE_BYTES - TAG_BYTES, "a question fits its datagram");
    writer.bytes(new Uint8Array(HANDSHAKE_BYTES - TAG_BYTES - writer.length));
  }
  writer.bytes(blake3Keyed(key, writer.view()).subarray(0, TAG_BYTES));
  invariant(writer.length <= HANDSHAKE_BYTES, "an answer is no longer than its question");
  return writer.finish();
}

/** Reads a message's head and checks its tag; undefined where the datagram is no handshake's. */
export function openMessage(key: Uint8Array, datagram: Uint8Array): Message | undefined {
  const isMessage =
    datagram.length >= HEAD_BYTES + TAG_BYTES &&
    datagram.length <= HANDSHAKE_BYTES &&
    MESSAGES.includes(datagram[0]!) &&
    equalBytes(datagram.subarray(1, 1 + MAGIC.length), MAGIC);
  if (!isMessage) return undefined;
  const end = datagram.length - TAG_BYTES;
  const tag = blake3Keyed(key, datagram.subarray(0, end)).subarray(0, TAG_BYTES);
  let difference = 0;
  for (let i = 0; i < TAG_BYTES; i++) difference |= tag[i]! ^ datagram[end + i]!;
  return {
    type: datagram[0]!,
    protocol: datagram[5]! + 256 * datagram[6]!,
    token: datagram.subarray(HEAD_BYTES - TOKEN_BYTES, HEAD_BYTES),
    body: datagram.subarray(HEAD_BYTES, end),
    genuine: difference === 0,
  };
}

/** Reads fields of a question's body, which ends in zeros; undefined where it does not, or ends too soon. */
export function readQuestion<T>(body: Uint8Array, fields: (reader: ByteReader) => T): T | undefined {
  const reader = new ByteReader(body);
  const read = fields(reader);
  const padding = reader.bytes(reader.remaining);
  return reader.failed || padding.some((byte) => byte !== 0) ? undefined : read;
}

/** Reads fields of an answer's body; undefined where it holds more or less than these. */
export function readAnswer<T>(body: Uint8Array, fields: (reader: ByteReader) => T): T | undefined {
  const reader = new ByteReader(body);
  const read = fields(reader);
  return reader.finished ? read : undefined;
}
