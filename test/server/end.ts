import { type ServeOptions, type Server, serve } from "echo-net/server";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import {
  type ClientSignal,
  type ServerSignal,
  SIGNALING_PATH,
  SIGNALING_PROTOCOL,
} from "../../src/transports/signaling.js";

/** A server on loopback that is gone after the test. */
export async function started(options: Partial<ServeOptions> = {}): Promise<Server> {
  const server = await serve({ port: 0, bind: "127.0.0.1", ...options });
  onTestFinished(() => server.close());
  return server;
}

/** Waits until something is so. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const giveUpMs = performance.now() + 60_000;
  while (!isSo()) {
    if (performance.now() > giveUpMs) throw new Error(`it never came to: ${what}`);
    await shortly();
  }
}

export const shortly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3));

type SignalOf<Type> = Extract<ServerSignal, { type: Type }>;

/** One end of a signaling server, as a program without a browser is one. */
export class End {
  readonly webSocket: WebSocket;
  readonly signals: ServerSignal[] = [];
  readonly datagrams: { readonly from: number; readonly datagram: Buffer }[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;

  private constructor(webSocket: WebSocket) {
    this.webSocket = webSocket;
    webSocket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) this.datagrams.push({ from: data[0]!, datagram: data.subarray(1) });
      else this.signals.push(JSON.parse(data.toString()) as ServerSignal);
    });
    webSocket.on("error", () => {});
    webSocket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    onTestFinished(() => webSocket.terminate());
  }

  static async open({ url }: { readonly url: string }, headers: Record<string, string> = {}): Promise<End> {
    const end = new End(
      new WebSocket(url.replace("http", "ws") + SIGNALING_PATH, SIGNALING_PROTOCOL, { headers }),
    );
    await until("an open WebSocket", () => end.webSocket.readyState !== WebSocket.CONNECTING);
    return end;
  }

  /** Opens an end that enters a room, and gives it once it is in. */
  static async in(server: { readonly url: string }, room: string, players?: number): Promise<End> {
    const end = await End.open(server);
    end.say({ type: "enter", room, ...(players === undefined ? {} : { players }) });
    await end.heard("entered");
    return end;
  }

  say(signal: ClientSignal): void {
    this.webSocket.send(JSON.stringify(signal));
  }

  relay(to: number, ...datagram: number[]): void {
    this.webSocket.send(Uint8Array.of(to, ...datagram));
  }

  /** The first signal of a type, once it is there. */
  async heard<Type extends ServerSignal["type"]>(type: Type): Promise<SignalOf<Type>> {
    const found = (): SignalOf<Type> | undefined =>
      this.signals.find((signal): signal is SignalOf<Type> => signal.type === type);
    await until(
      `a signal "${type}"; there were ${JSON.stringify(this.signals)}`,
      () => found() !== undefined,
    );
    return found()!;
  }

  /** With which code the server refused it, once it has and the connection is closed. */
  async refusal(): Promise<string> {
    const { code, hint } = await this.heard("refused");
    if (!/^[A-Z].*[.]$/.test(hint)) throw new Error(`${JSON.stringify(hint)} is no sentence`);
    await until("a closed WebSocket", () => this.closed !== undefined);
    return code;
  }
}

/** The samples that a server's `/metrics` gives, by name with labels. */
export async function metricsOf({ url }: { readonly url: string }): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}
