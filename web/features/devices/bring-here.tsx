"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect } from "react";
import { Button } from "../../ui/button.tsx";
import { OtherRoom } from "../../ui/drawings.tsx";
import { Empty } from "../../ui/empty.tsx";
import { useClient } from "../session/use-client.ts";
import { readDevices, useDevices } from "./model.ts";
import { useTransfers } from "./transfers.ts";

/** Nothing is here yet. Where the person has another device, what they miss is on that; else `children`. */
export function BringHere({ children }: { children: ReactNode }) {
  const t = useTranslations("devices");
  const router = useRouter();
  const client = useClient();
  const elsewhere = useDevices(({ devices, revoked }) => !revoked && (devices?.length ?? 0) > 1);
  const coming = useTransfers((state) => state.in?.state === "going");
  useEffect(() => void readDevices(client), [client]);
  if (!elsewhere || coming) return children;
  return (
    <Empty
      drawing={<OtherRoom />}
      action={
        <Button look="primary" onClick={() => router.push("/link/")}>
          {t("bringAction")}
        </Button>
      }
    >
      {t("bringEmpty")}
    </Empty>
  );
}
