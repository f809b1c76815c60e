import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { listen } from "../../server/listen.js";
import { CliError, wordsOf } from "../exit.js";
import { MAX_DEV_PAGES } from "../limits.js";
import type { Version, WatchedGame } from "./watched-game.js";

const built = (path: string): string => fileURLToPath(new URL(`../../../dist/${path}`, import.meta.url));
const PAGE = built("apps/dev/");
const MODULES = built("browser/");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

/** Serves the page of `dev` to this machine alone: the page, the package's modules, and the game as it is now. */
export class DevServer {
  readonly #game: WatchedGame;
  readonly #title: string;
  readonly #net: string;
  readonly #server: Server;
  readonly #listeners = new Set<ServerResponse>();

  constructor(game: WatchedGame, title: string, net: string) {
    if (!existsSync(`${PAGE}page.js`)) {
      throw new CliError(1, "the page of dev is not built: run npm run build in the checkout of echo-net");
    }
    this.#game = game;
    this.#title = title;
    this.#net = net;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** Where it listens, once it does. */
  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Throws `CliError` 1 for a port that cannot be had. */
  listen(port: number): Promise<void> {
    return listen(this.#server, { port, host: "127.0.0.1" }, (error) => portError(port, error));
  }

  /** Tells the open pages of another version. */
  tell(version: Version): void {
    for (const listener of this.#listeners) listener.write(changeOf(version));
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader("cache-control", "no-store");
    response.setHeader("x-content-type-options", "nosniff");
    // A page elsewhere may have a name of its own lead to this machine.
    if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(request.headers.host ?? "")) {
      end(response, 403, "This page is for this machine alone.");
      return;
    }
    if (request.method !== "GET") {
      end(response, 405, "There is nothing to send here.");
      return;
    }
    const target = request.url ?? "/";
    if (!URL.canParse(target, "http://localhost")) {
      end(response, 400, "That is no address.");
      return;
    }
    const { pathname, searchParams } = new URL(target, "http://localhost");
    const path = pathname.slice(1);
    const { version, reading } = this.#game.current;
    if (path === "events") {
      this.#listen(response);
      return;
    }
    if (path === "place") {
      this.#place(searchParams, response);
      return;
    }
    if (path === "game.json") {
      const { loading, problem, hints } = reading;
      json(response, { version, title: this.#title, net: this.#net, problem, hints, ...loading });
      return;
    }
    const content = contentOf(path) ?? reading.files.get(path);
    if (content === undefined) {
      end(response, 404, "There is nothing here.");
      return;
    }
    response.setHeader(
      "content-type",
      TYPES[path === "" ? ".html" : extname(path)] ?? "application/octet-stream",
    );
    response.end(content);
  }

  #listen(response: ServerResponse): void {
    if (this.#listeners.size >= MAX_DEV_PAGES) {
      end(response, 503, "Too many pages are open.");
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(changeOf(this.#game.current));
    this.#listeners.add(response);
    response.once("close", () => this.#listeners.delete(response));
  }

  #place(asked: URLSearchParams, response: ServerResponse): void {
    const [line, column] = [Number(asked.get("line")), Number(asked.get("column"))];
    const isPlace = Number.isSafeInteger(line) && Number.isSafeInteger(column) && line > 0 && column > 0;
    const place = isPlace
      ? this.#game.current.reading.placeOf(asked.get("path") ?? "", line, column)
      : undefined;
    if (place === undefined) {
      end(response, 404, "That is no line of the game.");
      return;
    }
    json(response, place);
  }
}

/** A file of the page or of the package, or undefined. */
function contentOf(path: string): string | Buffer | undefined {
  if (path === "") return page();
  if (path === "page.js" || path === "page.css") return readFileSync(PAGE + path);
  const [, module] = /^echo-net\/([\w-]+\.(?:js|wasm))$/.exec(path) ?? [];
  return module !== undefined && existsSync(MODULES + module) ? readFileSync(MODULES + module) : undefined;
}

/** The page with what `echo-net` means in it, for the game and itself alike. */
function page(): string {
  const subpaths = readdirSync(MODULES).flatMap((file) => /^(?!chunk-)(.+)\.js$/.exec(file)?.[1] ?? []);
  const imports = Object.fromEntries(
    subpaths.map((name) => [name === "index" ? "echo-net" : `echo-net/${name}`, `/echo-net/${name}.js`]),
  );
  const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  return readFileSync(`${PAGE}index.html`, "utf8").replace("</head>", `${map}\n</head>`);
}

const changeOf = ({ version, reading }: Version): string =>
  `data: ${JSON.stringify({ version, problem: reading.problem })}\n\n`;

function json(response: ServerResponse, value: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
}

function end(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${words}\n`);
}

function portError(port: number, error: NodeJS.ErrnoException): CliError {
  const why =
    error.code === "EADDRINUSE"
      ? "another program has it"
      : error.code === "EACCES"
        ? "this user may not use it"
        : wordsOf(error);
  return new CliError(
    1,
    `port ${port} cannot be used: ${why}; name another with --port, or 0 for any that is free`,
  );
}
