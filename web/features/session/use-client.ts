import type { Client, Identity } from "../../lib/types.ts";
import { useSession } from "./model.ts";

/** The client of somebody who has joined. Only for views behind the app gate. */
export function useClient(): Client {
  return useJoined().client;
}

export function useIdentity(): Identity {
  return useJoined().identity;
}

function useJoined() {
  const session = useSession((state) => state.session);
  if (session.status !== "joined") throw new Error("used outside the app gate");
  return session;
}
