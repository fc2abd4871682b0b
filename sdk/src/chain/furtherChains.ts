import { zeroAddress } from "viem";
import * as z from "zod";
import { cleanLine } from "../conversation/content/text.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Address } from "../types/primitives.ts";
import { maxAssetName, maxSymbol } from "./actions/readToken.ts";
import type { AnyChain } from "./chain.ts";
import { createRpc } from "./rpc.ts";
import type { RpcEndpoint } from "./types.ts";

const maxChains = 16;
const maxUrl = 512;
const here = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Nobody between here and the node is to read or change what is asked; names and passwords have no place in a program. */
function isSafe(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.username || url.password) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && here.has(url.hostname));
}

const line = (max: number) =>
  z
    .string()
    .max(4 * max)
    .transform((text) => cleanLine(text, max))
    .refine((text) => text.trim() !== "");
const url = z.string().max(maxUrl).refine(isSafe, "an https address");
const words = { name: line(maxAssetName), symbol: line(maxSymbol), decimals: z.int().min(0).max(77) };
const token = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text) => text.toLowerCase() as Address)
  .refine((text) => text !== zeroAddress, "not the zero address: that is the coin");
const isUnique = (all: readonly unknown[]) => new Set(all).size === all.length;

const chain = z.strictObject({
  chainId: z.int().min(1),
  name: line(32),
  coin: z.strictObject(words),
  rpc: z
    .array(
      z
        .strictObject({ url, operator: line(64).optional() })
        .transform(({ url: at, operator = new URL(at).host }): RpcEndpoint => ({ url: at, operator })),
    )
    .min(1)
    .max(8),
  explorer: url.transform((text) => text.replace(/\/+$/, "")).optional(),
  finality: z.union([z.enum(["instant", "finalized"]), z.strictObject({ confirmations: z.int().min(1).max(10_000) })]),
  tokens: z
    .array(z.strictObject({ ...words, token }))
    .max(64)
    .refine((all) => isUnique(all.map((one) => one.token)), "each token once")
    .default([]),
});
const schema = z
  .array(chain)
  .max(maxChains)
  .refine((all) => isUnique(all.map(({ chainId }) => chainId)), "each chain once");

/**
 * Chains that a program names besides the network's own.
 * @param home number of the network's own; an entry of that number is left out: one program may be for several networks
 * @throws SkrumbleError CHAINS_INVALID; the details say where and what is expected
 */
export function openFurtherChains(input: unknown, home: number, options: { fetch?: typeof fetch } = {}): AnyChain[] {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new SkrumbleError("CHAINS_INVALID", { details: wrong.join("; ") });
  }
  const others = parsed.data.filter(({ chainId }) => chainId !== home);
  return others.map(({ chainId, name, coin, rpc, explorer, finality, tokens }) => ({
    network: { chainId, name },
    rpc: createRpc({ endpoints: () => rpc, chainId, ...options }),
    further: { coin: { token: zeroAddress, ...coin }, tokens, finality, ...(explorer ? { explorer } : {}) },
  }));
}
