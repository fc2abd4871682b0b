import { useEffect } from "react";
import { create } from "zustand";
import type { Asset, AssetId, Client } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";
import { assetKey } from "./asset.ts";

/** What assets say of themselves, by chain and address. It never changes, and every card asks. */
export const useAssets = create<Record<string, Asset>>(() => ({}));

const asked = new Set<string>();

export function putAsset(asset: Asset): void {
  useAssets.setState({ [assetKey(asset)]: asset });
}

function learn(client: Client, id: AssetId): void {
  const key = assetKey(id);
  if (useAssets.getState()[key] || asked.has(key)) return;
  asked.add(key);
  client.money.asset(id).then(
    (asset) => {
      asked.delete(key);
      putAsset(asset);
    },
    // The next card that is shown asks again.
    () => asked.delete(key),
  );
}

/** Undefined until it is known, and where it cannot be read. */
export function useAsset(id: AssetId): Asset | undefined {
  const client = useClient();
  const { chainId, token } = id;
  const asset = useAssets((state) => state[assetKey(id)]);
  useEffect(() => learn(client, { chainId, token }), [client, chainId, token]);
  return asset;
}
