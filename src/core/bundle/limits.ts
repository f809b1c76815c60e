/** Longest bundle, in bytes: what a joiner fetches from a host, and what a journal's first line carries. */
export const MAX_BUNDLE_BYTES = 1_048_576;
/** Files of a bundle. */
export const MAX_BUNDLE_FILES = 256;
/** Bytes of a bundle's name, or of a file's name in it. */
export const MAX_BUNDLE_NAME_BYTES = 128;
/** Numbers that a bundle sets. */
export const MAX_BUNDLE_SETTINGS = 16;
/** Pages of 64 KiB that a module may take which comes as a bundle, and so perhaps from somebody else: 64 MiB. */
export const MAX_BUNDLE_MEMORY_PAGES = 1_024;
