/** What only Node can do. Kept apart so that no browser loads it. */
export { createFileStore, type FileStoreOptions } from "./store/file.ts";
