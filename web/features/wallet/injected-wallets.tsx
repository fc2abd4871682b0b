"use client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Wallet } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { type Connector, useConnectors, WagmiProvider } from "wagmi";
import { codeOf } from "../../lib/errors.ts";
import type { ErrorCode, WalletSigner } from "../../lib/types.ts";
import { Option } from "../../ui/option.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { connectWallet, type WalletConfig, walletConfig } from "./injected.ts";

interface InjectedWalletsProps {
  /** Where another way is offered beside: nothing is said when there is none. */
  quiet?: boolean;
  /** The person is known: the wallet only confirms. */
  confirms?: boolean;
  onWallet(signer: WalletSigner): void | Promise<void>;
  onError(code: ErrorCode | undefined): void;
}

const queries = new QueryClient();

/** Wallets that this browser offers, as they announce themselves. Loaded lazily: few need it. */
export default function InjectedWallets(props: InjectedWalletsProps) {
  const [config, setConfig] = useState<WalletConfig>();
  const { onError } = props;
  useEffect(() => {
    walletConfig().then(setConfig, (error: unknown) => onError(codeOf(error)));
  }, [onError]);
  if (!config) return <Skeleton className="h-16 rounded-md" />;
  return (
    <WagmiProvider config={config} reconnectOnMount={false}>
      <QueryClientProvider client={queries}>
        <Choices config={config} {...props} />
      </QueryClientProvider>
    </WagmiProvider>
  );
}

function Choices(props: InjectedWalletsProps & { config: WalletConfig }) {
  const { config, quiet = false, confirms = false, onWallet, onError } = props;
  const t = useTranslations("join.wallet");
  const sheet = useTranslations("walletSheet");
  const connectors = useConnectors();
  const [waiting, setWaiting] = useState<string>();

  const choose = async (connector: Connector) => {
    setWaiting(connector.uid);
    onError(undefined);
    try {
      await onWallet(await connectWallet(config, connector));
    } catch (error) {
      const code = codeOf(error);
      onError(code === "UNEXPECTED" ? "WALLET_FAILED" : code);
    }
    setWaiting(undefined);
  };

  if (connectors.length === 0 && quiet) return null;
  if (connectors.length === 0) return <p className="mb-1 text-ink-soft">{t("none")}</p>;
  return (
    <section aria-label={t("found")} className="flex flex-col gap-3">
      {connectors.map((connector) => (
        <Option
          key={connector.uid}
          title={confirms ? sheet("confirmWith", { name: connector.name }) : t("connect", { name: connector.name })}
          {...(waiting === connector.uid && { hint: t("connecting", { name: connector.name }) })}
          busy={waiting !== undefined}
          onClick={() => void choose(connector)}
          icon={<WalletIcon source={connector.icon} />}
        />
      ))}
    </section>
  );
}

/** EIP-6963 icons are data URIs; anything else would be a request to a stranger. */
function WalletIcon({ source }: { source: string | undefined }) {
  if (!source?.startsWith("data:image/")) return <Wallet aria-hidden className="size-5" />;
  // biome-ignore lint/performance/noImgElement: a data URI, nothing to optimise
  return <img src={source} alt="" className="size-10" />;
}
