import { readFileSync } from "node:fs";

const messages = JSON.parse(readFileSync(new URL("../../../web/messages/en.json", import.meta.url), "utf8"));

/** The sentence people see for an error code, as a pattern that fits wherever it stands. */
export function sentence(code: string): RegExp {
  const text: unknown = messages.errors?.[code];
  if (typeof text !== "string") throw new Error(`There is no sentence for ${code}.`);
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(/\\\{\w+\\\}/g, ".+"));
}

/** What Chromium itself logs when a relay is down; nothing else is forgiven. */
export const outage = [
  /WebSocket connection to .* failed/,
  /net::ERR_/,
  /Failed to load resource: the server responded with a status of 50[234]/,
];
