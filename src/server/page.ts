import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { EchoNetError } from "../core/base/errors.js";
import { MAX_PAGE_BYTES, MAX_PAGE_FILES } from "./limits.js";

const compress = promisify(gzip);

const TEXT = "; charset=utf-8";
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": `text/html${TEXT}`,
  ".js": `text/javascript${TEXT}`,
  ".mjs": `text/javascript${TEXT}`,
  ".css": `text/css${TEXT}`,
  ".json": `application/json${TEXT}`,
  ".map": `application/json${TEXT}`,
  ".webmanifest": `application/manifest+json${TEXT}`,
  ".txt": `text/plain${TEXT}`,
  ".lua": `text/plain${TEXT}`,
  ".svg": `image/svg+xml${TEXT}`,
  ".wasm": "application/wasm",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".mp3": "audio/mpeg",
  ".ogg": "audio/ogg",
  ".wav": "audio/wav",
};
const COMPRESSIBLE = /^text\/|^application\/(?:json|manifest|wasm)|^image\/svg/;

/** Names in which a bundler wrote a hash of the content: what they hold never changes. */
const HASHED_NAME = /-(?=[^.]*[A-Z])(?=[^.]*\d)[A-Za-z0-9_-]{8}\.\w+$/;

/** What a page of a game needs, and no more: its own files, WebAssembly, workers and sockets of this server. */
const CONTENT_SECURITY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "font-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'self'",
  "base-uri 'none'",
].join("; ");

interface PageFile {
  readonly contentType: string;
  readonly cacheControl: string;
  readonly entityTag: string;
  readonly bytes: Buffer;
  readonly compressed: Buffer | undefined;
}

/**
 * The files of a page, read once when the server begins: a request only names one of them, so that none can reach
 * beside the folder, and a slow reader holds no file open.
 */
export class Page {
  /** By path, as a browser asks for it. */
  readonly #files: ReadonlyMap<string, PageFile>;

  private constructor(files: ReadonlyMap<string, PageFile>) {
    this.#files = files;
  }

  /**
   * Reads a folder with its folders; hidden files and links are left out. Rejects with `EchoNetError` INPUT_INVALID
   * where it is none, has no index.html, or more than a page has.
   */
  static async read(folder: string): Promise<Page> {
    const invalid = (why: string): EchoNetError =>
      new EchoNetError("INPUT_INVALID", `${folder} cannot be served as a page: ${why}.`);
    const paths = await filesUnder(folder, "/").catch((error: NodeJS.ErrnoException) => {
      throw invalid(
        error.code === "ENOENT"
          ? "there is no such folder"
          : error.code === "ENOTDIR"
            ? "it is no folder"
            : `it cannot be read (${error.code})`,
      );
    });
    if (!paths.includes("/index.html")) throw invalid("it has no index.html");
    if (paths.length > MAX_PAGE_FILES) throw invalid(`it has more than ${MAX_PAGE_FILES} files`);
    const files = new Map<string, PageFile>();
    let bytes = 0;
    for (const path of paths) {
      // Its size first, so that nothing huge is read.
      bytes += (await stat(join(folder, path))).size;
      if (bytes > MAX_PAGE_BYTES) {
        throw invalid(`its files have more than ${MAX_PAGE_BYTES / 1024 / 1024} MiB`);
      }
      files.set(path, await pageFile(path, await readFile(join(folder, path))));
    }
    for (const [path, file] of [...files]) {
      if (path.endsWith("/index.html")) files.set(path.slice(0, -"index.html".length), file);
    }
    return new Page(files);
  }

  /** Answers a request for one of the files; false where there is none at this path. */
  answer(request: IncomingMessage, response: ServerResponse, path: string): boolean {
    const file = this.#files.get(decoded(path) ?? "");
    if (file === undefined) return false;
    const { "accept-encoding": accepted = "", "if-none-match": known = "" } = request.headers;
    const compressed = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:\s|,|$))/.test(String(accepted))
      ? file.compressed
      : undefined;
    const entityTag = `"${file.entityTag}${compressed === undefined ? "" : "-gzip"}"`;
    const headers: Record<string, string> = {
      ETag: entityTag,
      "Cache-Control": file.cacheControl,
      "Content-Security-Policy": CONTENT_SECURITY,
      "Cross-Origin-Opener-Policy": "same-origin",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      Vary: "Accept-Encoding",
    };
    if (known.split(",").some((tag) => tag.trim().replace(/^W\//, "") === entityTag)) {
      response.writeHead(304, headers).end();
      return true;
    }
    const body = compressed ?? file.bytes;
    headers["Content-Type"] = file.contentType;
    headers["Content-Length"] = `${body.length}`;
    if (compressed !== undefined) headers["Content-Encoding"] = "gzip";
    response.writeHead(200, headers).end(body);
    return true;
  }
}

/** The paths of all files under a folder, with `/` between names, in order. */
async function filesUnder(folder: string, path: string): Promise<string[]> {
  const entries = await readdir(join(folder, path), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".")) continue;
    if (entry.isFile()) found.push(path + entry.name);
    else if (entry.isDirectory()) found.push(...(await filesUnder(folder, `${path}${entry.name}/`)));
    if (found.length > MAX_PAGE_FILES) break;
  }
  return found;
}

async function pageFile(path: string, bytes: Buffer): Promise<PageFile> {
  const contentType = CONTENT_TYPES[extname(path).toLowerCase()] ?? "application/octet-stream";
  const compressed = COMPRESSIBLE.test(contentType) ? await compress(bytes, { level: 9 }) : undefined;
  return {
    contentType,
    cacheControl: HASHED_NAME.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
    entityTag: createHash("sha256").update(bytes).digest("base64url").slice(0, 22),
    bytes,
    compressed: compressed !== undefined && compressed.length < bytes.length ? compressed : undefined,
  };
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
