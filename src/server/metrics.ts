import { Counter, Gauge, Registry } from "prom-client";
import type { HttpServer } from "./http-server.js";
import type { SignalingServer } from "./signaling-server.js";

/** What Prometheus reads at `/metrics`. The counts are the server's own and are copied when somebody asks. */
export function metricsOf(signaling: SignalingServer, http: HttpServer): Registry {
  const registers = [new Registry()];
  const { counts } = signaling;
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name: `echo_net_${name}`,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  };
  const counter = (name: string, help: string, value: () => number): void => {
    new Counter({
      name: `echo_net_${name}_total`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  };
  const counters = (
    name: string,
    help: string,
    label: string,
    values: () => Iterable<[string, number]>,
  ): void => {
    new Counter({
      name: `echo_net_${name}_total`,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset();
        for (const [key, value] of values()) this.inc({ [label]: key }, value);
      },
    });
  };
  gauge("rooms", "Rooms that are open.", () => signaling.rooms);
  gauge("members", "Ends that sit in a room.", () => signaling.members);
  gauge("connections", "WebSockets that are open.", () => signaling.connections);
  gauge("newcomers", "Sockets of every kind whose end is in no room.", () => http.newcomers);
  gauge("resident_memory_bytes", "Memory that the process holds.", residentBytes);
  counter("accepted", "WebSockets that were accepted.", () => counts.connections);
  counter("entered", "Ends that have entered a room.", () => counts.entered);
  counter("relayed_datagrams", "Datagrams passed on.", () => counts.relayedDatagrams);
  counter("relayed_bytes", "Bytes of the datagrams passed on.", () => counts.relayedBytes);
  counters("dropped_datagrams", "Datagrams not passed on, by cause.", "cause", () =>
    Object.entries(counts.dropped),
  );
  counters("refusals", "Connections refused or ended, by code.", "code", () => counts.refused);
  counter("crowded_out", "Sockets that said nothing and went for newer ones.", () => http.crowdedOut);
  return registers[0]!;
}

/** What the process holds in bytes; no number where the system has no file left to read that from. */
function residentBytes(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return Number.NaN;
  }
}
