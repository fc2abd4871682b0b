export { createLines, type DirectLines } from "./createLines.ts";
