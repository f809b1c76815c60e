import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { type Conditions, type Network, PRESETS, presetOf } from "../match/conditions.js";

/** Makes this end's network as bad as the player likes. */
export function ConditionSliders({ network }: { network: Network }): JSX.Element {
  const conditions = useSignal<Conditions>(network.conditions);
  const change = (changed: Partial<Conditions>): void => {
    network.change(changed);
    conditions.value = network.conditions;
  };
  const { latencyMs, jitterMs, loss } = conditions.value;
  const isPreset = (name: string): boolean =>
    JSON.stringify(presetOf(name)) === JSON.stringify(conditions.value);
  return (
    <fieldset class="conditions">
      <legend>Make it worse</legend>
      <p>Added to what this browser sends.</p>
      <div class="options">
        {PRESETS.map(({ name, title }) => (
          <button
            key={name}
            type="button"
            aria-pressed={isPreset(name)}
            onClick={() => change(presetOf(name))}
          >
            {title}
          </button>
        ))}
      </div>
      <Slider
        title="Latency"
        max={300}
        step={5}
        value={latencyMs}
        shown={`${latencyMs} ms`}
        set={(value) => change({ latencyMs: value })}
      />
      <Slider
        title="Jitter"
        max={100}
        step={5}
        value={jitterMs}
        shown={`± ${jitterMs} ms`}
        set={(value) => change({ jitterMs: value })}
      />
      <Slider
        title="Loss"
        max={50}
        step={1}
        value={Math.round(loss * 100)}
        shown={`${Math.round(loss * 100)} %`}
        set={(value) => change({ loss: value / 100 })}
      />
    </fieldset>
  );
}

function Slider(props: {
  title: string;
  max: number;
  step: number;
  value: number;
  shown: string;
  set: (value: number) => void;
}): JSX.Element {
  const { title, max, step, value, shown, set } = props;
  return (
    <label class="slider">
      <span>{title}</span>
      <input
        type="range"
        min={0}
        max={max}
        step={step}
        value={value}
        onInput={({ currentTarget }) => set(currentTarget.valueAsNumber)}
      />
      <output>{shown}</output>
    </label>
  );
}
