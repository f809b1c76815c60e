import { allTraps, isGuarding, type Trap } from "../game/guards.js";

/**
 * Loads a module so that what it takes hold of while it is loaded (`const { sin } = Math`) throws as well, later, in
 * guarded code. Everywhere else it works as ever, and once the module is there the platform's own is back.
 */
export async function withEarlyTraps<Module>(load: () => Promise<Module>): Promise<Module> {
  const traps = allTraps().filter(isOfInterest);
  const originals = traps.map(({ owner, name }) => owner[name] as Callable);
  traps.forEach(({ owner, name, substitute }, i) => {
    owner[name] = trapped(originals[i]!, substitute as Callable);
  });
  try {
    return await load();
  } finally {
    traps.forEach(({ owner, name }, i) => {
      owner[name] = originals[i];
    });
  }
}

type Callable = (...values: unknown[]) => unknown;

/** Values of `Math` and clocks: what is put off is found by what it does, and the rest is called by name. */
const isOfInterest = ({ owner, name }: Trap): boolean => owner === (Math as unknown) || name === "Date";

/** Works as `original`, but as `substitute` wherever guarded code runs; so does what both have, as `Date.now`. */
function trapped(original: Callable, substitute: Callable): Callable {
  const present = (): Callable => (isGuarding() ? substitute : original);
  return new Proxy(original, {
    apply: (_, self, values) => Reflect.apply(present(), self, values),
    construct: (_, values, newTarget) => Reflect.construct(present(), values, newTarget) as object,
    get(_, name) {
      const [own, other] = [Reflect.get(original, name), Reflect.get(substitute, name)] as unknown[];
      const isPair = Object.hasOwn(substitute, name) && typeof own === "function";
      return isPair ? trapped(own as Callable, other as Callable) : own;
    },
  });
}
