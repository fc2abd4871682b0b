import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { create } from "zustand";
import { codeOf } from "../../lib/errors.ts";
import type { ErrorCode, TierStatus } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";

/** Where something that one's tier does not have leads to. */
export const membershipId = "membership";
export const membershipPath = `/me/#${membershipId}`;

interface TierState {
  tier: TierStatus | undefined;
  error: ErrorCode | undefined;
  /** When it was read last. */
  at: number;
}

const freshMs = 30_000;
const useTierStore = create<TierState>(() => ({ tier: undefined, error: undefined, at: 0 }));

/** Names of the usual tiers in the reader's language; others stand as the chain has them. */
export function useTierName(): (name: string) => string {
  const t = useTranslations("tiers");
  return (name) => {
    const key = name as Parameters<typeof t>[0];
    return t.has(key) ? t(key) : name;
  };
}

/** Tier and holdings; read again when somebody looks and the last look is a while ago. */
export function useTier(): TierState {
  const client = useClient();
  const state = useTierStore();
  useEffect(() => {
    if (Date.now() - useTierStore.getState().at < freshMs) return;
    useTierStore.setState({ at: Date.now() });
    client.tier().then(
      (tier) => useTierStore.setState({ tier, error: undefined }),
      (error: unknown) => useTierStore.setState({ error: codeOf(error), at: 0 }),
    );
  }, [client]);
  return state;
}
