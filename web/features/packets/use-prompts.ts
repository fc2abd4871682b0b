import { useCallback, useEffect, useRef, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { AssetId, ErrorCode, PacketPrompt } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";

interface Asked {
  /** Undefined until it is known. */
  prompts?: readonly PacketPrompt[];
  error?: ErrorCode;
}

/** What the wallet is going to be asked for; `again` where that could not be found out. */
export function usePrompts({ chainId, token }: AssetId, amount: bigint): Asked & { again(): void } {
  const client = useClient();
  const [asked, setAsked] = useState<Asked>({});
  /** Another question makes the answer to this one worthless. */
  const turn = useRef(0);
  const ask = useCallback(() => {
    const mine = ++turn.current;
    const tell = (answer: Asked) => mine === turn.current && setAsked(answer);
    setAsked({});
    client.packets.prompts({ asset: { chainId, token }, amount }).then(
      (prompts) => tell({ prompts }),
      (failed: unknown) => tell({ error: codeOf(failed) }),
    );
  }, [client, chainId, token, amount]);
  useEffect(() => {
    ask();
    return () => void turn.current++;
  }, [ask]);
  return { ...asked, again: ask };
}
