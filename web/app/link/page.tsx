"use client";
import { LinkPage } from "../../features/devices/link-page.tsx";
import { Gate } from "../../features/session/gate.tsx";
import { clientOf, useSession } from "../../features/session/model.ts";

export default function Page() {
  const client = useSession((state) => clientOf(state.session));
  return <Gate open={["newcomer", "joined"]}>{client && <LinkPage client={client} />}</Gate>;
}
