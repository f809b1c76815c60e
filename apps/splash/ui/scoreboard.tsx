import type { JSX } from "preact";
import type { Match, Score } from "../match/match.js";
import { listed, nameOf } from "../match/names.js";
import { POINTS_TO_WIN } from "../match/scene.js";
import { statusWords } from "../match/words.js";
import { Mark } from "./mark.js";

/** Who leads, and by how much. */
export function Scoreboard({ match }: { match: Match }): JSX.Element | null {
  const score = match.score.value;
  if (score === undefined) return null;
  const { bots, player } = match;
  return (
    <section class="scoreboard" aria-label="Scores">
      <p class="headline">
        <strong>{headline(score)}</strong>
        <span>
          Round {score.round}
          <span class="clock">
            {clock(score.seconds)}
            {match.session.ticks === undefined ? "" : " left"}
          </span>
        </span>
      </p>
      <ol>
        {score.players.map(({ slot, wins, points }) => {
          const leads = score.leaders.includes(slot);
          const status = match.statuses.value[slot];
          const trouble = status && statusWords(status);
          const role = slot === player ? "you" : bots.includes(slot) ? "bot" : "";
          return (
            <li key={slot} class={leads ? `leads slot-${slot % 4}` : `slot-${slot % 4}`}>
              <Mark slot={slot} />
              {leads && <em>{score.leaders.length === 1 ? "leads" : "level"}</em>}
              <span class="who">{nameOf(slot)}</span>
              <span class="points">
                <span role="img" aria-label={`${points} of ${POINTS_TO_WIN} points of this round`}>
                  {Array.from({ length: POINTS_TO_WIN }, (_, i) => (
                    <i key={i} class={i < points ? "full" : ""} />
                  ))}
                </span>
                <small>{role}</small>
              </span>
              <span class="wins">
                {wins}
                <small>won</small>
              </span>
              {trouble !== undefined && <small class="status">{trouble}</small>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Who leads, by what: rounds, or where those are equal points of this round. */
function headline({ leaders, players, phase, round }: Score): string {
  if (phase === "over") {
    const winners = players.filter(({ points }) => points >= POINTS_TO_WIN).map(({ slot }) => nameOf(slot));
    return `${listed(winners)} ${winners.length === 1 ? "wins" : "win"} round ${round}`;
  }
  if (leaders.length === 0) return "Nobody leads yet";
  const names = listed(leaders.map(nameOf));
  const first = players.find(({ slot }) => slot === leaders[0])!;
  const others = players.filter(({ slot }) => !leaders.includes(slot));
  if (leaders.length > 1) return `${names} are level${others.length > 0 ? " in front" : ""}`;
  const nextWins = Math.max(0, ...others.map(({ wins }) => wins));
  if (first.wins > nextWins)
    return `${names} leads, ${first.wins} ${first.wins === 1 ? "round" : "rounds"} to ${nextWins}`;
  const rivals = others.filter(({ wins }) => wins === first.wins);
  return `${names} leads, ${first.points} to ${Math.max(0, ...rivals.map(({ points }) => points))} in this round`;
}

export function clock(seconds: number): string {
  const left = Math.max(0, seconds);
  return `${Math.floor(left / 60)}:${`${left % 60}`.padStart(2, "0")}`;
}
