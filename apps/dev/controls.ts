import { NET_PRESETS, type NetSpec, parseNet } from "echo-net/testing";

/** What the page remembers while it reloads. */
export interface Settings {
  net: NetSpec;
  inputDelayTicks: number | "auto";
  mode: "rollback" | "lockstep";
  /** Players that are left to the game itself: their `input` is handed nothing. */
  bots: [boolean, boolean];
}

const KEPT = "echo-net dev";

/** The settings of before the page was loaded anew, else those to begin with. */
export function keptSettings(net: string): Settings {
  const fresh: Settings = {
    net: parseNet(net),
    inputDelayTicks: "auto",
    mode: "rollback",
    bots: [false, false],
  };
  const kept = sessionStorage.getItem(KEPT);
  return kept === null ? fresh : { ...fresh, ...JSON.parse(kept) };
}

export function keepSettings(settings: Settings): void {
  sessionStorage.setItem(KEPT, JSON.stringify(settings));
}

interface Slider {
  readonly name: string;
  readonly most: number;
  readonly step: number;
  readonly get: (net: NetSpec) => number;
  readonly put: (net: NetSpec, value: number) => NetSpec;
  readonly words: (value: number) => string;
}

const percent = (value: number): string => `${value} %`;
const milliseconds = (value: number): string => `${value} ms`;
/** Without a limit, at the far end of the slider. */
const NO_RATE = 1_000;

const SLIDERS: readonly Slider[] = [
  {
    ...{ name: "latency, one way", most: 300, step: 5, words: milliseconds },
    ...{ get: (net) => net.latencyMs, put: (net, latencyMs) => ({ ...net, latencyMs }) },
  },
  {
    ...{ name: "jitter", most: 150, step: 5, words: (value) => `±${value} ms` },
    ...{ get: (net) => net.jitterMs, put: (net, jitterMs) => ({ ...net, jitterMs }) },
  },
  {
    ...{ name: "loss", most: 60, step: 1, words: percent },
    ...{ get: (net) => net.loss * 100, put: (net, loss) => ({ ...net, loss: loss / 100 }) },
  },
  {
    ...{ name: "duplicates", most: 50, step: 1, words: percent },
    ...{ get: (net) => net.duplicate * 100, put: (net, share) => ({ ...net, duplicate: share / 100 }) },
  },
  {
    ...{ name: "reordered", most: 50, step: 1, words: percent },
    ...{ get: (net) => net.reorder * 100, put: (net, share) => ({ ...net, reorder: share / 100 }) },
  },
  {
    ...{ name: "rate", most: NO_RATE, step: 10 },
    words: (value) => (value >= NO_RATE ? "no limit" : `${value} kbit/s`),
    get: (net) => net.rateKbps ?? NO_RATE,
    put: (net, value) => ({ ...net, rateKbps: value >= NO_RATE ? null : Math.max(10, value) }),
  },
];

/** Puts the controls into the page; calls back with what changed them. A new `mode` takes a new match. */
export function showControls(
  form: HTMLFormElement,
  settings: Settings,
  changed: (what: "net" | "delay" | "mode" | "restart") => void,
): void {
  const net = select("network", [...Object.keys(NET_PRESETS), "as set below"], () => {
    const preset = NET_PRESETS[net.value];
    if (preset !== undefined) settings.net = preset;
    show();
    changed("net");
  });
  const sliders = SLIDERS.map((slider) => {
    const input = document.createElement("input");
    const output = document.createElement("output");
    Object.assign(input, { type: "range", min: "0", max: `${slider.most}`, step: `${slider.step}` });
    input.addEventListener("input", () => {
      settings.net = slider.put(settings.net, Number(input.value));
      show();
      changed("net");
    });
    form.append(labelled(slider.name, input, output));
    return { slider, input, output };
  });
  const delay = select("input delay", ["auto", ..."0123456789"], () => {
    settings.inputDelayTicks = delay.value === "auto" ? "auto" : Number(delay.value);
    changed("delay");
  });
  const mode = select("mode", ["rollback", "lockstep"], () => {
    settings.mode = mode.value as Settings["mode"];
    changed("mode");
  });
  const restart = document.createElement("button");
  Object.assign(restart, { type: "button", textContent: "new match" });
  restart.addEventListener("click", () => changed("restart"));
  form.prepend(labelled("network", net));
  form.append(labelled("input delay", delay), labelled("mode", mode), restart);

  const show = (): void => {
    for (const { slider, input, output } of sliders) {
      const value = slider.get(settings.net);
      input.value = `${value}`;
      output.value = slider.words(Math.round(value));
    }
    const preset = Object.keys(NET_PRESETS).find(
      (name) => JSON.stringify(NET_PRESETS[name]) === JSON.stringify(settings.net),
    );
    net.value = preset ?? "as set below";
  };
  show();
  delay.value = `${settings.inputDelayTicks}`;
  mode.value = settings.mode;
}

function select(name: string, choices: Iterable<string>, chosen: () => void): HTMLSelectElement {
  const element = document.createElement("select");
  element.name = name;
  for (const choice of choices) element.append(new Option(choice));
  element.addEventListener("change", chosen);
  return element;
}

function labelled(name: string, ...elements: readonly HTMLElement[]): HTMLLabelElement {
  const label = document.createElement("label");
  label.append(name, ...elements);
  return label;
}
