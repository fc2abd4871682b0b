"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { Gate } from "../features/session/gate.tsx";
import { useSession } from "../features/session/model.ts";
import { Welcome } from "../features/welcome/welcome.tsx";
import { isDeviceLink, pageOfLink } from "../lib/link-page.ts";
import { keepLink, takeLink } from "../lib/pending-link.ts";

export default function Page() {
  const router = useRouter();
  const status = useSession((state) => state.session.status);
  // Links lead here: their fragment says whose they are. Kept from the first moment, as nobody waits with "Get started" until
  // the network has answered.
  useEffect(() => {
    const { hash, href } = location;
    // What a new device of one's own shows opens an identity: it is not for keeping, and of no use to a newcomer.
    if (hash.length > 1 && !isDeviceLink(hash)) keepLink(href);
    if (status !== "joined") return;
    const link = isDeviceLink(hash) ? href : takeLink();
    router.replace(link ? pageOfLink(new URL(link).hash) : "/chats/");
  }, [status, router]);
  return <Gate open={["starting", "newcomer", "broken"]}>{status !== "joined" && <Welcome />}</Gate>;
}
