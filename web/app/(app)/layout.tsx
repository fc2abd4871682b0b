"use client";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect } from "react";
import { Gate } from "../../features/session/gate.tsx";
import { useSession } from "../../features/session/model.ts";
import { Shell } from "../../features/shell/shell.tsx";
import { keepLink } from "../../lib/pending-link.ts";

export default function AppLayout({ children }: { children: ReactNode }) {
  const router = useRouter();
  const status = useSession((state) => state.session.status);
  useEffect(() => {
    if (status !== "newcomer") return;
    // Somebody's link was opened before joining: it waits until there is somebody to open it.
    if (/^\/(add|groups\/join)\b/.test(location.pathname) && location.hash.length > 1) keepLink(location.href);
    router.replace("/");
  }, [status, router]);
  return <Gate open={["joined"]}>{status === "joined" && <Shell>{children}</Shell>}</Gate>;
}
