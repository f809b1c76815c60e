import { basename, relative } from "node:path";

/**
 * How a person who ran this program runs it again: `echo-net` where it is on the path, `npx echo-net` where npm found
 * it in a project, `node …` where its file was named.
 */
export function invocation(
  script: string | undefined = process.argv[1],
  { npm_command }: { readonly npm_command?: string } = process.env,
): string {
  const file = basename(script ?? "");
  if (npm_command === undefined && file === "main.js") return `node ${relative(process.cwd(), script!)}`;
  return npm_command === undefined && file === "echo-net" ? "echo-net" : "npx echo-net";
}
