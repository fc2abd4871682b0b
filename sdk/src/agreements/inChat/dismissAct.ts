import type { Core } from "../../client/core.ts";
import type { MessageId } from "../../types/primitives.ts";
import { actsInHand, dropAct, keptActs } from "./records.ts";

/** What is under way, or only on its way into the conversation, stays. @see Agreements.dismiss */
export async function dismissAct({ vault }: Pick<Core, "vault">, id: MessageId): Promise<void> {
  const { untold } = actsInHand(await keptActs(vault), (one) => one.id === id);
  if (untold.length > 0) await dropAct(vault, { id });
}
