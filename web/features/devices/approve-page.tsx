"use client";
import { ArrowLeft } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect } from "react";
import { isDeviceLink } from "../../lib/link-page.ts";
import type { ErrorCode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { CodeField } from "../contacts/code-field.tsx";
import { useClient } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { WalletSheet } from "../wallet/wallet-sheet.tsx";
import { Check } from "./check.tsx";
import { TransferProgress } from "./transfer-progress.tsx";
import { forgetTransfer, useTransfers } from "./transfers.ts";
import { useApprove } from "./use-approve.ts";

/** On the device that gives: reads the new one's code, compares digits, hands everything over. */
export function ApprovePage() {
  const t = useTranslations("devices");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const router = useRouter();
  const client = useClient();
  const { text, busy, error, approval, differed, needsWallet, type, read, refuse, send, withoutWallet, fail } =
    useApprove(client);
  const going = useTransfers((state) => state.out);
  useOpenedLink(read);

  const home = () => {
    if (going?.state !== "going") forgetTransfer("out");
    router.push("/me/");
  };
  const words = (code: ErrorCode) => (code === "LINK_INVALID" ? t("notACode") : errorText(code));
  const shown = error ?? (going?.state === "failed" ? going.error : undefined);
  const page = (title: string, lead: string | undefined, children: ReactNode) => (
    <main className="h-full overflow-y-auto">
      <div className="mx-auto max-w-[480px] px-5 py-4 wide:py-10">
        <div className="flex items-center gap-1">
          <IconButton label={common("back")} className="-ml-3" onClick={home}>
            <ArrowLeft aria-hidden className="size-5" />
          </IconButton>
          <h1 className="text-20 font-semibold tracking-[-0.015em]">{title}</h1>
        </div>
        {lead && <p className="mt-1 mb-6 text-ink-soft">{lead}</p>}
        {children}
      </div>
    </main>
  );

  if (going?.state === "going") {
    return page(
      t("sendingTitle"),
      t("sendingLead"),
      <>
        <TransferProgress label={t("sendingTitle")} progress={going.progress} />
        <div className="mt-6 flex flex-wrap gap-2">
          <Button look="quiet" onClick={home}>
            {t("meanwhile")}
          </Button>
          <Button look="danger-quiet" onClick={() => void going.cancel()}>
            {t("stop")}
          </Button>
        </div>
      </>,
    );
  }
  if (going?.state === "done") {
    return page(
      t("sentTitle"),
      t("sentLead"),
      <Button look="primary" onClick={home}>
        {t("toDevices")}
      </Button>,
    );
  }
  if (approval) {
    return page(
      t("checkTitle"),
      undefined,
      <>
        <Check approval={approval} busy={busy} onYes={() => send()} onNo={refuse} />
        {needsWallet && <WalletSheet lead={errorText("DEVICE_NEEDS_WALLET")} onWallet={send} onClose={withoutWallet} />}
      </>,
    );
  }
  return page(
    t("approveTitle"),
    t("approveLead"),
    <CodeField
      label={t("textThere")}
      action={common("continue")}
      value={text}
      busy={busy}
      error={shown ? words(shown) : differed ? t("differed") : undefined}
      onType={(typed) => {
        forgetTransfer("out");
        type(typed);
      }}
      onText={(given) => {
        forgetTransfer("out");
        void read(given);
      }}
      onError={fail}
    />,
  );
}

/** The code was scanned by the system's camera, which opened this page with it. */
function useOpenedLink(read: (text: string) => Promise<void>): void {
  useEffect(() => {
    if (!isDeviceLink(location.hash)) return;
    const text = location.href;
    // It opens an identity: it does not stay in the address bar.
    history.replaceState(history.state, "", location.pathname);
    void read(text);
  }, [read]);
}
