/**
 * Keeps time in pages that are hidden. Browsers stop the frames of a hidden page at once and slow its timers down to
 * one a second or a minute, but neither a worker's timer nor what it posts.
 */
export interface Background {
  /** Whether the page is hidden. */
  readonly hidden: boolean;
  /** Called once a tick while the page is hidden, and no more often. */
  onTick: () => void;
  /** Called when the page is hidden or shown. */
  onTurn: (hidden: boolean) => void;
  /** Waits for a tick, hidden or not. */
  pause(): Promise<void>;
  close(): void;
}

/**
 * What the worker runs: it is posted a length in ms, and posts back each time that this has passed; 0 ends that.
 * A page whose content policy forbids workers from `blob:` serves this text as a file of its own; without that its
 * match runs, while it is hidden, only as often as the browser lets the page's own timers.
 */
export const TICKER_SOURCE: string =
  "let timer;onmessage=({data})=>{clearInterval(timer);if(data>0)timer=setInterval(()=>postMessage(0),data)};";

interface TickerWorker {
  onmessage: (() => void) | null;
  onerror: (() => void) | null;
  postMessage(everyMs: number): void;
  terminate(): void;
}

/** What of a page is needed here. */
interface Page {
  readonly document: {
    readonly hidden: boolean;
    addEventListener(type: "visibilitychange", listener: () => void): void;
    removeEventListener(type: "visibilitychange", listener: () => void): void;
  };
  readonly Worker: new (url: string | URL) => TickerWorker;
}

/** Watches the page, where there is one. `ticker` is where `TICKER_SOURCE` is served. */
export function openBackground(tickMs: number, ticker?: string | URL): Background {
  const { document, Worker } = globalThis as Partial<Page>;
  const page = document === undefined || Worker === undefined ? undefined : { document, Worker };
  return new PageBackground(page, tickMs, ticker);
}

class PageBackground implements Background {
  onTick: () => void = nothing;
  onTurn: (hidden: boolean) => void = nothing;
  readonly #page: Page | undefined;
  readonly #tickMs: number;
  readonly #ticker: string | URL | undefined;
  #worker: TickerWorker | undefined;
  /** Where a worker cannot be had: as often as the page's own timer may. */
  #timer: ReturnType<typeof setInterval> | undefined;
  #resume: () => void = nothing;

  constructor(page: Page | undefined, tickMs: number, ticker: string | URL | undefined) {
    this.#page = page;
    this.#tickMs = tickMs;
    this.#ticker = ticker;
    page?.document.addEventListener("visibilitychange", this.#turn);
    if (this.hidden) this.#turn();
  }

  get hidden(): boolean {
    return this.#page?.document.hidden ?? false;
  }

  async pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#tickMs);
      this.#resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#resume = nothing;
  }

  close(): void {
    this.#page?.document.removeEventListener("visibilitychange", this.#turn);
    if (this.#worker !== undefined) this.#worker.onerror = null;
    this.#worker?.terminate();
    clearInterval(this.#timer);
    this.onTick = nothing;
    this.onTurn = nothing;
  }

  readonly #turn = (): void => {
    const { hidden } = this;
    this.onTurn(hidden);
    if (hidden && this.#timer === undefined) this.#worker ??= this.#start();
    this.#worker?.postMessage(hidden ? this.#tickMs : 0);
  };

  #start(): TickerWorker | undefined {
    try {
      const worker = new this.#page!.Worker(this.#ticker ?? tickerBlob());
      worker.onmessage = this.#tick;
      worker.onerror = () => this.#startTimer();
      return worker;
    } catch {
      // Content policies may forbid workers, scripts of another origin or addresses that are plain texts.
      this.#startTimer();
      return undefined;
    }
  }

  #startTimer(): void {
    this.#timer ??= setInterval(this.#tick, this.#tickMs);
  }

  readonly #tick = (): void => {
    if (!this.hidden) return;
    this.#resume();
    this.onTick();
  };
}

const nothing = (): void => {};

let blobUrl: string | undefined;

/** One for the page's whole life, however many matches it sees. */
function tickerBlob(): string {
  blobUrl ??= URL.createObjectURL(new Blob([TICKER_SOURCE], { type: "text/javascript" }));
  return blobUrl;
}
