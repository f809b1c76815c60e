import { expect, test } from "vitest";
import { invocation } from "./invocation.js";

test.each([
  ["/usr/local/bin/echo-net", {}, "echo-net"],
  ["/game/node_modules/.bin/echo-net", { npm_command: "exec" }, "npx echo-net"],
  ["/game/node_modules/.bin/echo-net", { npm_command: "run-script" }, "npx echo-net"],
  [`${process.cwd()}/dist/cli/main.js`, {}, "node dist/cli/main.js"],
  [undefined, {}, "npx echo-net"],
])("EN-993 who ran %j with %j is told to run %s", (script, env, words) => {
  expect(invocation(script ?? "", env)).toBe(words);
});
