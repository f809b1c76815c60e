/** What the game is told of the player's hands; see examples/splash-lua. */
export interface Device {
  readonly x: number;
  readonly y: number;
  readonly drop: boolean;
  readonly take: boolean;
  readonly cheer?: string;
}

const WAYS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowUp: [0, -1],
  ArrowRight: [1, 0],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  KeyW: [0, -1],
  KeyD: [1, 0],
  KeyS: [0, 1],
  KeyA: [-1, 0],
};
const DROP: ReadonlySet<string> = new Set(["Space", "Enter"]);
const TAKE: ReadonlySet<string> = new Set(["KeyE", "ShiftLeft", "ShiftRight"]);
const CHEER = "KeyC";
const CHEERS: readonly string[] = ["Splash!", "Got you!", "Ha!", "Close one!", "Again!"];

/** Whether a key is meant for the control that has the focus, not for the game. */
function isForControl(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return true;
  return /^(BUTTON|A|SUMMARY)$/.test(target.tagName) && DROP.has(event.code);
}

/** Keys that are down and fingers on the pad, as one device. */
export class Hands {
  readonly #down: string[] = [];
  #padX = 0;
  #padY = 0;
  #padDrop = false;
  #padTake = false;
  #cheers = 0;
  #cheer: string | undefined;
  /** Pressed and let go between two frames counts too. */
  readonly #tapped = new Set<string>();

  listen(signal: AbortSignal): void {
    addEventListener("keydown", (event) => this.#press(event), { signal });
    addEventListener("keyup", ({ code }) => this.#release(code), { signal });
    addEventListener("blur", () => this.#down.splice(0), { signal });
  }

  /** The stick of the touch pad, each −1, 0 or 1. */
  steer(x: number, y: number): void {
    this.#padX = x;
    this.#padY = y;
  }

  hold(button: "drop" | "take", isDown: boolean): void {
    if (button === "drop") this.#padDrop = isDown;
    else this.#padTake = isDown;
    if (isDown) this.#tapped.add(button);
  }

  cheer(): void {
    this.#cheer = CHEERS[this.#cheers++ % CHEERS.length];
  }

  /** For one frame. */
  read(): Device {
    // The key that was pressed last leads, so that turning needs no letting go.
    const pressed = [...this.#tapped, ...this.#down].filter((code) => WAYS[code] !== undefined);
    const way = WAYS[pressed.at(-1) ?? ""];
    const device: Device = {
      x: way?.[0] ?? this.#padX,
      y: way?.[1] ?? this.#padY,
      drop: this.#padDrop || this.#any("drop", DROP),
      take: this.#padTake || this.#any("take", TAKE),
      ...(this.#cheer === undefined ? {} : { cheer: this.#cheer }),
    };
    this.#cheer = undefined;
    this.#tapped.clear();
    return device;
  }

  #any(button: string, codes: ReadonlySet<string>): boolean {
    return this.#tapped.has(button) || [...this.#down, ...this.#tapped].some((code) => codes.has(code));
  }

  #press(event: KeyboardEvent): void {
    if (isForControl(event)) return;
    const { code } = event;
    if (WAYS[code] !== undefined || DROP.has(code)) event.preventDefault();
    if (event.repeat) return;
    if (code === CHEER) this.cheer();
    this.#release(code);
    this.#down.push(code);
    this.#tapped.add(code);
  }

  #release(code: string): void {
    const at = this.#down.indexOf(code);
    if (at >= 0) this.#down.splice(at, 1);
  }
}
