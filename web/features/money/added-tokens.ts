import { isAddress } from "../../lib/address.ts";
import type { AssetId } from "../../lib/types.ts";
import { type Vault, vault } from "../../lib/vault.ts";
import { assetKey } from "./asset.ts";

const entry = "money-tokens";
const most = 50;

/** Tokens that the person has added by their address, newest first. */
export async function readTokens(from: Vault = vault): Promise<AssetId[]> {
  const bytes = await from.get(entry).catch(() => undefined);
  return bytes ? decode(bytes) : [];
}

export async function addToken({ chainId, token }: AssetId, within: Vault = vault): Promise<void> {
  const before = await readTokens(within);
  const key = assetKey({ chainId, token });
  const list = [{ chainId, token }, ...before.filter((id) => assetKey(id) !== key)].slice(0, most);
  await within.put(entry, new TextEncoder().encode(JSON.stringify(list)));
}

function decode(bytes: Uint8Array): AssetId[] {
  try {
    const list: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(list) ? list.filter(isAssetId).slice(0, most) : [];
  } catch {
    return [];
  }
}

function isAssetId(value: unknown): value is AssetId {
  const { chainId, token } = (value ?? {}) as Partial<AssetId>;
  return Number.isSafeInteger(chainId) && typeof token === "string" && isAddress(token);
}
