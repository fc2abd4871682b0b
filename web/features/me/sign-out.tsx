"use client";
import { LogOut, TriangleAlert } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { ErrorCode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useSession } from "../session/model.ts";
import { useIdentity } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { readLocalWallet } from "../wallet/local-wallet.ts";

/** Leaves this device, and says honestly what is gone then. */
export function SignOut() {
  const t = useTranslations("me");
  const [asking, setAsking] = useState(false);
  return (
    <div className="mt-8">
      <Button look="danger-quiet" className="w-full" onClick={() => setAsking(true)}>
        <LogOut aria-hidden className="size-4.5" />
        {t("signOut")}
      </Button>
      {asking && <SignOutSheet onClose={() => setAsking(false)} />}
    </div>
  );
}

export function SignOutSheet({ onClose }: { onClose(): void }) {
  const t = useTranslations("me");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const router = useRouter();
  const { pseudonym } = useIdentity();
  const leave = useSession((state) => state.leave);
  const [unkept, setUnkept] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorCode>();
  useEffect(() => {
    readLocalWallet().then(
      (wallet) => setUnkept(wallet !== undefined && !wallet.kept),
      () => undefined,
    );
  }, []);
  const erase = async () => {
    setBusy(true);
    try {
      await leave();
      router.replace("/");
    } catch (failed) {
      setError(codeOf(failed));
      setBusy(false);
    }
  };
  return (
    <Sheet open onClose={onClose} title={t("signOutTitle")} description={t("signOutText")}>
      {unkept && (
        <p className="mb-4 flex gap-3 rounded-md bg-bad-soft p-4 text-bad">
          <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0" />
          {t("signOutWords", { name: pseudonym })}
        </p>
      )}
      {error && (
        <p role="alert" className="mb-3 text-13 text-bad">
          {errorText(error)}
        </p>
      )}
      <div className="flex flex-wrap justify-end gap-2 pt-1">
        <Button onClick={onClose}>{common("cancel")}</Button>
        <Button look="danger" busy={busy} onClick={() => void erase()}>
          {t("signOutAction")}
        </Button>
      </div>
    </Sheet>
  );
}
