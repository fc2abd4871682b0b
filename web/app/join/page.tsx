"use client";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Join } from "../../features/join/join.tsx";
import { useJoin } from "../../features/join/model.ts";
import { Gate } from "../../features/session/gate.tsx";
import { useSession } from "../../features/session/model.ts";
import { pageOfLink } from "../../lib/link-page.ts";
import { takeLink } from "../../lib/pending-link.ts";

export default function Page() {
  const router = useRouter();
  const session = useSession((state) => state.session);
  const joining = useJoin((state) => state.result !== undefined);
  const [path, setPath] = useState("/chats/");
  useEffect(() => {
    if (session.status !== "joined" || joining) return;
    const link = path === "/chats/" ? takeLink() : undefined;
    router.replace(link ? pageOfLink(new URL(link).hash) : path);
  }, [session.status, joining, path, router]);
  return (
    <Gate open={["newcomer"]}>
      {session.status === "newcomer" && <Join client={session.client} onLead={setPath} />}
    </Gate>
  );
}
