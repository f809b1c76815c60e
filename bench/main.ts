/** What a tick costs: Echo Net beside other libraries, on the same work, in one run. */
import { parseArgs } from "node:util";
import { CONTENDERS } from "./contenders.js";
import { type Row, tableOf } from "./table.js";
import { NETWORKS, type Work } from "./work.js";

const { values } = parseArgs({
  options: {
    ticks: { type: "string", default: "3600" },
    players: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    network: { type: "string", multiple: true, default: NETWORKS.map(({ name }) => name) },
    library: { type: "string", multiple: true, default: CONTENDERS.map(({ name }) => name) },
    json: { type: "boolean", default: false },
  },
});

const rows: Row[] = [];
for (const network of NETWORKS.filter(({ name }) => values.network.includes(name))) {
  const work: Work = {
    network,
    players: Number(values.players),
    ticks: Number(values.ticks),
    seed: Number(values.seed),
    tickHz: 60,
    windowTicks: 8,
    inputDelayTicks: 0,
  };
  for (const contender of CONTENDERS.filter(({ name }) => values.library.includes(name))) {
    if (!values.json) process.stderr.write(`measuring ${contender.name} on ${network.name} …\n`);
    rows.push({ network: network.name, contender: contender.name, figures: await contender.measure(work) });
  }
}
process.stdout.write(`${values.json ? JSON.stringify(rows) : tableOf(rows)}\n`);
