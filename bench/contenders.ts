import type { Contender } from "./contender.js";
import { echoNet, echoNetPlain } from "./echo-net.js";
import { netplayjs } from "./netplayjs.js";
import { nothing } from "./nothing.js";
import { telegraph } from "./telegraph.js";

/** Who is measured, in the order of the table. The harness by itself comes first. */
export const CONTENDERS: readonly Contender[] = [nothing, echoNet, echoNetPlain, telegraph, netplayjs];
