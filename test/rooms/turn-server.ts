import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IceServer } from "echo-net/webrtc";

const PROGRAM = process.env.ECHO_NET_TURNSERVER ?? "turnserver";

/** With characters that mean something in a URL. */
const CREDENTIAL = "n@t/+:=";

/** Debian's coturn on loopback, for as long as a test needs it. */
export interface TurnServer {
  /** How it is to be used. */
  readonly iceServer: IceServer;
  /** What it has written so far. */
  readonly log: string;
  close(): Promise<void>;
}

export async function openTurnServer(): Promise<TurnServer> {
  const folder = mkdtempSync(join(tmpdir(), "echo-net-turn-"));
  const port = await freePort();
  const child = spawn(PROGRAM, [
    ...["-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", `--listening-port=${port}`],
    ...["--lt-cred-mech", `--user=echo:${CREDENTIAL}`, "--realm=echo-net.test", "--allow-loopback-peers"],
    ...["--no-tls", "--no-dtls", "--no-tcp", "--cli-ip=127.0.0.1", "--cli-password=unused", "--cli-port=0"],
    ...["--log-file=stdout", "--simple-log", "--verbose"],
    ...[`--pidfile=${join(folder, "pid")}`, `--userdb=${join(folder, "users")}`],
  ]);
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-200_000);
    });
  }
  const close = (): Promise<void> => ended(child, folder);
  try {
    await Promise.race([
      once(child, "exit").then(() => Promise.reject(new Error(`turnserver ended: ${log}`))),
      once(child, "error").then(([error]) => Promise.reject(error)),
      until(() => /IPv4\. UDP listener opened on/.test(log)),
    ]);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    iceServer: { urls: `turn:127.0.0.1:${port}?transport=udp`, username: "echo", credential: CREDENTIAL },
    get log() {
      return log;
    },
    close,
  };
}

async function ended(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.pid !== undefined) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  rmSync(folder, { recursive: true, force: true });
}

/** A UDP port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return port;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
