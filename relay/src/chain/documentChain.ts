import { jobBoardAbi } from "@skrumble/sdk/generated";
import { type Address, ContractFunctionExecutionError, createPublicClient, hexToBytes, http, keccak256 } from "viem";

/** What a document is, as the chain names it. */
export type DocumentPlace = { kind: "job"; jobId: bigint } | { kind: "rating"; ratee: bigint; index: bigint };

export interface DocumentChain {
  /**
   * The hash of a document and whose it is, when it is what the chain names there; undefined when it is not.
   * @throws when the chain does not answer
   */
  confirm(place: DocumentPlace, body: Uint8Array): Promise<{ hash: Uint8Array; author: bigint } | undefined>;
}

/** Asks the job board whether a listing or comment is somebody's: only their wallet can have put its hash there. */
export function createDocumentChain({ rpcUrl, jobBoard }: { rpcUrl: string; jobBoard: Address }): DocumentChain {
  const client = createPublicClient({ transport: http(rpcUrl, { retryCount: 0, timeout: 5_000 }) });
  const board = { address: jobBoard, abi: jobBoardAbi } as const;

  async function named(place: DocumentPlace): Promise<{ hash: string; author: bigint } | undefined> {
    if (place.kind === "job") {
      const { listing, poster } = await client.readContract({ ...board, functionName: "job", args: [place.jobId] });
      return { hash: listing, author: poster };
    }
    const args = [place.ratee, place.index, 1n] as const;
    const [rating] = await client.readContract({ ...board, functionName: "ratingsOf", args });
    return rating && { hash: rating.comment, author: rating.rater };
  }

  return {
    async confirm(place, body) {
      const hash = keccak256(body);
      try {
        const found = await named(place);
        return found?.hash === hash ? { hash: hexToBytes(hash), author: found.author } : undefined;
      } catch (error) {
        // The contract says that there is no such job.
        if (error instanceof ContractFunctionExecutionError && /JobUnknown/.test(error.message)) return undefined;
        throw error;
      }
    },
  };
}
