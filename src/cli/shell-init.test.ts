import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { shellFunction } from "./shell-init.js";

/** Stands in for the program: says that it ran, and with which words. */
const ran = ["/usr/bin/env", "printf", "<%s>"];
const init = shellFunction(["replay", "simulate", "host", "join"], ran);

describe.each(["bash", "zsh"])("the shell function in %s", (shell) => {
  /** What a script prints once the function is there, and without it. */
  function both(script: string): { readonly with: string; readonly without: string } {
    const run = (text: string): string => {
      // Neither shell reads its user's files.
      const options = shell === "bash" ? ["--norc", "--noprofile"] : ["-f"];
      const { stdout, stderr, status } = spawnSync(shell, [...options, "-c", text], {
        cwd: import.meta.dirname,
        encoding: "utf8",
      });
      return `${stdout}${stderr}${status}`;
    };
    return { with: run(`${init}\n${script}`), without: run(script) };
  }

  test.each([
    ["echo net replay --log file.jsonl", "<replay><--log><file.jsonl>0"],
    ["echo net replay --log 'a b.jsonl' --json", "<replay><--log><a b.jsonl><--json>0"],
    ["echo net host --help", "<host><--help>0"],
    ["echo net join echo-net:AbC --game g.ts", "<join><echo-net:AbC><--game><g.ts>0"],
    ["echo net simulate shell-init.ts --peers 4", "<simulate><shell-init.ts><--peers><4>0"],
    [
      "echo net simulate ../../examples/lua-sample/player.lua",
      "<simulate><../../examples/lua-sample/player.lua>0",
    ],
    [
      "echo net simulate ../../node_modules/wasmoon/dist/glue.wasm",
      "<simulate><../../node_modules/wasmoon/dist/glue.wasm>0",
    ],
    ["set -eu; echo net replay --log x; echo; echo on", "<replay><--log><x>\non\n0"],
  ])("EN-941 takes %j for a command", (script, printed) => {
    expect(both(script).with).toBe(printed);
  });

  test.each([
    "echo -n x",
    "echo",
    "echo ''",
    "echo net",
    "echo net replay",
    "echo net replay is fun",
    "echo net host is down -- again",
    "echo net simulate nothing-there.ts",
    "echo net works --log file",
    "echo the net replay --log file",
    "echo 'net replay --log file'",
    "echo network replay --log file",
    "echo net '' --log",
    "echo -e 'a\\tb' net",
    "echo -E 'a\\tb'",
    "echo 'a\\tb'",
    'echo "$(echo net)" && echo $(echo -n a; echo b)',
    'set -eu; echo; echo net; x=$(echo net up); echo "$x"',
    "echo net > /dev/null; echo $?",
    "echo net 2>/dev/null >&-; echo $?",
  ])("EN-942 leaves %j as it is", (script) => {
    const { with: changed, without } = both(script);
    expect(changed).toBe(without);
  });

  test("EN-942 survives an alias of its name, and words that hold quotes", () => {
    const quoting = shellFunction(["replay"], ["/usr/bin/env", "printf", "it's <%s>"]);
    const options = shell === "bash" ? ["--norc", "-O", "expand_aliases"] : ["-f"];
    const script = `alias echo='echo -n'\neval "$1"\n\\echo net replay --log x`;
    const { stdout, stderr } = spawnSync(shell, [...options, "-c", script, "-", quoting], {
      encoding: "utf8",
    });
    expect({ stdout, stderr }).toEqual({ stdout: "it's <replay>it's <--log>it's <x>", stderr: "" });
  });
});
