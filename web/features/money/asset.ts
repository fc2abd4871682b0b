import type { AssetId } from "../../lib/types.ts";

/** Stands for the chain's own coin in the place of a token's address. */
export const coin = "0x0000000000000000000000000000000000000000";

export const assetKey = ({ chainId, token }: AssetId): string => `${chainId}:${token.toLowerCase()}`;

export const sameAsset = (a: AssetId, b: AssetId): boolean => assetKey(a) === assetKey(b);
