import { expect, test } from "vitest";
import { placeOf } from "./place.js";

test("EN-915 what games throw may be as odd as it likes: no place is told of it", () => {
  const own = Object.assign(new Error("its own cause"), { stack: "" });
  own.cause = own;
  expect(placeOf(own)).toBe("");
  expect(placeOf(Object.assign(new Error("no text"), { stack: 7 }))).toBe("");
  for (const file of ["file://elsewhere/game.ts", "file:///a%2Fb.ts"]) {
    expect(placeOf(Object.assign(new Error("no file"), { stack: `Error\n    at ${file}:1:2` }))).toBe("");
  }
});
