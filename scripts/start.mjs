/** `npm start`: a match over a bad network, another over real UDP, both replayed, and what happened in plain words. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { build, cli, ensureInstalled, fail, heading, root, say } from "./house.mjs";

const GAME = "examples/splash-lua";
const SIMULATED_TICKS = 900;
const UDP_TICKS = 600;
const TICK_HZ = 60;
const PATIENCE_MS = 90_000;
const journals = "journals/demo";
const terminal = process.stderr.isTTY === true;

const children = new Set();
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/**
 * Runs a command of `echo-net` and gives what its --json said. `onNote` gets each line of its stderr; without one
 * they are shown. A command that exits with something else than 0 ends this script.
 */
function echoNet(step, args, onNote) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, ...args, "--json"], {
      cwd: root,
      stdio: [onNote === undefined ? "inherit" : "ignore", "pipe", onNote === undefined ? "inherit" : "pipe"],
    });
    children.add(child);
    const patience = setTimeout(() => {
      fail(step, `\`echo-net ${args[0]}\` did not end within ${PATIENCE_MS / 1000} s.`);
    }, PATIENCE_MS);
    let output = "";
    const notes = [];
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    if (onNote !== undefined) {
      createInterface({ input: child.stderr }).on("line", (line) => {
        notes.push(line);
        onNote(line);
      });
    }
    child.once("error", (error) => fail(step, error.message));
    child.once("close", (code, signal) => {
      clearTimeout(patience);
      children.delete(child);
      if (code === 130 || signal === "SIGINT") process.exit(130);
      const ended = code === null ? `was ended by ${signal}` : `exited with ${code}`;
      if (code !== 0) fail(step, [`\`echo-net ${args.join(" ")}\` ${ended}.`, ...notes, output].join("\n"));
      try {
        resolve(JSON.parse(output));
      } catch {
        fail(step, `\`echo-net ${args[0]}\` printed something else than one JSON object:\n${output}`);
      }
    });
  });
}

/** Shows, until it is told to stop, how many ticks a growing journal holds. */
function followJournal(file, ticks) {
  let shown = -1;
  const show = () => {
    const played = existsSync(file) ? lastTickOf(readFileSync(file, "utf8")) : 0;
    if (played === shown) return;
    shown = played;
    if (terminal) process.stderr.write(`\r  tick ${played} of ${ticks} is final`);
    else process.stderr.write(`  tick ${played} of ${ticks} is final\n`);
  };
  const timer = setInterval(show, terminal ? 100 : 1_000);
  return () => {
    clearInterval(timer);
    show();
    if (terminal) process.stderr.write("\n");
  };
}

function lastTickOf(text) {
  const ticks = [...text.slice(-4_000).matchAll(/"type":"tick","chronos":(\d+)/g)];
  return Number(ticks.at(-1)?.[1] ?? 0);
}

/** Replays journals one by one; they must verify, reach `finalHash`, and be equal to the byte. */
async function replay(files, finalHash) {
  say(`\n  Replaying the ${files.length} journals …`);
  const [first, ...others] = files.map((file) => readFileSync(`${root}${file}`));
  if (others.some((other) => !other.equals(first))) {
    fail("comparing the journals", `They should be the same bytes: ${files.join(", ")}`);
  }
  let slowest = Number.POSITIVE_INFINITY;
  for (const file of files) {
    const result = await echoNet("replaying a journal", ["replay", file]);
    if (!result.ok) fail("replaying a journal", `${file}: ${JSON.stringify(result)}`);
    if (result.finalHash !== finalHash) {
      fail(
        "replaying a journal",
        `${file} ends with ${result.finalHash}, the match ended with ${finalHash}.`,
      );
    }
    slowest = Math.min(slowest, result.ticksPerSecond);
  }
  return { bytes: first.length, timesRealTime: Math.floor(slowest / TICK_HZ) };
}

async function simulate() {
  const folder = `${journals}/four-peers`;
  heading(
    `Four peers play ${SIMULATED_TICKS / TICK_HZ} seconds of Splash, a game in Lua, over a mobile network`,
  );
  say("  100±30 ms each way, 20 % of all datagrams lost. The players are bots. Only their events are sent.");
  const stop = terminal ? () => {} : followJournal(`${root}${folder}/peer0.jsonl`, SIMULATED_TICKS);
  const options = [
    "--peers",
    "4",
    "--net",
    "mobile",
    "--ticks",
    SIMULATED_TICKS,
    "--seed",
    "1",
    "--input-delay",
    "2",
  ];
  const match = await echoNet("simulating the match", [
    ...["simulate", GAME, ...options.map(String), "--journal", folder],
    ...(terminal ? ["--watch"] : []),
  ]);
  stop();
  if (!match.agreed) fail("simulating the match", "The peers did not agree on every hash.");
  say();
  say("  peer  rollbacks  deepest  ticks run again  bytes sent a tick  final hash");
  for (const peer of match.peers) {
    const cells = [
      ...[`${peer.slot}`.padStart(6), `${peer.rollbacks}`.padStart(11), `${peer.maxRollback}`.padStart(9)],
      ...[`${peer.resimulatedTicks}`.padStart(17), (peer.bytesSent / peer.tick).toFixed(0).padStart(19)],
      `  ${peer.finalHash.slice(0, 16)}…`,
    ];
    say(cells.join(""));
  }
  const files = match.peers.map((_, i) => `${folder}/peer${i}.jsonl`);
  return { match, replayed: await replay(files, match.finalHash) };
}

async function overUdp() {
  const folder = `${journals}/udp`;
  heading(`Two processes play ${UDP_TICKS / TICK_HZ} seconds of it over UDP on this machine`);
  say("  The one that joins has an invite and nothing else: the game comes from the host.");
  const common = ["--bot", "--journal", folder];
  const joining = { peer: undefined };
  const stop = followJournal(`${root}${folder}/peer0.jsonl`, UDP_TICKS);
  const hosting = echoNet(
    "hosting a match",
    [
      "host",
      GAME,
      "--players",
      "2",
      "--bind",
      "127.0.0.1",
      "--port",
      "0",
      "--ticks",
      `${UDP_TICKS}`,
      ...common,
    ],
    (line) => {
      if (!line.startsWith("echo-net:") || joining.peer !== undefined) return;
      joining.peer = echoNet("joining the match", ["join", line.trim(), ...common], () => {});
    },
  );
  const host = await hosting;
  if (joining.peer === undefined) fail("hosting a match", "The host printed no invite.");
  const joiner = await joining.peer;
  stop();
  if (!host.agreed || !joiner.agreed || host.finalHash !== joiner.finalHash) {
    fail("playing over UDP", `The two ended with different hashes: ${host.finalHash}, ${joiner.finalHash}`);
  }
  const files = [0, 1].map((slot) => `${folder}/peer${slot}.jsonl`);
  return { host, joiner, replayed: await replay(files, host.finalHash) };
}

const sum = (peers, field) => peers.reduce((total, peer) => total + peer[field], 0);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;

ensureInstalled();
build();
rmSync(`${root}${journals}`, { recursive: true, force: true });
const first = await simulate();
const second = await overUdp();

const { peers } = first.match;
heading("What happened");
say(
  `  Four peers played ${first.match.ticks} ticks. Each guessed what the others would do and ran ahead; where a guess`,
);
say(
  `  was wrong it went back: ${sum(peers, "rollbacks")} rollbacks, ${sum(peers, "resimulatedTicks")} ticks run again, ${kilobytes(sum(peers, "bytesSent"))} sent in all.`,
);
say(
  "  After every tick all four held the same state: their hashes are equal, and so are their four journals,",
);
say(
  `  ${kilobytes(first.replayed.bytes)} each, to the byte. Replayed from nothing but its journal, which holds the game, the match came`,
);
say(`  out the same, at ${first.replayed.timesRealTime} times real time.`);
say(
  `  Then two processes played ${second.host.tick} ticks over UDP: ${second.host.rollbacks + second.joiner.rollbacks} rollbacks, ${kilobytes(second.host.bytesSent + second.joiner.bytesSent)} sent, the same hash`,
);
say(`  at both ends (${second.host.finalHash.slice(0, 16)}…), two equal journals.`);
say();
say(`  The journals are in ${journals}. Look at one again, or play yourself:`);
say(`    npx echo-net replay ${journals}/four-peers/peer0.jsonl`);
say(`    npx echo-net simulate ${GAME} --peers 4 --net lossy --watch`);
