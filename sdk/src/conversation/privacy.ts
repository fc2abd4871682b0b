import type { Core } from "../client/core.ts";

const place = { collection: "settings", key: "read receipts" } as const;

/** Whether others learn that one has read what they wrote; on unless switched off. */
export const readReceipts = async (core: Pick<Core, "vault">): Promise<boolean> =>
  (await core.vault.get<boolean>(place.collection, place.key)) ?? true;

export const setReadReceipts = (core: Pick<Core, "vault">, on: boolean): Promise<void> =>
  core.vault.write([{ ...place, value: on }]);
