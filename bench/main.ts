/** What a tick costs: Echo Net beside other libraries, on the same work, in one run. */
import { parseArgs } from "node:util";
import { CONTENDERS } from "./contenders.js";
import { echoNet } from "./echo-net.js";
import type { LuaFigure } from "./lua-figures.js";
import { measureLua, serveAsLuaWorker } from "./lua-worker.js";
import { nothing } from "./nothing.js";
import type { Figures } from "./play.js";
import { RECORDED } from "./recorded.js";
import { median } from "./statistics.js";
import { luaTableOf, type Row, tableOf } from "./table.js";
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

/** What is measured: whole matches beside other libraries', and Lua with its snapshots. */
const PARTS = ["matches", "lua"] as const;
/** Of Lua's rows, for each round of matches. */
const LUA_ROUNDS = 3;

if (!serveAsWorker() && !serveAsLuaWorker()) await main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ticks: { type: "string" },
      rounds: { type: "string" },
      players: { type: "string", multiple: true, default: ["2", "4"] },
      seed: { type: "string", default: "1" },
      network: { type: "string", multiple: true, default: NETWORKS.map(({ name }) => name) },
      library: { type: "string", multiple: true, default: CONTENDERS.map(({ name }) => name) },
      part: { type: "string", multiple: true, default: [...PARTS] },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const { quick } = values;
  const ticks = Number(values.ticks ?? (quick ? 600 : 3600));
  const rounds = Number(values.rounds ?? (quick ? 1 : 7));
  const seed = Number(values.seed);
  const say = (text: string): void => {
    if (!values.json) process.stderr.write(`${text}\n`);
  };
  let lua: readonly LuaFigure[] = [];
  if (values.part.includes("lua")) {
    say("lua");
    lua = await measureLua(LUA_ROUNDS * rounds);
  }
  const matches = values.part.includes("matches")
    ? await playMatches({ ...values, players: values.players.map(Number), ticks, rounds, seed, quick }, say)
    : { samples: [], idle: [] };
  const rows = rowsOf(matches.samples);
  if (values.json) {
    const about = { node: process.version, ticks, rounds, seed };
    process.stdout.write(`${JSON.stringify({ ...about, rows, lua, ...matches })}\n`);
    return;
  }
  for (const players of new Set(rows.map((row) => row.players))) {
    process.stdout.write(`\n${players} players, per tick and peer\n`);
    process.stdout.write(`${tableOf(rows.filter((row) => row.players === players))}\n`);
  }
  if (matches.idle.length > 0)
    process.stdout.write("\nbytes allocated per tick and peer while nothing changes\n");
  for (const { library, bytesPerTick } of matches.idle)
    process.stdout.write(`${library}  ${bytesPerTick.toFixed(0)}\n`);
  if (lua.length > 0) process.stdout.write(`\nLua and WebAssembly\n${luaTableOf(lua)}\n`);
}

interface MatchOptions {
  readonly players: readonly number[];
  readonly network: readonly string[];
  readonly library: readonly string[];
  readonly ticks: number;
  readonly rounds: number;
  readonly seed: number;
  readonly quick: boolean;
}

/** Bytes that a library allocates in a tick in which nothing changes. */
interface IdleSample {
  readonly library: string;
  readonly bytesPerTick: number;
}

async function playMatches(
  { players: playerCounts, network: networks, library, ticks, rounds, seed, quick }: MatchOptions,
  say: (text: string) => void,
): Promise<{ readonly samples: readonly Sample[]; readonly idle: readonly IdleSample[] }> {
  const wanted = CONTENDERS.filter(
    (contender) => contender === nothing || library.some((word) => contender.name.includes(word)),
  );
  const workers = wanted.map((contender) => ({ contender, worker: new Worker(contender.name) }));
  const samples: Sample[] = [];
  for (const players of playerCounts) {
    const able = workers.filter(({ contender }) => players <= contender.maxPlayers);
    for (const network of NETWORKS.filter(({ name }) => networks.includes(name))) {
      say(`${players} players, ${network.name}: ${rounds} rounds of ${ticks} ticks`);
      for (const warmUp of [ROUGH, network]) {
        for (const { worker } of able) {
          await worker.play({ network: warmUp, players, ticks: quick ? ticks : WARM_UP_TICKS, seed });
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
  const idle: IdleSample[] = [];
  say("idle ticks");
  const harnessBytes = await workers[0]!.worker.idleBytesPerTick(2);
  for (const { contender, worker } of workers.slice(1)) {
    const bytesPerTick = (await worker.idleBytesPerTick(2)) - harnessBytes;
    idle.push({ library: contender.name, bytesPerTick });
  }
  for (const { worker } of workers) worker.close();
  return { samples, idle };
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
