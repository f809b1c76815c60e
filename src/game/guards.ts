/** Runs the game's code. */
export type CodeRunner = <Result>(code: () => Result) => Result;

export const runPlainly: CodeRunner = (code) => code();

/** The game's code used something that is not the same on every machine. */
export class DeterminismError extends Error {
  override readonly name = "DeterminismError";
}

/** A function of the platform and what stands in its place while the game's code runs. */
export interface Trap {
  readonly owner: Record<string, unknown>;
  readonly name: string;
  readonly substitute: unknown;
  original: unknown;
  /** False where the owner inherits it. */
  isOwn: boolean;
}

const traps: Trap[] = [];
let depth = 0;

/**
 * As `runPlainly`, while chance, clocks, timers, `fetch`, Math's inexact functions and what `trapAlso` was told of
 * throw a `DeterminismError`. What a module took hold of earlier (`const { random } = Math`) and the operator `**`
 * cannot be caught here: the commands see to both where they load a game.
 */
export const runGuarded: CodeRunner = (code) => {
  trapPlatform();
  if (depth++ === 0) for (const trap of traps) set(trap);
  try {
    return code();
  } finally {
    if (--depth === 0) for (const trap of traps) release(trap);
  }
};

/** Takes the guards away after code that was broken off from outside, which no `finally` notices. */
export function releaseGuards(): void {
  if (depth > 0) for (const trap of traps) release(trap);
  depth = 0;
}

function set(trap: Trap): void {
  const { owner, name } = trap;
  trap.original = owner[name];
  trap.isOwn = Object.hasOwn(owner, name);
  owner[name] = trap.substitute;
}

function release({ owner, name, original, isOwn }: Trap): void {
  if (isOwn) owner[name] = original;
  else delete owner[name];
}

/** All other functions of Math give the same bits in every engine. */
const INEXACT =
  "acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 hypot log log10 log1p log2 pow sin sinh tan tanh";

/** What puts code off until the tick is over. */
const LATER = "setTimeout setInterval setImmediate queueMicrotask requestAnimationFrame";

/** Puts something else in the place of the platform's own wherever guarded code runs from now on, not while any does. */
export function trapAlso(owner: object | undefined, name: string, substitute: unknown): void {
  trapPlatform();
  add(owner, name, substitute);
}

/** Everything that stands in the place of the platform's own where guarded code runs. */
export function allTraps(): readonly Trap[] {
  trapPlatform();
  return traps;
}

/** Whether guarded code runs now. */
export const isGuarding = (): boolean => depth > 0;

function add(owner: object | undefined, name: string, substitute: unknown): void {
  if (owner === undefined || !(name in owner)) return;
  traps.push({ owner: owner as Trap["owner"], name, substitute, original: undefined, isOwn: true });
}

function trapPlatform(): void {
  if (traps.length > 0) return;
  const platform = globalThis as Record<string, any>;
  for (const name of INEXACT.split(" ")) {
    // The commands write the operator as a call where they bundle a game.
    const what = name === "pow" ? "Math.pow (or the operator **)" : `Math.${name}`;
    add(platform.Math, name, failing(what, "differs between engines in its last bits", MATHS));
  }
  add(platform.Math, "random", failing("Math.random", "draws other numbers on every machine", CHANCE));
  for (const name of ["getRandomValues", "randomUUID"]) {
    add(platform.crypto, name, failing(`crypto.${name}`, "draws other bytes on every machine", CHANCE));
  }
  add(platform.performance, "now", failing("performance.now", "reads the machine's clock", TIME));
  add(platform, "Date", failingDate(platform.Date));
  for (const name of LATER.split(" ")) {
    add(platform, name, failing(name, "runs code outside of any tick", WAITING));
  }
  add(platform, "fetch", failing("fetch", "answers every machine in its own time", NEWS));
}

const MATHS = "use the functions of echo-net/math";
const CHANCE = "use ctx.random";
const TIME = "use ctx.chronos, which counts ticks";
const WAITING = "keep in the state for which ctx.chronos it is due, and do it in step";
const NEWS = "do it outside of the game, and bring in what comes of it as an event from input";

/** A function that throws, also after `new`; says of `what` that it does `why`, and what to do in its place. */
export const failing = (what: string, why: string, instead: string): (() => never) =>
  // `new` needs a function of the old kind.
  function trap(): never {
    throw new DeterminismError(`${what} ${why}, so peers would disagree; ${instead}`);
  };

/** A `Date` that neither tells the time nor makes a date; `instanceof` works as ever. */
function failingDate(date: { readonly prototype: object }): unknown {
  const why = "depends on the machine's clock and time zone";
  const substitute = failing("Date", why, TIME) as unknown as Record<string, unknown>;
  substitute.prototype = date.prototype;
  for (const name of ["now", "parse", "UTC"]) substitute[name] = failing(`Date.${name}`, why, TIME);
  return substitute;
}
