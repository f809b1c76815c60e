import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Match } from "../match/match.js";
import type { Figures } from "../match/meters.js";
import { listed, nameOf } from "../match/names.js";
import { statusWords } from "../match/words.js";
import { ConditionSliders } from "./condition-sliders.js";
import { Mark } from "./mark.js";
import { RollbackStrip } from "./rollback-strip.js";

const TICK_MS = 1000 / 60;
const DELAYS: readonly (number | "auto")[] = ["auto", 0, 1, 2, 3, 4, 6, 8];

/** What the netcode does meanwhile, and knobs to make its life hard. */
export function NetworkPanel({ match }: { match: Match }): JSX.Element {
  const figures = match.figures.value;
  return (
    <aside id="network" class="panel" aria-label="Network">
      <h2>Network</h2>
      {figures !== undefined && <Summary figures={figures} />}
      <RollbackStrip meters={match.meters} />
      {figures !== undefined && <Paths match={match} figures={figures} />}
      {figures !== undefined && <Proof figures={figures} />}
      <DelayChoice match={match} delayTicks={figures?.stats.inputDelayTicks ?? 0} />
      {match.network !== undefined && <ConditionSliders network={match.network} />}
      <div class="records">
        <button type="button" onClick={() => match.journal.download("splash.jsonl")}>
          Journal
        </button>
        <button type="button" onClick={() => match.trace.download("splash.trace.jsonl")}>
          Trace
        </button>
        <p>
          {match.journal.isCut
            ? "The match has become too long to be kept: the files hold its first half hour."
            : "The journal replays the match anywhere, to equal hashes: "}
          {!match.journal.isCut && <code>echo-net replay splash.jsonl</code>}
        </p>
      </div>
    </aside>
  );
}

function Summary({ figures: { stats, paths } }: { figures: Figures }): JSX.Element {
  const worst = [...paths.values()].reduce(
    (a, b) => (b.rttMs > (a?.rttMs ?? -1) ? b : a),
    undefined as undefined | { rttMs: number; jitterMs: number; loss: number },
  );
  return (
    <dl class="figures">
      <Figure
        title="Round trip"
        name="rtt"
        unit="ms"
        value={worst === undefined ? "–" : worst.rttMs.toFixed(0)}
        note={worst === undefined ? "nobody else" : `± ${worst.jitterMs.toFixed(0)} ms`}
      />
      <Figure
        title="Lost"
        name="loss"
        unit="%"
        value={worst === undefined ? "–" : (100 * worst.loss).toFixed(0)}
        note="last 5 s"
      />
      <Figure
        title="Rollbacks"
        name="rollbacks"
        value={`${stats.rollbacks}`}
        note={`deepest ${ticksOf(stats.deepestRollbackTicks)}`}
      />
      <Figure
        title="Stalls"
        name="stalls"
        unit="ticks"
        value={`${stats.stalledTicks}`}
        note={`${(stats.stalledTicks * TICK_MS).toFixed(0)} ms in all`}
      />
    </dl>
  );
}

const ticksOf = (count: number): string => (count === 1 ? "1 tick" : `${count} ticks`);

function Figure(props: {
  title: string;
  name: string;
  value: string;
  unit?: string;
  note: string;
}): JSX.Element {
  return (
    <div>
      <dt>{props.title}</dt>
      <dd>
        <b data-figure={props.name}>{props.value}</b>
        {props.unit !== undefined && <span> {props.unit}</span>}
        <small>{props.note}</small>
      </dd>
    </div>
  );
}

/** One line for each other end. */
function Paths({ match, figures }: { match: Match; figures: Figures }): JSX.Element | null {
  const others = match.session.peers.flatMap(({ slots, isLocal }, peer) =>
    isLocal ? [] : [{ slots, peer }],
  );
  if (others.length === 0) return null;
  return (
    <table class="paths">
      <thead>
        <tr>
          <th scope="col">To</th>
          <th scope="col">RTT ms</th>
          <th scope="col">Jitter</th>
          <th scope="col">Lost</th>
          <th scope="col">Lead</th>
        </tr>
      </thead>
      <tbody>
        {others.map(({ slots, peer }) => {
          const path = figures.paths.get(peer);
          const status = match.statuses.value[slots[0] ?? -1];
          const address = figures.stats.links.find((link) => link.peer === peer)?.address ?? "";
          const note = (status && statusWords(status)) ?? match.wayTo?.(address);
          return (
            <tr key={peer}>
              <th scope="row">
                {slots.map((slot) => (
                  <Mark key={slot} slot={slot} />
                ))}
                <span class="unseen">{listed(slots.map(nameOf))}</span>
                {note !== undefined && <small>{note}</small>}
              </th>
              <td>{path?.rttMs.toFixed(0)}</td>
              <td>± {path?.jitterMs.toFixed(0)}</td>
              <td>{((path?.loss ?? 0) * 100).toFixed(0)} %</td>
              <td>{path?.leadTicks}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Proof({ figures }: { figures: Figures }): JSX.Element {
  const { stats, finalTick, finalHash, frames, framesWaiting, cancelledEffects } = figures;
  return (
    <dl class="proof">
      <div>
        <dt>Agreed tick</dt>
        <dd data-figure="final">{finalTick}</dd>
      </div>
      <div>
        <dt>Its hash, equal at all</dt>
        <dd class="hash" data-figure="hash">
          {finalHash.slice(0, 16)}
        </dd>
      </div>
      <div>
        <dt>Ticks run</dt>
        <dd data-figure="ticks">{stats.tick}</dd>
      </div>
      <div>
        <dt>Frames drawn</dt>
        <dd>
          <span data-figure="frames">{frames}</span>
          <small>
            {" "}
            <span data-figure="waiting">{framesWaiting}</span> while waiting
          </small>
        </dd>
      </div>
      <div>
        <dt>Effects taken back</dt>
        <dd>{cancelledEffects}</dd>
      </div>
      <div>
        <dt>Sent</dt>
        <dd>{(stats.bytesSent / 1000).toFixed(0)} kB</dd>
      </div>
    </dl>
  );
}

function DelayChoice({ match, delayTicks }: { match: Match; delayTicks: number }): JSX.Element {
  const chosen = useSignal<string>("auto");
  return (
    <div class="delay">
      <label for="delay">Input delay</label>
      <select
        id="delay"
        value={chosen.value}
        onChange={({ currentTarget: { value } }) => {
          chosen.value = value;
          match.session.setInputDelay(value === "auto" ? "auto" : Number(value));
        }}
      >
        {DELAYS.map((delay) => (
          <option key={delay} value={`${delay}`}>
            {delay === "auto" ? "automatic" : ticksOf(delay)}
          </option>
        ))}
      </select>
      <output>
        now {ticksOf(delayTicks)}, {(delayTicks * TICK_MS).toFixed(0)} ms
      </output>
    </div>
  );
}
