import { create } from "zustand";
import { codeOf } from "../../lib/errors.ts";
import type { Client, ErrorCode, Millis, PublicId } from "../../lib/types.ts";

/** A fresh session that was asked for: under way to the relays, waiting for the other device, or refused. */
export type Renewal = { state: "asking" } | { state: "asked"; at: Millis } | { state: "failed"; code: ErrorCode };

export const useRenewals = create<{ renewals: Record<PublicId, Renewal> }>(() => ({ renewals: {} }));

/** Asks for new keys in place of the present ones. What went wrong is in the state. */
export async function renew(client: Client, publicId: PublicId): Promise<void> {
  const at = Date.now();
  put(publicId, { state: "asking" });
  try {
    await client.contacts.request(publicId, undefined, { renew: true });
    put(publicId, { state: "asked", at });
  } catch (error) {
    put(publicId, { state: "failed", code: codeOf(error) });
  }
}

/** Notices when the fresh session has begun, until the returned function is called. */
export function attachRenewals(client: Client): () => void {
  const stop = client.on("conversation", (summary) => {
    if (summary.kind !== "pair") return;
    const { contact, certificate } = summary;
    const renewal = useRenewals.getState().renewals[contact.publicId];
    // Each session begins with a certificate that is waited for.
    const began = certificate.state === "waiting" && renewal?.state === "asked" && certificate.since >= renewal.at;
    if (began) forget(contact.publicId);
  });
  return () => {
    stop();
    useRenewals.setState({ renewals: {} });
  };
}

function put(publicId: PublicId, renewal: Renewal): void {
  useRenewals.setState(({ renewals }) => ({ renewals: { ...renewals, [publicId]: renewal } }));
}

function forget(publicId: PublicId): void {
  useRenewals.setState(({ renewals: { [publicId]: _, ...renewals } }) => ({ renewals }));
}
