/** A few sounds, made on the spot; silent until somebody asks for them. */
export class Sound {
  #context: AudioContext | undefined;
  #noise: AudioBuffer | undefined;
  #isOn = false;

  /** To be called from a click or a key: browsers play nothing before one. */
  turn(on: boolean): void {
    this.#isOn = on;
    if (!on) return;
    this.#context ??= new AudioContext();
    void this.#context.resume();
  }

  play(effect: string): void {
    if (!this.#isOn || this.#context === undefined) return;
    if (effect === "burst") this.#rush(0.28, 900, 0.22);
    else if (effect === "soaked") this.#rush(0.45, 420, 0.3);
    else if (effect === "taken") this.#notes([660, 880], 0.09);
    else if (effect === "won") this.#notes([523, 659, 784, 1047], 0.14);
  }

  /** Filtered noise that dies away. */
  #rush(seconds: number, hertz: number, loudness: number): void {
    const context = this.#context!;
    this.#noise ??= noiseOf(context);
    const source = new AudioBufferSourceNode(context, { buffer: this.#noise });
    const filter = new BiquadFilterNode(context, { type: "lowpass", frequency: hertz });
    source.connect(filter).connect(this.#fading(seconds, loudness));
    source.start();
    source.stop(context.currentTime + seconds);
  }

  #notes(hertz: readonly number[], seconds: number): void {
    const context = this.#context!;
    for (const [i, frequency] of hertz.entries()) {
      const at = context.currentTime + i * seconds;
      const tone = new OscillatorNode(context, { type: "triangle", frequency });
      tone.connect(this.#fading(2 * seconds, 0.12, at));
      tone.start(at);
      tone.stop(at + 2 * seconds);
    }
  }

  #fading(seconds: number, loudness: number, at: number = this.#context!.currentTime): GainNode {
    const gain = new GainNode(this.#context!, { gain: loudness });
    gain.gain.setValueAtTime(loudness, at);
    gain.gain.exponentialRampToValueAtTime(0.001, at + seconds);
    gain.connect(this.#context!.destination);
    return gain;
  }
}

function noiseOf(context: AudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, context.sampleRate / 2, context.sampleRate);
  const samples = buffer.getChannelData(0);
  for (let i = 0; i < samples.length; i++) samples[i] = Math.random() * 2 - 1;
  return buffer;
}
