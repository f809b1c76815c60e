/** What can be encoded canonically: the data that payloads, manifests and inspections are made of. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value };
