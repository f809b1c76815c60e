import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import type { ServerEvent } from "echo-net/server";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { scratch } from "./cli/harness.js";
import { End, metricsOf, started, until } from "./server/end.js";

/** What came back over a raw socket until the server closed it. */
async function answerTo(port: number, ...parts: readonly (string | Uint8Array)[]): Promise<string> {
  return await answerOn(connect(port, "127.0.0.1"), parts);
}

async function answerOn(socket: Socket, parts: readonly (string | Uint8Array)[]): Promise<string> {
  const [text, closed] = heardOf(socket);
  for (const part of parts) socket.write(part);
  await until("an end of the connection", closed);
  return text();
}

function heardOf(socket: Socket): readonly [text: () => string, closed: () => boolean] {
  onTestFinished(() => void socket.destroy());
  let [text, isClosed] = ["", false];
  socket.setEncoding("latin1").on("data", (part: string) => (text += part));
  socket.on("error", () => {});
  socket.on("end", () => socket.end());
  socket.on("close", () => {
    isClosed = true;
  });
  return [() => text, () => isClosed];
}

/** A status with its words. */
async function said(url: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(url, init);
  expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  return `${response.status} ${await response.text()}`;
}

describe("health and metrics", () => {
  test("EN-1222 say how the server is, and metrics only where they were asked for", async () => {
    const server = await started({ metrics: true });
    await End.in(server, "a");
    await End.in(server, "a");
    const health = await fetch(`${server.url}/health`);
    expect(await health.json()).toEqual({ status: "ok", rooms: 1, members: 2, connections: 2 });
    expect(health.headers.get("cache-control")).toBe("no-store");
    const other = await End.open(server);
    other.webSocket.send("garbage");
    await other.refusal();
    await fetch(server.url);
    const metrics = await metricsOf(server);
    expect(metrics).toMatchObject({
      echo_net_rooms: 1,
      echo_net_members: 2,
      echo_net_connections: 2,
      echo_net_accepted_total: 3,
      echo_net_entered_total: 2,
      'echo_net_refusals_total{code="malformed"}': 1,
    });
    expect(await metricsOf(server)).toMatchObject({ 'echo_net_refusals_total{code="malformed"}': 1 });
    expect(metrics.echo_net_resident_memory_bytes).toBeGreaterThan(1e6);
    expect((await fetch(`${(await started()).url}/metrics`)).status).toBe(404);
  });

  test("EN-1222 the other metrics are told where sockets take every file, so that none is left to ask for memory", async () => {
    const server = await started({ metrics: true });
    await End.in(server, "a");
    const rss = vi.spyOn(process.memoryUsage, "rss").mockImplementation(() => {
      throw new Error("EMFILE: too many open files, uv_resident_set_memory");
    });
    onTestFinished(() => rss.mockRestore());
    expect(await metricsOf(server)).toMatchObject({
      echo_net_members: 1,
      echo_net_resident_memory_bytes: NaN,
    });
    rss.mockRestore();
    expect((await metricsOf(server)).echo_net_resident_memory_bytes).toBeGreaterThan(1e6);
  });
});

describe("a page", () => {
  const SECRET = "not of the page";

  function folder(): string {
    const dir = scratch();
    writeFileSync(`${dir}/secret.txt`, SECRET);
    const page = `${dir}/page`;
    for (const path of ["assets", "empty", ".git"]) mkdirSync(`${page}/${path}`, { recursive: true });
    writeFileSync(`${page}/index.html`, "<!doctype html><title>Game</title>");
    writeFileSync(`${page}/assets/index-B3kd9aQx.js`, "export const a = 1;".repeat(100));
    writeFileSync(`${page}/assets/lua.wasm`, Uint8Array.of(0, 0x61, 0x73, 0x6d));
    writeFileSync(`${page}/it's ü.svg`, "<svg/>");
    writeFileSync(`${page}/.git/config`, SECRET);
    symlinkSync(`${dir}/secret.txt`, `${page}/link.txt`);
    symlinkSync(dir, `${page}/up`);
    return page;
  }

  test("EN-1223 is handed out with its types, a policy that lets WebAssembly run, and tags that spare a second load", async () => {
    const server = await started({ page: folder() });
    const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(server.url + path, { headers: { "Accept-Encoding": "identity", ...headers } });
    for (const path of ["/", "/index.html", "/?room=abc"]) {
      const response = await get(path);
      expect([response.status, await response.text()]).toEqual([200, "<!doctype html><title>Game</title>"]);
      expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(response.headers.get("content-security-policy")).toContain(
        "script-src 'self' 'wasm-unsafe-eval';",
      );
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("cache-control")).toBe("no-cache");
      const tag = response.headers.get("etag")!;
      const again = await get(path, { "If-None-Match": `"other", W/${tag}` });
      expect([again.status, await again.text()]).toEqual([304, ""]);
    }
    const wasm = await get("/assets/lua.wasm");
    expect(wasm.headers.get("content-type")).toBe("application/wasm");
    expect(Buffer.from(await wasm.arrayBuffer())).toEqual(Buffer.of(0, 0x61, 0x73, 0x6d));
    expect((await get("/it%27s%20%C3%BC.svg")).headers.get("content-type")).toBe(
      "image/svg+xml; charset=utf-8",
    );
    const script = await get("/assets/index-B3kd9aQx.js");
    expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    const head = await fetch(`${server.url}/`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  test("EN-1223 goes compressed to who takes that", async () => {
    const server = await started({ page: folder() });
    const raw = (accepted: string): Promise<{ encoding: string | undefined; tag: string; body: Buffer }> =>
      new Promise((resolve, reject) => {
        const options = { headers: { "Accept-Encoding": accepted } };
        request(`${server.url}/assets/index-B3kd9aQx.js`, options, (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.on("end", () => {
            const { "content-encoding": encoding, etag } = response.headers;
            resolve({ encoding, tag: etag!, body: Buffer.concat(parts) });
          });
        })
          .on("error", reject)
          .end();
      });
    const [plain, zipped] = [await raw("br, gzip;q=0"), await raw("br, gzip, deflate")];
    expect([plain.encoding, zipped.encoding]).toEqual([undefined, "gzip"]);
    expect(gunzipSync(zipped.body)).toEqual(plain.body);
    expect(zipped.body.length).toBeLessThan(plain.body.length / 10);
    expect(zipped.tag).not.toBe(plain.tag);
  });

  test("EN-1224 gives nothing that is hidden, a link or beside its folder", async () => {
    const server = await started({ page: folder() });
    const paths = [
      ...["/.git/config", "/link.txt", "/up/secret.txt", "/../secret.txt", "/assets/../../secret.txt"],
      ...["/%2e%2e/secret.txt", "/..%2fsecret.txt", "/..\\secret.txt", "//secret.txt", "/assets", "/empty/"],
      ...[
        "/index.html/",
        "/index.html%00",
        "/%",
        "/%ff",
        "/__proto__",
        "/constructor",
        "*",
        "",
        "/INDEX.HTML",
      ],
    ];
    for (const path of paths) {
      const answer = await answerTo(
        server.port,
        `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      );
      expect(answer, path).toMatch(/^HTTP\/1\.1 40[04] /);
      expect(answer).not.toContain(SECRET);
      expect(answer).not.toContain("<!doctype");
    }
    expect(await said(`${server.url}/nowhere`)).toBe("404 There is nothing here.\n");
    expect(await said((await started()).url)).toMatch(/^404 This server has no page: /);
  });

  test.each([
    ["missing", "there is no such folder"],
    ["page/index.html", "it is no folder"],
    ["page/empty", "it has no index.html"],
  ])("EN-1221 that is none is refused in words: %s", async (path, why) => {
    const dir = folder().replace(/page$/, path);
    const error = await started({ page: dir }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "INPUT_INVALID",
      hint: `${dir} cannot be served as a page: ${why}.`,
    });
  });
});

describe("what is no request", () => {
  test("EN-1225 is answered in words, and the connection is closed", async () => {
    const server = await started({ limits: { firstWordMs: 1_000 } });
    const { port, url } = server;
    expect(await answerTo(port, "nonsense\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*This is no request of HTTP\./,
    );
    expect(await answerTo(port, "GET / HTTP/1.1\r\nHost")).toMatch(
      /^HTTP\/1\.1 408 [\s\S]*did not come in time\./,
    );
    expect(await answerTo(port)).toMatch(/^(HTTP\/1\.1 408 |$)/);
    const header = `X: ${"a".repeat(20_000)}\r\n`;
    expect(await answerTo(port, `GET / HTTP/1.1\r\n${header}`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await answerTo(port, `GET /${"a".repeat(20_000)}`)).toMatch(/^HTTP\/1\.1 431 /);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      for (const path of ["/", "/health", "/signal", "/metrics"]) {
        const body = method === "OPTIONS" || method === "DELETE" ? undefined : "x".repeat(10_000);
        expect(await said(url + path, { method, body })).toMatch(/^405 Only GET and HEAD /);
      }
    }
    expect(await said(`${url}/signal`)).toMatch(/^426 /);
    expect(await answerTo(port, "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")).toBe("");
    const endless = `POST /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n${"x".repeat(9_999)}`;
    expect(await answerTo(port, endless)).toMatch(/^HTTP\/1\.1 405 /);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  test("EN-1225 may come drop by drop for so long and no longer", async () => {
    const { port } = await started({ limits: { firstWordMs: 1_000 } });
    const socket = connect(port, "127.0.0.1");
    const [text, closed] = heardOf(socket);
    socket.write("GET /health HTTP/1.1\r\n");
    const dripping = setInterval(() => socket.write("X: a\r\n"), 50);
    await until("an end", closed);
    clearInterval(dripping);
    expect(text()).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("EN-1225 whatever its bytes are, at whichever path, the server stays", async () => {
    const events: ServerEvent[] = [];
    const onEvent = (event: ServerEvent): void => void events.push(event);
    const server = await started({ limits: { firstWordMs: 300, requestsPerSecond: 1_000 }, onEvent });
    const [one, two] = [await End.in(server, "a"), await End.in(server, "a")];
    const start = fc.constantFrom("", "GET / HTTP/1.1\r\n", "GET /signal HTTP/1.1\r\nUpgrade: websocket\r\n");
    const line = fc.constantFrom("Connection: upgrade\r\n", "Content-Length: -1\r\n", "Host: a\r\n", "\r\n");
    const rest = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(line).map((lines) => lines.join("")),
    );
    const requests = fc.sample(fc.tuple(start, rest, rest), { seed: 7, numRuns: 200 });
    const answers = requests.map((parts) => {
      const socket = connect(server.port, "127.0.0.1");
      const answer = answerOn(socket, parts);
      socket.end();
      return answer;
    });
    await Promise.all(answers);
    expect(
      events.filter((event) => event.event === "refused" && event.code === "http").length,
    ).toBeGreaterThan(50);
    one.relay(1, 7);
    await until("a datagram", () => two.datagrams.length === 1);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });
});
