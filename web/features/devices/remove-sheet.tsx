"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { DeviceInfo, WalletSigner } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { SwitchRow } from "../../ui/switch.tsx";
import { useRun } from "../groups/use-run.ts";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { WalletSheet } from "../wallet/wallet-sheet.tsx";
import { readDevices } from "./model.ts";
import { useDeviceName } from "./use-device-name.ts";

/** Removes a device. One that is lost goes with the wallet's word, so that whoever has it cannot put it back. */
export default function RemoveSheet({ device, onClose }: { device: DeviceInfo; onClose(): void }) {
  const t = useTranslations("devices");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const client = useClient();
  const name = useDeviceName()(device);
  const [lost, setLost] = useState(false);
  const [asking, setAsking] = useState(false);
  const { busy, error, run } = useRun<"remove">();
  const revoke = async (wallet?: WalletSigner) => {
    await client.devices.revoke(device.key, wallet);
    await readDevices(client);
  };
  const remove = async () => {
    if (lost) setAsking(true);
    else if (await run("remove", revoke)) onClose();
  };
  if (asking || error === "DEVICE_NEEDS_WALLET") {
    const lead = error ? errorText(error) : t("walletLead", { name });
    return <WalletSheet lead={lead} onWallet={revoke} onClose={onClose} />;
  }
  return (
    <Sheet
      open
      onClose={onClose}
      title={t("revokeTitle", { name })}
      description={t("revokeText")}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {common("cancel")}
          </Button>
          <Button look={lost ? "primary" : "danger"} busy={busy !== undefined} onClick={() => void remove()}>
            {lost ? common("continue") : t("revokeAction")}
          </Button>
        </>
      }
    >
      <div className="rounded-md border border-hairline">
        <SwitchRow label={t("lost")} hint={t("lostHint")} checked={lost} onChange={setLost} />
      </div>
      <p role="alert" className="mt-2 text-13 text-bad">
        {error && errorText(error)}
      </p>
    </Sheet>
  );
}
