"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { PageError } from "../../lib/errors.ts";
import { readNetwork } from "../../lib/network.ts";
import type { Asset } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { useRun } from "../groups/use-run.ts";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { addToken } from "./added-tokens.ts";
import { isAddress } from "./asset.ts";
import { putAsset } from "./assets.ts";

interface AddTokenProps {
  /** Not every token can be used for everything. */
  fits(asset: Asset): boolean;
  onAdded(asset: Asset): void;
}

/** A token that is not on the network's list, by its address. */
export function AddToken({ fits, onAdded }: AddTokenProps) {
  const t = useTranslations("money");
  const errorText = useErrorText();
  const client = useClient();
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const { busy, error, run } = useRun<"add">();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const token = typed.trim();
    if (!isAddress(token)) return setWrong(true);
    let asset: Asset | undefined;
    const done = await run("add", async () => {
      const { chainId } = await readNetwork();
      asset = await client.money.asset({ chainId, token });
      putAsset(asset);
      if (!fits(asset)) throw new PageError("PACKET_ASSET_UNSUPPORTED");
      await addToken(asset);
    });
    if (done && asset) onAdded(asset);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Field
        label={t("tokenAddress")}
        hint={t("tokenHint")}
        error={wrong ? t("tokenWrong") : error && errorText(error)}
        value={typed}
        maxLength={64}
        placeholder="0x…"
        autoComplete="off"
        autoFocus
        onChange={(event) => {
          setTyped(event.target.value);
          setWrong(false);
        }}
      />
      <Button type="submit" look="primary" className="mt-4 w-full" busy={busy !== undefined} disabled={!typed.trim()}>
        {t("addTokenAction")}
      </Button>
    </form>
  );
}
