import { describe, expect, test } from "vitest";
import { asSlot } from "../core/base/brand.js";
import { t } from "../core/envelope/declare.js";
import { claimOf } from "./claim-templates.js";
import { CLAIM_KEYS, CLAIM_TEMPLATE_LENGTH, CLAIM_TEMPLATES } from "./limits.js";

const FIELDS = {
  item: t.u8,
  big: t.i64,
  at: t.f64,
  open: t.bool,
  name: t.text(20),
  door: t.oneOf("left", "right"),
  raw: t.bytes(4),
  maybe: t.optional(t.i8),
  all: t.list(t.u16, 64),
  more: t.optional(t.list(t.text(4), 4)),
  when: t.tick,
};
const PAYLOAD = {
  ...{ item: 7, big: -(2n ** 63n), at: 0.5, open: true, name: "x/y", door: "left" },
  ...{ raw: Uint8Array.of(1, 255), all: [3, 1, 3], when: 12 },
};
const keys = (given: unknown, payload: object = PAYLOAD): readonly string[] =>
  claimOf(given, "event go", FIELDS)!(asSlot(2), payload);
const hintOf = (given: unknown): string => {
  try {
    claimOf(given, "event go", { ...FIELDS, long: t.list(t.u8, 65), deep: t.list(t.list(t.u8, 2), 2) });
  } catch (error) {
    return (error as { hint: string }).hint;
  }
  return "taken";
};

describe("claims as texts", () => {
  test.each([
    ["everything", ["everything"]],
    ["item/{item}", ["item/7"]],
    ["{author}", ["2"]],
    [
      ["a/{item}/{author}/b", "{big}"],
      ["a/7/2/b", "-9223372036854775808"],
    ],
    ["{at} {open} {name} {door} {raw} {when}", ["0.5 true x/y left 01ff 12"]],
    ["tile/{all}/{item}", ["tile/3/7", "tile/1/7", "tile/3/7"]],
    ["{all}{all}", ["33", "11", "33"]],
    [["{maybe}", "{more}", "own/{maybe}/{item}"], []],
    [[], []],
  ] as const)("EN-735 %j names its keys by author and payload alone", (given, expected) => {
    expect(keys(given)).toEqual(expected);
    expect(claimOf(undefined, "event go", FIELDS)).toBeUndefined();
  });

  test("EN-735 an optional field that is there counts as any other", () => {
    const payload = { ...PAYLOAD, maybe: -3, more: ["a", "b"] };
    expect(keys(["m/{maybe}", "n/{more}"], payload)).toEqual(["m/-3", "n/a", "n/b"]);
    expect(keys("n/{more}", { ...payload, more: [] })).toEqual([]);
  });

  test.each([
    ["a/{x}", 'event go: "a/{x}" names {x}, which is no field'],
    ["a/{toString}", 'event go: "a/{toString}" names {toString}, which is no field'],
    ["a/{}", 'event go: "a/{}" names {}, which is no field'],
    ["a/{item", 'event go: "a/{item" has a brace too many'],
    ["a/item}", 'event go: "a/item}" has a brace too many'],
    ["{{item}}", 'event go: "{{item}}" has a brace too many'],
    [7, 'event go: reads and writes are texts, such as "item/{item}"'],
    [{ item: 1 }, 'event go: reads and writes are texts, such as "item/{item}"'],
    ["{all}/{more}", 'event go: "{all}/{more}" names two lists'],
    [
      "{long}",
      `event go: "{long}" names {long}, a list that is too long or of lists; ${CLAIM_KEYS} items are allowed`,
    ],
    [
      "{deep}",
      `event go: "{deep}" names {deep}, a list that is too long or of lists; ${CLAIM_KEYS} items are allowed`,
    ],
    ["x".repeat(257), `event go: a key of 257 characters; ${CLAIM_TEMPLATE_LENGTH} are allowed`],
    [Array(17).fill("x"), `event go: 17 keys; ${CLAIM_TEMPLATES} are allowed`],
  ])("EN-735 what names nothing, or too much, is refused: %#", (given, hint) => {
    expect(hintOf(given)).toBe(hint);
  });
});
