/** A file of its own, so that loading it late still leaves the library's other algorithms out of a bundle. */
export { argon2id } from "hash-wasm";
