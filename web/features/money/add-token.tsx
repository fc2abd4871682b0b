"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { PageError } from "../../lib/errors.ts";
import type { Asset, PayableChain } from "../../lib/types.ts";
import { AddressField, useTypedAddress } from "../../ui/address-field.tsx";
import { Button } from "../../ui/button.tsx";
import { Select } from "../../ui/select.tsx";
import { useRun } from "../groups/use-run.ts";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { addToken } from "./added-tokens.ts";
import { putAsset } from "./assets.ts";

interface AddTokenProps {
  /** On which it may be, the network's own first. */
  chains: readonly PayableChain[];
  /** Not every token can be used for everything. */
  fits(asset: Asset): boolean;
  onAdded(asset: Asset): void;
}

/** A token that is not on a chain's list, by its address. */
export function AddToken({ chains, fits, onAdded }: AddTokenProps) {
  const t = useTranslations("money");
  const errorText = useErrorText();
  const client = useClient();
  const [chainId, setChainId] = useState(chains[0]?.chainId);
  const { address: token, isEmpty, refuse, field } = useTypedAddress();
  const { busy, error, run } = useRun<"add">();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!token || chainId === undefined) return refuse();
    let asset: Asset | undefined;
    const done = await run("add", async () => {
      asset = await client.money.asset({ chainId, token });
      putAsset(asset);
      if (!fits(asset)) throw new PageError("PACKET_ASSET_UNSUPPORTED");
      await addToken(asset);
    });
    if (done && asset) onAdded(asset);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {chains.length > 1 && (
        <Select
          label={t("chain")}
          value={String(chainId)}
          options={chains.map((chain) => ({ value: String(chain.chainId), label: chain.name }))}
          onChange={(value) => setChainId(Number(value))}
        />
      )}
      <AddressField {...field} label={t("tokenAddress")} hint={t("tokenHint")} error={error && errorText(error)} />
      <Button type="submit" look="primary" className="w-full" busy={busy !== undefined} disabled={isEmpty}>
        {t("addTokenAction")}
      </Button>
    </form>
  );
}
