/** What a tick costs: Echo Net beside other libraries, on the same work, in one run. */
import { parseArgs } from "node:util";
import { CONTENDERS } from "./contenders.js";
import { echoNet } from "./echo-net.js";
import { nothing } from "./nothing.js";
import type { Figures } from "./play.js";
import { RECORDED } from "./recorded.js";
import { median } from "./statistics.js";
import { type Row, tableOf } from "./table.js";
import { NETWORKS, type Network } from "./work.js";
import { serveAsWorker, Worker } from "./worker.js";

/** One library's matches of one kind of work. */
interface Sample {
  readonly players: number;
  readonly network: string;
  readonly library: string;
  readonly figures: Figures;
}

/**
 * A match that lasts is measured, not one that begins: before each network every library plays longer, on one where
 * everything happens and on that network, until nothing is left to compile.
 */
const ROUGH: Network = NETWORKS.find(({ name }) => name === "mobile")!;
const WARM_UP_TICKS = 12_000;

if (!serveAsWorker()) await main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ticks: { type: "string", default: "3600" },
      rounds: { type: "string", default: "7" },
      players: { type: "string", multiple: true, default: ["2", "4"] },
      seed: { type: "string", default: "1" },
      network: { type: "string", multiple: true, default: NETWORKS.map(({ name }) => name) },
      library: { type: "string", multiple: true, default: CONTENDERS.map(({ name }) => name) },
      json: { type: "boolean", default: false },
    },
  });
  const [ticks, rounds, seed] = [values.ticks, values.rounds, values.seed].map(Number) as [
    number,
    number,
    number,
  ];
  const say = (text: string): void => {
    if (!values.json) process.stderr.write(`${text}\n`);
  };
  const wanted = CONTENDERS.filter(
    (contender) => contender === nothing || values.library.some((word) => contender.name.includes(word)),
  );
  const workers = wanted.map((contender) => ({ contender, worker: new Worker(contender.name) }));
  const samples: Sample[] = [];
  for (const players of values.players.map(Number)) {
    const able = workers.filter(({ contender }) => players <= contender.maxPlayers);
    for (const network of NETWORKS.filter(({ name }) => values.network.includes(name))) {
      say(`${players} players, ${network.name}: ${rounds} rounds of ${ticks} ticks`);
      for (const warmUp of [ROUGH, network]) {
        for (const { worker } of able) {
          await worker.play({ network: warmUp, players, ticks: WARM_UP_TICKS, seed });
        }
      }
      // Library after library, round after round: what disturbs this machine disturbs all alike.
      for (let round = 0; round < rounds; round++) {
        for (const { contender, worker } of able) {
          const figures = await worker.play({ network, players, ticks, seed });
          samples.push({ players, network: network.name, library: contender.name, figures });
        }
      }
    }
  }
  const idle: { library: string; bytesPerTick: number }[] = [];
  say("idle ticks");
  const harnessBytes = await workers[0]!.worker.idleBytesPerTick(2);
  for (const { contender, worker } of workers.slice(1)) {
    const bytesPerTick = (await worker.idleBytesPerTick(2)) - harnessBytes;
    idle.push({ library: contender.name, bytesPerTick });
  }
  for (const { worker } of workers) worker.close();

  const rows = rowsOf(samples);
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ node: process.version, ticks, rounds, seed, rows, idle, samples })}\n`,
    );
    return;
  }
  for (const players of new Set(rows.map((row) => row.players))) {
    process.stdout.write(`\n${players} players, per tick and peer\n`);
    process.stdout.write(`${tableOf(rows.filter((row) => row.players === players))}\n`);
  }
  process.stdout.write("\nbytes allocated per tick and peer while nothing changes\n");
  for (const { library, bytesPerTick } of idle)
    process.stdout.write(`${library}  ${bytesPerTick.toFixed(0)}\n`);
}

/** A row for each library on each network: medians over the rounds, then what was recorded. */
function rowsOf(samples: readonly Sample[]): readonly Row[] {
  const rows: Row[] = [];
  for (const group of grouped(samples, ({ players, network }) => `${players} ${network}`)) {
    const { players, network } = group[0]!;
    const byLibrary = grouped(group, ({ library }) => library).map((matches) => ({
      library: matches[0]!.library,
      figures: matches[0]!.figures,
      cpu: matches.map((match) => match.figures.cpuMicroseconds),
    }));
    const harness = median(byLibrary.find(({ library }) => library === nothing.name)!.cpu);
    const ours = byLibrary.find(({ library }) => library === echoNet.name)?.cpu;
    for (const { library, figures, cpu } of byLibrary) {
      if (library === nothing.name) continue;
      const cpuMicroseconds = median(cpu) - harness;
      // Round by round, since what is compared should have been disturbed alike.
      const ratios = ours?.map((own, round) => (cpu[round]! - harness) / (own - harness));
      rows.push({
        players,
        network,
        library,
        measured: true,
        figures: { ...figures, cpuMicroseconds },
        ...(ratios === undefined ? {} : { cpuRatio: median(ratios) }),
      });
    }
    for (const { library, figures } of RECORDED.filter(
      (row) => row.players === players && row.network === network,
    )) {
      rows.push({ players, network, library, measured: false, figures });
    }
  }
  return rows;
}

function grouped<Item>(items: readonly Item[], key: (item: Item) => string): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
