import { assemble, type Code, leb, list, uleb } from "./assembler.js";

const EVENTS = {
  long: { fields: { text: { text: 2000 } } },
  say: { fields: { text: { text: 127 } } },
  sob: {},
  spam: {},
  stop: {},
};
const DECLARATION = { name: "talking", version: "1", events: EVENTS, device: {} };
const DECLARATION_AT = 1024;
const WORDS_AT = 16;
const WORDS = "setup begun, now a step: é";

const i32 = (value: number): Code => [0x41, ...leb(value)];
const get = (local: number): Code => [0x20, local];
const EMPTY = 0x40;
const LOG: Code = [0x10, 1];
const words = (from: string, length = from.length): Code => [
  ...i32(WORDS_AT + WORDS.indexOf(from)),
  ...i32(length),
  ...LOG,
];

/**
 * A game that logs: `say` and `long` (from 128 bytes on) their text, `sob` a word before it traps, `spam` 100 lines; its setup `setup`, its step
 * `step` where it was told to `stop` and traps there, its input `now`.
 */
export function talkingModule(): Uint8Array<ArrayBuffer> {
  const json = [...Buffer.from(JSON.stringify(DECLARATION))];
  const cases: readonly Code[] = [
    // The text's length takes one byte below 128, two from there on.
    [...get(4), ...i32(2), 0x6a, ...get(5), ...i32(2), 0x6b, ...LOG],
    [...get(4), ...i32(1), 0x6a, ...get(5), ...i32(1), 0x6b, ...LOG],
    [...words("begun"), 0x00],
    [
      ...[0x03, EMPTY, ...words("a"), 0x23, 0, ...i32(1), 0x6a, 0x24, 0],
      ...[0x23, 0, ...i32(100), 0x48, 0x0d, 0, 0x0b],
    ],
    [...i32(-1), 0x24, 0],
  ];
  const onEvent = [
    ...cases.flatMap(() => [0x02, EMPTY]),
    [...get(0), 0x0e, ...uleb(cases.length - 1), ...cases.keys(), 0],
    ...cases.flatMap((code) => [0x0b, ...code, 0x0f]),
  ].flat();
  return assemble({
    imports: [
      { module: "echo", name: "declare", type: "ii>" },
      { module: "echo", name: "log", type: "ii>" },
    ],
    functions: [
      { type: ">i", export: "echo_abi", code: i32(1) },
      { type: ">", export: "echo_declare", code: [...i32(DECLARATION_AT), ...i32(json.length), 0x10, 0] },
      { type: "i>", export: "echo_setup", code: words("setup") },
      { type: "iiiiii>", export: "echo_on_event", code: onEvent },
      {
        type: ">",
        export: "echo_step",
        code: [0x23, 0, ...i32(0), 0x48, 0x04, EMPTY, ...words("step"), 0x00, 0x0b],
      },
      { type: "iii>", export: "echo_input", code: words("now") },
    ],
    memory: [1, 1, 1],
    globals: [{ type: "i", isMutable: true, code: i32(0) }],
    raw: {
      11: list([
        [0, ...i32(WORDS_AT), 0x0b, ...uleb(Buffer.byteLength(WORDS)), ...Buffer.from(WORDS)],
        [0, ...i32(DECLARATION_AT), 0x0b, ...uleb(json.length), ...json],
      ]),
    },
  });
}
