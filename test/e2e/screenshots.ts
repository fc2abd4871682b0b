import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Puts the pictures of the READMEs into docs/images, out of those that `gallery.ts` took in en-light and zh-CN-light:
 * `node test/e2e/screenshots.ts FOLDER`. They are committed, so this runs by hand when a screen has changed.
 */
const [folder] = process.argv.slice(2);
if (!folder) throw new Error("Say where the gallery's pictures are.");
const out = join(import.meta.dirname, "..", "..", "docs", "images");
mkdirSync(out, { recursive: true });

/** Screens of the gallery, by the name that the READMEs use. */
const pictures = {
  welcome: ["01-welcome", 390],
  conversation: ["31-after-call", 1280],
  call: ["27-call", 1280],
  "red-packet": ["105-packet-stage", 390],
  "red-packet-open": ["106-packet-open", 390],
  "agreement-changes": ["120-agreement-changes", 1280],
  "agreement-milestones": ["122-agreement-milestones", 390],
  marketplace: ["142-market-handed-in", 1280],
} as const;

for (const [language, short] of [
  ["en", "en"],
  ["zh-CN", "zh"],
]) {
  for (const [name, [screen, width]] of Object.entries(pictures)) {
    copyFileSync(join(folder, `${screen}-${language}-light-${width}.png`), join(out, `${name}-${short}.png`));
  }
}
