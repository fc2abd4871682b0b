import { create } from "zustand";
import { codeOf } from "../../lib/errors.ts";
import type { Client, ErrorCode, LinkProgress, Transfer } from "../../lib/types.ts";

/** What is handed over at this moment, or how it ended. */
export interface TransferView {
  direction: Transfer["direction"];
  progress: LinkProgress;
  state: "going" | "done" | "failed";
  error?: ErrorCode;
  cancel(): Promise<void>;
}

/** The latest of each direction; it stays until somebody has seen how it ended. */
interface TransfersState {
  in: TransferView | undefined;
  out: TransferView | undefined;
}

export const useTransfers = create<TransfersState>(() => ({ in: undefined, out: undefined }));

/** It is over, and somebody has seen how. */
export function forgetTransfer(direction: Transfer["direction"]): void {
  useTransfers.setState({ [direction]: undefined });
}

/** Follows every transfer of this device, until the returned function is called. */
export function attachTransfers(client: Client): () => void {
  const follow = (transfer: Transfer): (() => void) => {
    const { direction } = transfer;
    const cancel = () => transfer.cancel();
    const tell = (patch: Pick<TransferView, "state"> & Partial<TransferView>) =>
      useTransfers.setState({ [direction]: { direction, progress: transfer.progress(), cancel, ...patch } });
    let latest = true;
    tell({ state: "going" });
    transfer.done.then(
      () => latest && tell({ state: "done" }),
      (failed: unknown) => {
        const error = codeOf(failed);
        // A page that closes down says nothing: it goes on after the next start.
        if (latest && error !== "CLIENT_CLOSED") tell({ state: "failed", error });
      },
    );
    const stopProgress = transfer.onProgress(() => tell({ state: "going" }));
    return () => {
      latest = false;
      stopProgress();
    };
  };
  const following: Partial<Record<Transfer["direction"], () => void>> = {};
  const begin = (transfer: Transfer) => {
    following[transfer.direction]?.();
    following[transfer.direction] = follow(transfer);
  };
  const stop = client.on("transfer", begin);
  for (const transfer of client.devices.transfers()) begin(transfer);
  return () => {
    stop();
    for (const done of Object.values(following)) done();
    useTransfers.setState({ in: undefined, out: undefined });
  };
}
