"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { Gate } from "../features/session/gate.tsx";
import { useSession } from "../features/session/model.ts";
import { Welcome } from "../features/welcome/welcome.tsx";
import { pageOfLink } from "../lib/link-page.ts";
import { keepLink } from "../lib/pending-link.ts";

export default function Page() {
  const router = useRouter();
  const status = useSession((state) => state.session.status);
  // Links lead here: their fragment says whose they are.
  useEffect(() => {
    if (status === "newcomer" && location.hash.length > 1) keepLink(location.href);
    if (status === "joined") router.replace(location.hash.length > 1 ? pageOfLink(location.hash) : "/chats/");
  }, [status, router]);
  return <Gate open={["starting", "newcomer", "broken"]}>{status !== "joined" && <Welcome />}</Gate>;
}
