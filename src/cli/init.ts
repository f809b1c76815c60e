import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { CliError, type ExitCode } from "./exit.js";
import { reasonOf } from "./files.js";
import type { CliIo } from "./io.js";
import { type CommonOptions, choice } from "./options.js";
import { type Outcome, tell } from "./outcome.js";
import { shellWord } from "./shell-word.js";

interface InitOptions extends CommonOptions {
  readonly template: "ts-canvas" | "lua";
}

/** What a template says of the game's package, beside its files. */
interface Template {
  readonly scripts: Readonly<Record<string, string>>;
  /** Packages in the versions that this one is tested with. */
  readonly devDependencies: readonly string[];
}

/** This package, wherever it was installed. */
const packageRoot = fileURLToPath(new URL("../../", import.meta.url));
/** A folder with nothing but these is as good as empty. */
const HARMLESS = [".git", ".DS_Store"];

export function addInit(program: Command, io: CliIo, done: (exitCode: ExitCode) => void): void {
  program
    .command("init")
    .summary("a new game that runs, with a test on a bad network")
    .description("Writes a new game that runs, with a test on a bad network, into an empty folder.")
    .argument("[dir]", "the folder, made where it is not there", ".")
    .option(
      "--template <template>",
      "ts-canvas, in TypeScript on a canvas, or lua",
      choice("ts-canvas", "lua"),
      "ts-canvas",
    )
    .option("--json", "prints one JSON object")
    .action(async (folder: string, options: InitOptions) => {
      const telling = { name: "init", json: options.json === true, failed: { files: [] } };
      done(await tell(io, telling, () => init(folder, options.template)));
    });
}

function init(folder: string, template: InitOptions["template"]): Outcome {
  requireEmpty(folder);
  const name = packageName(basename(resolve(folder)));
  try {
    write(folder, name, template);
  } catch (error) {
    throw new CliError(1, `${folder} cannot be written: ${reasonOf(error)}`);
  }
  const files = filesIn(folder);
  const steps = [
    ...(resolve(folder) === process.cwd()
      ? []
      : [`cd ${shellWord(relative(process.cwd(), resolve(folder)))}`]),
    installStep(folder),
    "npm run dev",
  ];
  const words = [`A new game is in ${folder}. To play it:`, ...steps.map((step) => `  ${step}`)].join("\n");
  return { exitCode: 0, json: { folder, name, template, files, steps }, words };
}

function requireEmpty(folder: string): void {
  let found: readonly string[] = [];
  try {
    found = readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    const why = code === "ENOTDIR" ? "it is a file" : reasonOf(error);
    throw new CliError(1, `${folder} cannot hold a new game: ${why}; name another folder`);
  }
  const inTheWay = found.filter((name) => !HARMLESS.includes(name));
  if (inTheWay.length === 0) return;
  const more = inTheWay.length > 1 ? ` and ${inTheWay.length - 1} more` : "";
  throw new CliError(1, `${folder} is not empty: it holds ${inTheWay[0]}${more}; name a new folder`);
}

function write(folder: string, name: string, template: InitOptions["template"]): void {
  mkdirSync(folder, { recursive: true });
  cpSync(`${packageRoot}templates/${template}`, folder, { recursive: true });
  const { scripts, devDependencies } = readJson<Template>(join(folder, "template.json"));
  rmSync(join(folder, "template.json"));
  // npm leaves out a file of the name that it has in the end.
  renameSync(join(folder, "gitignore"), join(folder, ".gitignore"));
  const own = readJson<{ version: string; devDependencies: Record<string, string> }>(
    `${packageRoot}package.json`,
  );
  const manifest = {
    name,
    version: "0.1.0",
    private: true,
    type: "module",
    scripts,
    dependencies: { "echo-net": own.version },
    devDependencies: Object.fromEntries(devDependencies.map((one) => [one, own.devDependencies[one]])),
  };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const readme = join(folder, "README.md");
  writeFileSync(readme, readFileSync(readme, "utf8").replaceAll("{name}", name));
}

const readJson = <Shape>(path: string): Shape => JSON.parse(readFileSync(path, "utf8")) as Shape;

/** What npm takes for a name, from what the folder is called. */
const packageName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+|-+$/g, "")
    .slice(0, 64) || "game";

/** A checkout is installed from where it is; an installed package from where that came from. */
function installStep(folder: string): string {
  const isCheckout = existsSync(`${packageRoot}src`) && !packageRoot.includes(`${sep}node_modules${sep}`);
  return isCheckout ? `npm install ${shellWord(relative(resolve(folder), packageRoot))}` : "npm install";
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !path.startsWith(".git/"))
    .sort();
}
