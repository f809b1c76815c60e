/** One step of a path for people: `.x` for a name, `["a b"]` for any other key. */
export const pathStep = (key: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;

/** `state.ships[1].x` without the root's name: `ships[1].x`. */
export const withoutRoot = (path: string, root: string): string =>
  path.startsWith(`${root}.`) ? path.slice(root.length + 1) : path.slice(root.length) || root;
