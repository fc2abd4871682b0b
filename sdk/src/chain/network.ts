import * as z from "zod";
import { cleanLine } from "../conversation/content/text.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Address, Hex } from "../types/primitives.ts";
import { maxAssetName, maxSymbol } from "./actions/readToken.ts";
import type { NetworkInfo } from "./types.ts";

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
const line = (max: number) =>
  z
    .string()
    .max(4 * max)
    .transform((text) => cleanLine(text, max));
const schema = z.object({
  chainId: z.int().positive(),
  name: z.string().max(100).default("Skrumble Network"),
  contracts: z.object({
    skm: address,
    membership: address,
    identityRegistry: address,
    relayRegistry: address,
    sessionAnchor: address,
    usageFees: address,
    agreements: address,
    redPackets: address,
    jobBoard: address,
  }),
  assets: z
    .array(
      z.object({
        token: address.transform((text) => text.toLowerCase() as Address),
        symbol: line(maxSymbol),
        name: line(maxAssetName),
        decimals: z.int().min(0).max(77),
      }),
    )
    .max(64)
    .optional(),
  validators: z
    .array(address.transform((text) => text.toLowerCase() as Address))
    .min(1)
    .max(128)
    .refine((all) => new Set(all).size === all.length, "each validator once")
    .optional(),
  validatorsAt: z
    .object({
      number: z.int().min(0),
      hash: z
        .string()
        .regex(/^0x[0-9a-fA-F]{64}$/)
        .transform((text) => text.toLowerCase() as Hex)
        .optional(),
    })
    .optional(),
});

/**
 * Asks a relay what network it belongs to.
 * @throws SkrumbleError NETWORK_UNREACHABLE, NETWORK_INVALID, ABORTED
 */
export async function fetchNetwork(
  relay: string,
  options: { fetch?: typeof fetch; signal?: AbortSignal; timeout?: number } = {},
): Promise<NetworkInfo> {
  const limit = AbortSignal.timeout(options.timeout ?? 5000);
  let json: unknown;
  try {
    const response = await (options.fetch ?? fetch)(`${relay.replace(/\/+$/, "")}/network.json`, {
      signal: options.signal ? AbortSignal.any([options.signal, limit]) : limit,
      credentials: "omit",
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    json = await response.json();
  } catch (error) {
    if (options.signal?.aborted) throw new SkrumbleError("ABORTED");
    throw new SkrumbleError("NETWORK_UNREACHABLE", { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new SkrumbleError("NETWORK_INVALID");
  const { chainId, name, contracts, assets, validators, validatorsAt: at } = parsed.data;
  return {
    ...{ chainId, name, contracts: contracts as Record<keyof typeof contracts, Address> },
    ...(assets ? { assets } : {}),
    ...(validators ? { validators } : {}),
    ...(validators && at ? { validatorsAt: { number: at.number, ...(at.hash ? { hash: at.hash } : {}) } } : {}),
  };
}
