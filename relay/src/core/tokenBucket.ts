/** How fast something may happen: `perSecond` in the long run, `burst` at once. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** A bucket that fills with time. Kept as two numbers because a relay has one or two per connection. */
export interface TokenBucket {
  tokens: number;
  at: number;
}

export function createTokenBucket(rate: Rate, now: number): TokenBucket {
  return { tokens: rate.burst, at: now };
}

/** Takes `cost` tokens. Returns 0 when there were enough, else the milliseconds until there will be (nothing is taken then). */
export function takeTokens(bucket: TokenBucket, rate: Rate, cost: number, now: number): number {
  if (now > bucket.at) {
    bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 1000) * rate.perSecond);
  }
  // A clock that was set back only starts a new count.
  bucket.at = now;
  if (bucket.tokens >= cost) {
    bucket.tokens -= cost;
    return 0;
  }
  return Math.ceil(((cost - bucket.tokens) / rate.perSecond) * 1000);
}
