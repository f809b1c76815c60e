/** The module's bytes. Throws with the compiler's words. */
export function compileAssemblyScript(path: string): Promise<Uint8Array>;
