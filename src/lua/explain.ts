/** What scripts look for in vain, with what to do instead. */
const ABSENT: Readonly<Record<string, string>> = {
  os: "there is no clock but the tick, echo.chronos(), and echo.delay(seconds, fn)",
  io: "scripts read and write no files; echo.log leaves a line in the trace",
  require: "scripts do not load one another; what one has for the others it puts into its self",
  dofile: "scripts do not load one another; what one has for the others it puts into its self",
  loadfile: "scripts do not load one another; what one has for the others it puts into its self",
  package: "scripts do not load one another; what one has for the others it puts into its self",
  debug: "it would show what differs from peer to peer",
  collectgarbage: "the engine collects garbage in every tick, alike at every peer",
  warn: "echo.log leaves a line in the trace",
  randomseed: "math.random draws alike at every peer, and is not seeded by scripts",
};

const MISSING = /a nil value \((?:global|field) '(\w+)'\)$/;

/** An error's message, with what to do where a script looked for what the sandbox does not have. */
export function explained(message: string): string {
  const [, name] = MISSING.exec(message) ?? [];
  const instead = name !== undefined && Object.hasOwn(ABSENT, name) ? ABSENT[name] : undefined;
  return instead === undefined ? message : `${message}: ${name} is not in the sandbox; ${instead}`;
}
