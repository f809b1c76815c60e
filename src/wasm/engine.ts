/** The part of the platform's WebAssembly that is used here: its types come with no library that we build on. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

export interface WasmGlobal<Value> {
  value: Value;
}

export type WasmFunction = (...values: any[]) => any;
export type WasmExport = WasmFunction | WasmMemory | WasmGlobal<any>;
export type WasmImports = Readonly<Record<string, Readonly<Record<string, WasmFunction>>>>;
declare const compiled: unique symbol;
/** A compiled module, of which any number of instances can be made. */
export interface WasmModule {
  readonly [compiled]: true;
}

interface WasmInstance {
  readonly exports: Readonly<Record<string, WasmExport>>;
}

interface WasmEngine {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: WasmImports) => WasmInstance;
  validate(bytes: Uint8Array): boolean;
}

const engine = (globalThis as { readonly WebAssembly?: WasmEngine }).WebAssembly;

/** The platform's WebAssembly. Throws where a page's rules forbid it, or there is none. */
function present(): WasmEngine {
  if (engine === undefined) throw new Error("this platform has no WebAssembly");
  return engine;
}

export const isValidModule = (bytes: Uint8Array): boolean => present().validate(bytes);

export const compileModule = (bytes: Uint8Array): WasmModule => {
  const { Module } = present();
  return new Module(bytes);
};

export const instantiate = (
  module: WasmModule,
  imports: WasmImports,
): Readonly<Record<string, WasmExport>> => {
  const { Instance } = present();
  return new Instance(module, imports).exports;
};
