import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { EchoNetError } from "../../core/base/errors.js";
import { TextAllowance } from "../../server/allowance.js";
import type { RoomConnection } from "../room-connection.js";
import {
  CHANNEL_BUFFERED_BYTES,
  PATH_ATTEMPTS,
  PATH_QUIET_MS,
  REMOTE_CANDIDATES_MAX,
} from "../room-limits.js";
import type { SignalData } from "../signaling.js";
import { webrtc } from "./index.js";
import { Mesh } from "./mesh.js";
import type { DataChannelLike, PeerConnectionLike } from "./peer-connection.js";

/** A channel whose other end is the test. */
class Channel implements DataChannelLike {
  readonly options: object;
  binaryType = "";
  readyState = "connecting";
  bufferedAmount = 0;
  readonly sent: Uint8Array[] = [];
  onopen: DataChannelLike["onopen"] = null;
  onmessage: DataChannelLike["onmessage"] = null;
  onclose: DataChannelLike["onclose"] = null;
  onerror: DataChannelLike["onerror"] = null;

  constructor(options: object) {
    this.options = options;
  }

  send(data: Uint8Array): void {
    if (this.readyState !== "open") throw new Error("InvalidStateError");
    this.sent.push(data.slice());
  }

  open(): void {
    this.readyState = "open";
    this.onopen?.({});
  }
}

class Connection implements PeerConnectionLike {
  static readonly made: Connection[] = [];
  connectionState = "new";
  iceGatheringState = "new";
  channel!: Channel;
  readonly candidates: string[] = [];
  readonly remote: string[] = [];
  closed = 0;
  onicecandidate: PeerConnectionLike["onicecandidate"] = null;
  onicecandidateerror: PeerConnectionLike["onicecandidateerror"] = null;
  onicegatheringstatechange: PeerConnectionLike["onicegatheringstatechange"] = null;
  onconnectionstatechange: PeerConnectionLike["onconnectionstatechange"] = null;

  constructor() {
    Connection.made.push(this);
  }

  createDataChannel(_: string, options: object): Channel {
    this.channel = new Channel(options);
    return this.channel;
  }

  createOffer = async () => ({ type: "offer", sdp: "our offer" });
  createAnswer = async () => ({ type: "answer", sdp: "our answer" });

  async setLocalDescription(): Promise<void> {
    this.onicecandidate?.({
      candidate: { candidate: "candidate:1 1 UDP 1 10.0.0.1 5 typ host", sdpMid: "0" },
    });
  }

  async setRemoteDescription({ sdp }: { readonly sdp: string }): Promise<void> {
    if (sdp === "nonsense") throw new Error("cannot be parsed");
    this.remote.push(sdp);
  }

  async addIceCandidate({ candidate }: { readonly candidate: string }): Promise<void> {
    this.candidates.push(candidate);
    throw new Error("unusable");
  }

  close(): void {
    this.closed++;
    this.connectionState = "closed";
    this.onconnectionstatechange?.({});
    this.channel?.onclose?.({});
  }
}

/** A mesh in a room that the test speaks for. */
function meshOf(PeerConnection: typeof Connection = Connection) {
  const told: [number, SignalData][] = [];
  const present = new Set<number>();
  const arrived: [number, Uint8Array][] = [];
  const room = {
    isUp: true,
    has: (member: number) => present.has(member),
    tell: (to: number, data: SignalData) => void told.push([to, data]),
  } as unknown as RoomConnection;
  const settings = {
    PeerConnection,
    configuration: () => ({ iceServers: [], iceTransportPolicy: "all" as const }),
    timeoutMs: 15_000,
  };
  const mesh = new Mesh(room, settings, (from, datagram) => void arrived.push([from, datagram]));
  const come = (member: number): void => {
    present.add(member);
    mesh.listener.came?.(member);
  };
  return { mesh, room, told, present, arrived, come };
}

const soon = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const candidate: SignalData = { kind: "candidate", candidate: "candidate:1 …", mid: "0" };

beforeEach(() => {
  vi.useFakeTimers();
  Connection.made.length = 0;
});
afterEach(() => void vi.useRealTimers());

describe("a mesh", () => {
  test("EN-875 offers to those who were there, waits for those who come, and opens the same channel", async () => {
    const { mesh, told, come } = meshOf();
    mesh.listener.entered?.([0, 1]);
    come(2);
    await soon();
    expect(told.map(([to, { kind }]) => [to, kind])).toEqual([
      [0, "offer"],
      [1, "offer"],
    ]);
    mesh.listener.signal?.(2, candidate);
    mesh.listener.signal?.(2, { kind: "offer", sdp: "their offer" });
    mesh.listener.signal?.(2, candidate);
    mesh.listener.signal?.(0, candidate);
    mesh.listener.signal?.(0, { kind: "answer", sdp: "their answer" });
    await soon();
    // Ours go to member 0 once its answer was taken; member 1 has not answered.
    expect(told.slice(2).map(([to, { kind }]) => [to, kind])).toEqual([
      [0, "candidate"],
      [2, "answer"],
      [2, "candidate"],
    ]);
    expect(Connection.made.map(({ remote }) => remote)).toEqual([["their answer"], [], ["their offer"]]);
    // One before the description it belongs to waited for it; one before any offer belongs to nothing.
    expect(Connection.made.map(({ candidates }) => candidates.length)).toEqual([1, 0, 1]);
    const channel = { negotiated: true, id: 0, ordered: false, maxRetransmits: 0 };
    expect(Connection.made.map((made) => made.channel.options)).toEqual([channel, channel, channel]);
    mesh.close();
    mesh.close();
    expect(Connection.made.map(({ closed }) => closed)).toEqual([1, 1, 1]);
  });

  test("EN-874 drops what would wait behind more than a few datagrams, and never throws", async () => {
    const { mesh } = meshOf();
    mesh.listener.entered?.([0]);
    await soon();
    const { channel } = Connection.made[0]!;
    expect(mesh.send(0, Uint8Array.of(1))).toBe("impossible");
    channel.open();
    expect(mesh.send(0, Uint8Array.of(2))).toBe("sent");
    channel.bufferedAmount = CHANNEL_BUFFERED_BYTES + 1;
    expect(mesh.send(0, Uint8Array.of(3))).toBe("stale");
    channel.bufferedAmount = CHANNEL_BUFFERED_BYTES;
    expect(mesh.send(0, Uint8Array.of(4))).toBe("sent");
    channel.readyState = "closing";
    expect(mesh.send(0, Uint8Array.of(5))).toBe("impossible");
    expect(mesh.send(7, Uint8Array.of(6))).toBe("impossible");
    expect(channel.sent).toEqual([Uint8Array.of(2), Uint8Array.of(4)]);
    mesh.close();
    expect(mesh.send(0, Uint8Array.of(7))).toBe("impossible");
  });

  test("EN-884 is no way to a member that its engine does not hear, until it does again", async () => {
    const { mesh } = meshOf();
    mesh.listener.entered?.([0]);
    await soon();
    const [connection] = Connection.made;
    connection!.channel.open();
    const becomes = (state: string): void => {
      connection!.connectionState = state;
      connection!.onconnectionstatechange?.({});
    };
    becomes("disconnected");
    expect(mesh.send(0, Uint8Array.of(1))).toBe("impossible");
    expect(mesh.states.get(0)).toBe("open");
    becomes("connected");
    expect(mesh.send(0, Uint8Array.of(2))).toBe("sent");
    becomes("failed");
    expect(mesh.send(0, Uint8Array.of(3))).toBe("impossible");
    expect(mesh.states.get(0)).toBe("broken");
  });

  test("EN-884 is no sure way to a member that has fallen silent on it for a second, until something comes", async () => {
    const { mesh } = meshOf();
    mesh.listener.entered?.([0]);
    await soon();
    const { channel } = Connection.made[0]!;
    channel.open();
    // Who has never said anything is not silent: it may have nothing to say.
    await vi.advanceTimersByTimeAsync(PATH_QUIET_MS + 1);
    expect(mesh.send(0, Uint8Array.of(1))).toBe("sent");
    channel.onmessage?.({ data: Uint8Array.of(9).buffer });
    await vi.advanceTimersByTimeAsync(PATH_QUIET_MS + 1);
    expect(mesh.send(0, Uint8Array.of(2))).toBe("unsure");
    channel.bufferedAmount = CHANNEL_BUFFERED_BYTES + 1;
    expect(mesh.send(0, Uint8Array.of(3))).toBe("impossible");
    channel.bufferedAmount = 0;
    channel.onmessage?.({ data: Uint8Array.of(9).buffer });
    expect(mesh.send(0, Uint8Array.of(4))).toBe("sent");
    expect(channel.sent).toEqual([Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(4)]);
    mesh.close();
  });

  test("EN-875 takes what is a datagram from a channel, and nothing else", async () => {
    const { mesh, arrived } = meshOf();
    mesh.listener.entered?.([0]);
    await soon();
    const { channel } = Connection.made[0]!;
    channel.open();
    for (const data of [Uint8Array.of(9).buffer, "text", new ArrayBuffer(0), new ArrayBuffer(1_201), null]) {
      channel.onmessage?.({ data });
    }
    expect(arrived).toEqual([[0, Uint8Array.of(9)]]);
    mesh.close();
    channel.onmessage?.({ data: Uint8Array.of(9).buffer });
    expect(arrived).toHaveLength(1);
  });

  test("EN-875 takes no more of a member than a path needs: candidates, offers, answers out of turn", async () => {
    const { mesh, come } = meshOf();
    come(1);
    mesh.listener.signal?.(1, { kind: "answer", sdp: "to no offer" });
    mesh.listener.signal?.(9, { kind: "offer", sdp: "from nobody" });
    for (let i = 0; i < 20; i++) mesh.listener.signal?.(1, { kind: "offer", sdp: `offer ${i}` });
    await soon();
    expect(Connection.made).toHaveLength(PATH_ATTEMPTS);
    expect(Connection.made.flatMap(({ remote }) => remote).at(-1)).toBe(`offer ${PATH_ATTEMPTS - 1}`);
    for (let i = 0; i < 500; i++) mesh.listener.signal?.(1, candidate);
    expect(Connection.made.flatMap(({ candidates }) => candidates)).toHaveLength(REMOTE_CANDIDATES_MAX);
    mesh.close();
  });

  test("EN-875 tells members no more than the server takes of one end, however many come, offer and go", async () => {
    const { mesh, told, present, come } = meshOf();
    const allowance = new TextAllowance(performance.now());
    for (let member = 1; member < 256; member++) {
      come(member);
      for (let i = 0; i < PATH_ATTEMPTS; i++) mesh.listener.signal?.(member, { kind: "offer", sdp: `${i}` });
      await soon();
      present.delete(member);
      mesh.listener.went?.(member);
      for (const [, data] of told.splice(0)) {
        const bytes = JSON.stringify(data).length;
        expect(allowance.spend(bytes, performance.now()), `to member ${member}`).toBe(true);
      }
      await vi.advanceTimersByTimeAsync(20);
    }
    // Who comes later is told of again.
    await vi.advanceTimersByTimeAsync(1_000);
    come(256);
    mesh.listener.signal?.(256, { kind: "offer", sdp: "later" });
    await soon();
    expect(told.map(([to, { kind }]) => [to, kind])).toEqual([
      [256, "answer"],
      [256, "candidate"],
    ]);
    mesh.close();
  });

  test("EN-875 begins again what ends before it is open, up to three times within its time", async () => {
    const { mesh, told } = meshOf();
    mesh.listener.entered?.([0]);
    for (let i = 1; i <= PATH_ATTEMPTS; i++) {
      await soon();
      expect(Connection.made).toHaveLength(i);
      expect(mesh.states.get(0)).toBe("opening");
      Connection.made.at(-1)!.close();
    }
    expect(mesh.states.get(0)).toBe("failed");
    expect(told.filter(([, { kind }]) => kind === "offer")).toHaveLength(PATH_ATTEMPTS);

    const other = meshOf();
    other.present.add(0);
    other.mesh.listener.entered?.([0]);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(other.mesh.states.get(0)).toBe("failed");
    expect(other.mesh.findings()).toMatchObject([
      { reason: "no-answer" },
      { reason: "only-host-candidates" },
    ]);
  });

  test("EN-885 where a member never offers, that alone is wrong, and not our own addresses", async () => {
    const { mesh, come } = meshOf();
    come(1);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(mesh.findings()).toMatchObject([{ reason: "no-answer", member: 1 }]);
  });

  test("EN-875 a description that cannot be used, and an engine that does not begin, fail in words", async () => {
    const { mesh, come } = meshOf();
    come(1);
    for (let i = 0; i < PATH_ATTEMPTS; i++) {
      mesh.listener.signal?.(1, { kind: "offer", sdp: "nonsense" });
      await soon();
    }
    expect(mesh.findings()).toMatchObject([
      { reason: "ice-failed", hint: expect.stringContaining("cannot be parsed") },
    ]);

    const Refusing = class extends Connection {
      constructor() {
        super();
        throw new Error("not allowed");
      }
    };
    const refusing = meshOf(Refusing);
    refusing.mesh.listener.entered?.([0]);
    expect(refusing.mesh.states.get(0)).toBe("failed");
  });

  test("EN-875 keeps an open path to a member that left the room, and room for seven others", async () => {
    const { mesh, present, come } = meshOf();
    mesh.listener.entered?.([0, 1]);
    await soon();
    Connection.made[0]!.channel.open();
    for (const member of [0, 1]) mesh.listener.went?.(member);
    expect([...mesh.states]).toEqual([[0, "open"]]);
    for (let member = 2; member < 100; member++) come(member);
    expect(mesh.states.size).toBe(7);
    // Whoever came first left first: it is given up for one who came.
    expect(mesh.states.has(0)).toBe(false);
    for (const member of present) mesh.listener.went?.(member);
    expect(mesh.states.size).toBe(0);
  });
});

describe("webrtc", () => {
  const signaling = "wss://play.example";
  test.each([
    [undefined, "webrtc takes { signaling"],
    [{}, "signaling is the address of a server"],
    [{ signaling, iceServers: "stun:a" }, "iceServers is a list"],
    [{ signaling, iceServers: [{ urls: "http://a" }] }, 'not "http://a"'],
    [{ signaling, iceServers: [{}] }, 'urls are "stun:'],
    [{ signaling, iceServers: [null] }, 'urls are "stun:'],
    [{ signaling, iceServers: [{ urls: ["stun:a", "turn:b"] }] }, "needs a username"],
    [{ signaling, iceTransportPolicy: "none" }, 'iceTransportPolicy is "all" or "relay"'],
    [{ signaling, pathTimeoutMs: 0 }, "pathTimeoutMs is a number"],
  ])("EN-871 refuses what is no options: %j", (options, words) => {
    expect(() => webrtc(options as never)).toThrow(EchoNetError);
    expect(() => webrtc(options as never)).toThrow(words);
  });
});
