import { tierReport } from "./tiers.js";

console.log(JSON.stringify(await tierReport(Number(process.argv[2]))));
