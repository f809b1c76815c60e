/** What came to the door and has not been let in; the oldest of too many has to go. */
export class Doorstep<Comer> {
  readonly #max: number;
  readonly #maxPerAddress: number;
  /** By address, each in the order of coming. */
  readonly #comers = new Map<string, Set<Comer>>();
  /** In the order of coming, with their addresses. */
  readonly #addresses = new Map<Comer, string>();

  constructor(max: number, maxPerAddress: number) {
    this.#max = max;
    this.#maxPerAddress = maxPerAddress;
  }

  get size(): number {
    return this.#addresses.size;
  }

  /** Takes one more, and gives who has to go for it: the oldest from its address, or of all. */
  add(comer: Comer, address: string): Comer | undefined {
    let here = this.#comers.get(address);
    const crowded =
      here !== undefined && here.size >= this.#maxPerAddress
        ? first(here)
        : this.size >= this.#max
          ? first(this.#addresses.keys())
          : undefined;
    if (crowded !== undefined) this.delete(crowded);
    here = this.#comers.get(address);
    if (here === undefined) {
      here = new Set();
      this.#comers.set(address, here);
    }
    here.add(comer);
    this.#addresses.set(comer, address);
    return crowded;
  }

  /** Forgets one that was let in or is gone. */
  delete(comer: Comer): void {
    const address = this.#addresses.get(comer);
    if (address === undefined) return;
    this.#addresses.delete(comer);
    const here = this.#comers.get(address)!;
    here.delete(comer);
    if (here.size === 0) this.#comers.delete(address);
  }
}

const first = <Item>(items: Iterable<Item>): Item | undefined => {
  for (const item of items) return item;
  return undefined;
};
