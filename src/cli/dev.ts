import { type Command, Option } from "commander";
import { describeNet, type NetSpec, parseNet } from "../testing/net-spec.js";
import { DevServer } from "./dev/dev-server.js";
import type { Version } from "./dev/watched-game.js";
import { WatchedGame } from "./dev/watched-game.js";
import { type ExitCode, oneLine } from "./exit.js";
import type { CliIo } from "./io.js";
import { type CommonOptions, GAME, net, wholeNumber } from "./options.js";
import { type Outcome, tell } from "./outcome.js";
import { printable, printableJson } from "./printable.js";

interface DevOptions extends CommonOptions {
  readonly port: number;
  readonly net: NetSpec;
}

/** What the command tells of, one line each. */
type DevEvent =
  | { readonly event: "listening"; readonly url: string }
  | { readonly event: "changed" }
  | { readonly event: "problem"; readonly message: string; readonly place?: string }
  | { readonly event: "closed" };

export function addDev(program: Command, io: CliIo, done: (exitCode: ExitCode) => void): void {
  program
    .command("dev")
    .summary("a game in the browser while it is written: two players in one page, a bad network between them")
    .description(
      "Serves a page to this machine in which two players of a game play one another over an emulated network, with sliders for it. The page begins anew whenever the game's files change. Ends with ctrl-c.",
    )
    .argument("<game>", GAME)
    .option("--port <n>", "TCP port; 0 takes any that is free", wholeNumber(0, 65_535), 7770)
    .addOption(
      new Option("--net <net>", "the network to begin with, as in simulate")
        .argParser(net)
        .default(parseNet("wifi"), "wifi"),
    )
    .option("--json", "one JSON object a line on stdout")
    .addHelpText(
      "after",
      "\nThe game's file, or draw.mjs beside scripts, may export render(context, frame), device(held) and size; see docs/guides/rendering.md.",
    )
    .action(async (path: string, options: DevOptions) => {
      const json = options.json === true;
      done(await tell(io, { name: "dev", json, failed: {} }, () => dev(path, options, json, io)));
    });
}

async function dev(path: string, options: DevOptions, json: boolean, io: CliIo): Promise<Outcome> {
  const say = (event: DevEvent): void => {
    io.stdout.write(`${json ? printableJson(event) : printable(wordsOf(event))}\n`);
  };
  let server: DevServer | undefined;
  const game = await WatchedGame.open(path, (version) => {
    server?.tell(version);
    say(eventOf(version));
  });
  try {
    server = new DevServer(game, path, describeNet(options.net));
    await server.listen(options.port);
    say({ event: "listening", url: server.url });
    if (game.current.reading.problem !== undefined) say(eventOf(game.current));
    await new Promise<void>((resolve) => {
      io.onInterrupt(resolve);
    });
    await server.close();
  } finally {
    game.close();
  }
  const closed: DevEvent = { event: "closed" };
  return { exitCode: 0, json: closed, words: wordsOf(closed) };
}

function eventOf({ reading: { problem } }: Version): DevEvent {
  if (problem === undefined) return { event: "changed" };
  const { message, place } = problem;
  return {
    event: "problem",
    message: oneLine(message),
    ...(place === undefined ? {} : { place: `${place.file}:${place.line}` }),
  };
}

function wordsOf(event: DevEvent): string {
  switch (event.event) {
    case "listening":
      return `Open ${event.url} in a browser. The page follows the game's files; ctrl-c ends this.`;
    case "changed":
      return "The game has changed.";
    case "problem":
      return event.place === undefined ? event.message : `${event.place}: ${event.message}`;
    case "closed":
      return "Ended.";
  }
}
