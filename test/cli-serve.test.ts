import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Ended, here, Process, Running, scratch, until } from "./cli/harness.js";
import { End } from "./server/end.js";
import { root } from "./tidy/modules.js";

const LOCAL = ["--bind", "127.0.0.1", "--port", "0"];

/** The lines of JSON that a server has logged. */
const logged = (text: string): any[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

const urlOf = (server: Running): Promise<string> =>
  until(server, () => /http:\/\/[\d.:]+/.exec(server.output)?.[0]);

describe("serve", () => {
  test("EN-980 logs one JSON object a line, with its time, and ends with 0 when it is interrupted", async () => {
    const page = scratch();
    writeFileSync(`${page}/index.html`, "a page");
    const server = new Running(["serve", ...LOCAL, "--page", page, "--metrics", "--json", "--drain", "1"]);
    const url = await urlOf(server);
    expect(await (await fetch(url)).text()).toBe("a page");
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
    await End.in({ url }, "a");
    const odd = await End.open({ url });
    odd.webSocket.send('{"type":"enter","room":"\\n{\\"event\\":\\"forged\\"}"}');
    await odd.refusal();
    server.interrupt();
    const { code, stdout, stderr } = await server.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const events = logged(stdout);
    expect(events.map(({ event }) => event)).toEqual([
      ...[
        "listening",
        "room-opened",
        "entered",
        "refused",
        "closing",
        "refused",
        "left",
        "room-ended",
        "closed",
      ],
    ]);
    expect(events[2]).toMatchObject({ room: "a", member: 0, address: "127.0.0.1" });
    for (const { time } of events) expect(new Date(time).toISOString()).toBe(time);
  });

  test("EN-981 tells a person at a terminal in words", async () => {
    const server = new Running(["serve", ...LOCAL], { terminal: "stdout" });
    const url = await urlOf(server);
    const end = await End.in({ url }, "a");
    end.webSocket.close();
    await until(server, () => /room a: ended/.exec(server.output)?.[0]);
    server.interrupt();
    const { code, stdout } = await server.ended;
    expect(code).toBe(0);
    expect(stdout.split("\n")).toEqual([
      `Serving at ${url} (ctrl-c ends)`,
      "room a: opened",
      "room a: player 0 came from 127.0.0.1",
      "room a: player 0 left",
      "room a: ended",
      ...["Ending: 0 rooms with 0 players; relayed matches may go on for 5 s (ctrl-c again ends at once)"],
      "Ended.",
      "",
    ]);
  });

  test("EN-980 does so as a program that SIGTERM ends", async () => {
    const server = new Process(["serve", ...LOCAL]);
    const url = await until(server, () => /"url":"([^"]+)"/.exec(server.output)?.[1]);
    const end = await End.in({ url }, "a");
    server.child.kill("SIGTERM");
    expect(await end.refusal()).toBe("shutting-down");
    const { code, stdout } = await server.ended;
    expect([code, logged(stdout).at(-1).event]).toEqual([0, "closed"]);
  });

  const refused = ({ code, stderr }: Ended): string => {
    expect(stderr).toMatch(/^echo-net serve: [^\n]*\n$/);
    return `${code} ${stderr.slice("echo-net serve: ".length, -1)}`;
  };

  test("EN-982 exits with 1 where it cannot listen, 3 without the page and 2 for wrong usage, and says why on one line", async () => {
    const server = new Running(["serve", ...LOCAL, "--json"]);
    const port = new URL(await urlOf(server)).port;
    const taken = await here("serve", "--bind", "127.0.0.1", "--port", port, "--json");
    expect(refused(taken)).toMatch(/^1 Port \d+ is in use at 127\.0\.0\.1: choose another one/);
    expect(logged(taken.stdout)).toEqual([{ error: expect.stringContaining("is in use") }]);
    expect(refused(await here("serve", "--bind", "203.0.113.7"))).toMatch(/^1 This machine has no address /);
    const empty = scratch();
    mkdirSync(`${empty}/page`);
    expect(refused(await here("serve", ...LOCAL, "--page", `${empty}/none`))).toMatch(
      /^3 .*there is no such folder/,
    );
    expect(refused(await here("serve", ...LOCAL, "--page", `${empty}/page`))).toMatch(
      /^3 .*has no index\.html/,
    );
    for (const [option, value, why] of [
      ["--bind", "localhost", "Write an IP address"],
      ["--port", "70000", "Write a whole number from 0 to 65535."],
      ["--origin", "play.example", "Write an origin such as https://play.example, or * for all."],
      ["--origin", "https://play.example/path", "Write an origin"],
      ["--rooms", "0", "Write a whole number from 1 to 100000."],
    ] as const) {
      const ended = await here("serve", option, value);
      expect([refused(ended).slice(0, 1), ended.stdout]).toEqual(["2", ""]);
      expect(ended.stderr).toContain(why);
    }
    server.interrupt();
    await server.ended;
  });

  test("EN-983 takes pages of other origins, and fewer rooms and players, where it is told to", async () => {
    const server = new Running([
      "serve",
      ...LOCAL,
      "--origin",
      "https://play.example/",
      "--rooms",
      "1",
      "--per-address",
      "2",
    ]);
    const url = await urlOf(server);
    const welcome = await End.open({ url }, { Origin: "https://play.example" });
    welcome.say({ type: "enter", room: "a" });
    await welcome.heard("entered");
    const other = await End.open({ url });
    other.say({ type: "enter", room: "b" });
    expect(await other.refusal()).toBe("too-many-rooms");
    await End.in({ url }, "a");
    const third = await End.open({ url });
    third.say({ type: "enter", room: "a" });
    expect(await third.refusal()).toBe("too-many-connections");
    server.interrupt();
    await server.ended;
  });

  test("EN-984 has a guide that names exactly its options, events and metrics", async () => {
    const guide = readFileSync(`${root}docs/serve.md`, "utf8");
    const [options, metrics] = guide.split("## What to watch") as [string, string];
    const named = (text: string, pattern: RegExp): string[] =>
      [...new Set([...text.matchAll(pattern)].map((match) => match[1]!))].sort();
    const { stdout } = await here("serve", "--help");
    const offered = named(stdout, /^ {2}(?:-h, )?(--[a-z-]+)/gm).filter((option) => option !== "--help");
    expect(named(options, /(--[a-z][a-z-]*)/g)).toEqual(offered);

    const server = new Running(["serve", ...LOCAL, "--metrics"]);
    const text = await (await fetch(`${await urlOf(server)}/metrics`)).text();
    expect(named(metrics, /(echo_net_\w+)/g)).toEqual(named(text, /^# TYPE (\w+)/gm));
    server.interrupt();
    await server.ended;
    const types = named(readFileSync(`${root}src/server/events.ts`, "utf8"), /readonly event: "([a-z-]+)"/g);
    const told = /`event`: ([\s\S]*?)\.\s/.exec(metrics)![1]!;
    expect(named(told, /`([a-z-]+)`/g)).toEqual(types);
  });
});
