import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** Colours are read from the token file itself, so a change there is judged here. */
const css = readFileSync(new URL("../app/tokens.css", import.meta.url), "utf8");

type Theme = "light" | "dark";

function tokens(theme: Theme): Map<string, string> {
  const block = new RegExp(`data-theme="${theme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return new Map([...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name ?? "", value ?? ""]));
}

/** OKLCH to linear sRGB (CSS Color 4, 10.8), then relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const parts = /oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/.exec(colour)?.slice(1).map(Number);
  if (!parts) throw new Error(`not an opaque OKLCH colour: ${colour}`);
  const [lightness = 0, chroma = 0, hue = 0] = parts;
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (channel: number) => Math.min(1, Math.max(0, channel));
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(front: string, back: string): number {
  const [light = 0, dark = 0] = [luminance(front), luminance(back)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const text = 4.5;
const shape = 3;
const grounds = ["paper", "surface", "raised", "float"];

const pairs: [front: string, back: string, least: number][] = [
  ...grounds.flatMap((ground): [string, string, number][] => [
    ["ink", ground, 7],
    ["ink-soft", ground, text],
    ["ink-faint", ground, text],
    ["accent-ink", ground, text],
    ["bad", ground, text],
    ["good", ground, text],
    ["wait", ground, text],
  ]),
  ["edge", "paper", shape],
  ["edge", "float", shape],
  ["accent", "paper", shape],
  ["on-accent", "accent", text],
  ["on-accent", "accent-strong", text],
  ["on-bad", "bad", text],
  ["on-bad", "bad-strong", text],
  ["accent-ink", "accent-soft", text],
  ["accent-ink", "mine", text],
  ["ink", "accent-soft", text],
  ["ink-soft", "accent-soft", text],
  ["ink-faint", "accent-soft", text],
  ["good", "good-soft", text],
  ["wait", "wait-soft", text],
  ["bad", "bad-soft", text],
  ["ink", "bad-soft", text],
  ["ink", "mine", 7],
  ["ink-soft", "mine", text],
  ["ink-soft", "theirs", text],
  ["accent-ink", "theirs", text],
  ["ink", "theirs", 7],
  ["ink", "sunken", 7],
  ["paper", "ink", 7],
  ["on-stage", "stage", 7],
  ["on-stage", "stage-raised", 7],
  ["on-stage-soft", "stage", text],
  ["on-stage-soft", "stage-raised", text],
  ["stage", "on-stage", 7],
  ["on-packet", "packet", text],
  ["on-packet", "packet-deep", text],
  ["gold", "packet", text],
  ["on-gold", "gold", text],
  ["packet-ink", "packet-soft", text],
  ["ink", "packet-soft", 7],
  ["ink-soft", "packet-soft", text],
];

describe.each(["light", "dark"] as const)("contrast of the %s theme", (theme) => {
  const colours = tokens(theme);
  test.each(pairs)("%s on %s is at least %d", (front, back, least) => {
    expect(contrast(colours.get(front) ?? "", colours.get(back) ?? "")).toBeGreaterThanOrEqual(least);
  });
});

test("both themes have the same names", () => {
  expect([...tokens("dark").keys()]).toEqual([...tokens("light").keys()]);
});

test("the arithmetic knows black, white and the known grey", () => {
  expect(contrast("oklch(1 0 0)", "oklch(0 0 0)")).toBeCloseTo(21, 1);
  expect(luminance("oklch(0.5999 0 0)")).toBeCloseTo(0.2159, 3);
});
