import type { Crypto } from "./ports.ts";

export interface TurnSettings {
  urls: string[];
  /** coturn's static-auth-secret. */
  secret: string;
}

export const TURN_TTL_SECONDS = 3600;

/**
 * Credentials after coturn's use-auth-secret (draft-uberti-behave-turn-rest-00): the user name is expiry and a random
 * word, never anything about the person; the password is HMAC-SHA1 of it under the shared secret.
 */
export function turnCredentials(turn: TurnSettings, now: number, crypto: Crypto) {
  const word = Buffer.from(crypto.random(6)).toString("base64url");
  const username = `${Math.floor(now / 1000) + TURN_TTL_SECONDS}:${word}`;
  return { ttl: TURN_TTL_SECONDS, username, credential: crypto.hmacSha1Base64(turn.secret, username), urls: turn.urls };
}
