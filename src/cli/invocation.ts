import { basename, relative } from "node:path";

/**
 * How a person who ran this program runs it again: `echo-net` where it is on the path, `npx echo-net` where npm found
 * it in a project, `node …` where its file was named.
 */
export function invocation(
  script: string | undefined = process.argv[1],
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const file = basename(script ?? "");
  const isByNpm = environment.npm_command !== undefined;
  if (!isByNpm && file === "main.js") return `node ${relative(process.cwd(), script!)}`;
  return !isByNpm && file === "echo-net" ? "echo-net" : "npx echo-net";
}
