import { expect, test } from "vitest";
import { PRINTED_LINE_UNITS } from "./limits.js";
import { printable, printableInColour, printableJson, printableLines } from "./printable.js";

const RED = "\x1b[31m";

test("EN-908 spells what a terminal obeys or hides, and leaves words of any language", () => {
  expect(printable("\x1b]52;c;YQ==\x07\x1b[2J")).toBe("\\x1b]52;c;YQ==\\x07\\x1b[2J");
  expect(printable("a\nb\rc\x7f\x9b2J\x85")).toBe("a\\x0ab\\x0dc\\x7f\\x9b2J\\x85");
  expect(printable("\u202egpj\u2069\u200b\u{e0041}\ud800!\ufeff")).toBe(
    "\\u202egpj\\u2069\\u200b\\u{e0041}\\ud800!\\ufeff",
  );
  const words = "é 日本語 עברית नमस्ते 🎈 tab\there";
  expect(printable(words)).toBe(words);
});

test("EN-908 is cut where it is too long, between any two characters", () => {
  for (const text of [
    "x".repeat(5_000),
    "🎈".repeat(5_000),
    `x${"🎈".repeat(5_000)}`,
    "\x1b".repeat(5_000),
  ]) {
    const shown = printable(text);
    expect(shown.endsWith("…")).toBe(true);
    expect(shown.length).toBeLessThanOrEqual(6 * PRINTED_LINE_UNITS);
    expect(printable(shown)).toMatch(/^[\\ -~🎈]*…$/u);
  }
  expect(printable("y".repeat(PRINTED_LINE_UNITS))).toBe("y".repeat(PRINTED_LINE_UNITS));
});

test("EN-908 keeps lines apart, and colours where the user's own code drew them", () => {
  expect(printableLines("a\x1b\nb")).toBe("a\\x1b\nb");
  const drawn = `${RED}name \x1b]0;title\x07 \x1b[2J${RED}`;
  expect(printableInColour(drawn)).toBe(`${RED}name \\x1b]0;title\\x07 \\x1b[2J${RED}`);
});

test("EN-908 says the same in JSON", () => {
  const value = { text: "\x1b\x9b\u202e\u{e0041}\ud800 é\n" };
  const line = printableJson(value);
  expect(JSON.parse(line)).toEqual(value);
  expect(line).toBe('{"text":"\\u001b\\u009b\\u202e\\udb40\\udc41\\ud800 é\\n"}');
});
