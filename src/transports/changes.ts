/** Lets one caller wait for what events bring, with an end to its patience. */
export class Changes {
  #wake: () => void = () => {};

  /** Something may be otherwise than before. */
  tell(): void {
    this.#wake();
  }

  /**
   * Resolves once `isSo`, which is asked at once and after each change. Rejects with what `isSo` throws, with the
   * signal's reason, or with what `slow` gives when the time is up.
   */
  async until(
    isSo: () => boolean,
    timeoutMs: number,
    slow: () => Error,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, timeoutMs);
    const aborted = (): void => this.#wake();
    signal?.addEventListener("abort", aborted);
    try {
      while (!isSo()) {
        signal?.throwIfAborted();
        if (isLate) throw slow();
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
    }
  }
}
