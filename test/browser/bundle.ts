import { builtinModules } from "node:module";
import { build } from "esbuild";
import { root } from "../tidy/modules.js";

export interface Bundle {
  readonly code: string;
  /** The files that it was made from. */
  readonly inputs: readonly string[];
  /** What it would still have to import: nothing, if all is well. */
  readonly imports: readonly string[];
}

/** Bundles a module for browsers, as a bundler of an application would: `echo-net` is the built package. */
export async function bundleForBrowsers(
  source: { readonly file: string } | { readonly code: string },
): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...("file" in source
      ? { entryPoints: [source.file] }
      : { stdin: { contents: source.code, resolveDir: root, sourcefile: "entry.ts", loader: "ts" } }),
    absWorkingDir: root,
    bundle: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    // A module of Node is left to be found below rather than to stop the bundler at the first one.
    external: [...builtinModules, "node:*"],
    metafile: true,
    write: false,
    logLevel: "error",
  });
  return {
    code: outputFiles[0]!.text,
    inputs: Object.keys(metafile.inputs),
    imports: Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path)),
  };
}
