import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Command, InvalidArgumentError } from "commander";
import { isEchoNetError } from "../core/base/errors.js";
import { type ServerEvent, serve } from "../server/index.js";
import { CliError, type ExitCode } from "./exit.js";
import type { CliIo } from "./io.js";
import { type CommonOptions, ipAddress, wholeNumber } from "./options.js";
import { type Outcome, tell } from "./outcome.js";
import { printable, printableJson } from "./printable.js";
import { serverWords } from "./server-words.js";

interface ServeCommandOptions extends CommonOptions {
  readonly port: number;
  readonly bind?: string;
  readonly page?: string;
  readonly origin?: readonly string[];
  readonly metrics?: true;
  readonly behindProxy?: true;
  readonly rooms?: number;
  readonly perAddress?: number;
  readonly drain: number;
}

/** The game that comes along, as a page. */
const SPLASH: string = fileURLToPath(new URL("../../dist/apps/splash/", import.meta.url));

export function addServe(program: Command, io: CliIo, done: (exitCode: ExitCode) => void): void {
  program
    .command("serve")
    .summary("rooms where browsers find each other, a relay, and the page of a game")
    .description(
      "Serves rooms where the players of a match find each other, passes datagrams on for those who find no path, and hands out the page of a game. Ends with ctrl-c or SIGTERM.",
    )
    .option("--port <n>", "TCP port; 0 takes any that is free", wholeNumber(0, 65_535), 7777)
    .option("--bind <address>", "an IP address of this machine (default: all of them)", ipAddress)
    .option("--page <dir>", "a folder with an index.html (default: Splash, where it is built)")
    .option("--origin <origin>", "a page elsewhere that may use the server; may be repeated", origins)
    .option("--metrics", "Prometheus finds metrics at /metrics")
    .option("--behind-proxy", "who asks is the last entry of X-Forwarded-For, which your proxy writes")
    .option("--rooms <n>", "most rooms at a time (default: 5000)", wholeNumber(1, 100_000))
    .option("--per-address <n>", "most players from one address (default: 128)", wholeNumber(1, 100_000))
    .option("--drain <seconds>", "how long relayed matches may go on when it ends", wholeNumber(0, 3_600), 5)
    .option("--json", "one JSON object a line on stdout, as where nobody sits at a terminal")
    .action(async (options: ServeCommandOptions) => {
      const json = options.json === true || io.stdout.isTTY !== true;
      done(await tell(io, { name: "serve", json, failed: {} }, () => run(options, json, io)));
    });
}

async function run(options: ServeCommandOptions, json: boolean, io: CliIo): Promise<Outcome> {
  const { port, bind, origin, metrics, behindProxy, rooms, perAddress, drain } = options;
  const server = await serve({
    port,
    bind,
    page: options.page ?? (existsSync(`${SPLASH}index.html`) ? SPLASH : undefined),
    ...(origin === undefined ? {} : { origins: origin }),
    metrics: metrics === true,
    behindProxy: behindProxy === true,
    limits: {
      ...(rooms === undefined ? {} : { rooms }),
      ...(perAddress === undefined ? {} : { membersPerAddress: perAddress }),
    },
    onEvent: (event) => {
      // The last one is the outcome, which is told below.
      if (event.event === "closed") return;
      io.stdout.write(`${json ? printableJson(stamped(event)) : printable(serverWords(event))}\n`);
    },
  }).catch((error: unknown) => {
    // What is wrong with the options commander has seen; what is left is a folder that is no page.
    if (isEchoNetError(error) && error.code === "INPUT_INVALID") throw new CliError(3, error.hint);
    throw error;
  });
  await new Promise<void>((resolve) => {
    io.onInterrupt(resolve);
  });
  await server.close({ drainMs: drain * 1_000 });
  const closed: ServerEvent = { event: "closed" };
  return { exitCode: 0, json: stamped(closed), words: serverWords(closed) };
}

const stamped = (event: ServerEvent): { readonly time: string } & ServerEvent => ({
  time: new Date().toISOString(),
  ...event,
});

function origins(text: string, before: readonly string[] = []): readonly string[] {
  if (text === "*") return [...before, text];
  const origin = URL.canParse(text) ? new URL(text).origin : "null";
  if (origin !== "null" && (text === origin || text === `${origin}/`)) return [...before, origin];
  throw new InvalidArgumentError("Write an origin such as https://play.example, or * for all.");
}
