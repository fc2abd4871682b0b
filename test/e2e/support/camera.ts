import { writeFileSync } from "node:fs";
import { type Browser, chromium, type LaunchOptions } from "@playwright/test";
import encodeQR from "qr";

const [width, height] = [640, 480];
/** Sides of a code with its quiet zone, as a hand would hold it into the frame. */
const side = 400;

/** A browser whose camera shows a film; the settings are those of all tests. The film is read when the camera starts. */
export function launchSeeing(film: string, launchOptions: LaunchOptions): Promise<Browser> {
  const args = [...(launchOptions.args ?? []), `--use-file-for-fake-video-capture=${film}`];
  return chromium.launch({ ...launchOptions, args });
}

/**
 * Writes a film of a QR code that is held before the camera, for Chromium's `--use-file-for-fake-video-capture`:
 * YUV4MPEG2 with 4:2:0 planes, one still picture, which Chromium repeats.
 */
export function filmCode(file: string, text: string): void {
  const modules = encodeQR(text, "raw", { border: 4 });
  const luma = Buffer.alloc(width * height, 110);
  const [left, top] = [(width - side) / 2, (height - side) / 2];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const dark = modules[Math.floor((y * modules.length) / side)]?.[Math.floor((x * modules.length) / side)];
      luma[(top + y) * width + left + x] = dark ? 24 : 228;
    }
  }
  const chroma = Buffer.alloc((width * height) / 2, 128);
  const frame = Buffer.concat([Buffer.from("FRAME\n"), luma, chroma]);
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F15:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(file, Buffer.concat([head, ...Array.from({ length: 15 }, () => frame)]));
}
