import { useEffect, useState } from "react";
import type { PublicId, VideoProblem } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";

/** Why a video call will not do, by both people's tiers. Looked at when a person is opened and after every call. */
export function useVideoProblem(contact: PublicId, inCall: boolean): VideoProblem | undefined {
  const client = useClient();
  const [problem, setProblem] = useState<VideoProblem>();
  useEffect(() => {
    if (inCall) return;
    let left = false;
    client.calls.videoProblem(contact).then(
      (found) => left || setProblem(found),
      // Closed meanwhile; a call says by itself what is wrong.
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, [client, contact, inCall]);
  return problem;
}
