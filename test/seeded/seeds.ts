/** Seeds that a seeded test runs on: `count` of them under `npm test`, as many as it is told under `npm run soak`. */
export function seeds(count: number): number[] {
  const first = Number(process.env.ECHO_NET_FIRST_SEED ?? 1);
  const wanted = Number(process.env.ECHO_NET_SEEDS ?? count);
  return Array.from({ length: wanted }, (_, i) => first + i);
}
