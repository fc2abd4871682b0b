"use client";
import { useEffect } from "react";
import type { Client } from "../../lib/types.ts";
import { useSession } from "../session/model.ts";
import { CodeScreen } from "./code-screen.tsx";
import { IdentityBackupScreen } from "./identity-backup-screen.tsx";
import { useJoin } from "./model.ts";
import { NameScreen } from "./name-screen.tsx";
import { ProgressScreen } from "./progress-screen.tsx";
import { RestoreScreen } from "./restore-screen.tsx";
import { WalletScreen } from "./wallet-screen.tsx";
import { WordsScreen } from "./words-screen.tsx";

/** Long enough to see that everything is ticked. */
const lookAround = 700;

export function Join({ client }: { client: Client }) {
  const { screen, result, join, reset } = useJoin();
  const enter = useSession((state) => state.enter);

  const goIn = () => {
    const identity = useJoin.getState().result?.identity;
    // The page leads on from here, to a link that waits or to the chats.
    if (identity) enter(identity);
  };
  const start = async () => {
    const joined = await join(client);
    if (joined && joined.kind !== "registered-with-backup") setTimeout(goIn, lookAround);
  };

  useEffect(() => reset, [reset]);

  if (screen === "backup" && result?.kind === "registered-with-backup") {
    return <IdentityBackupScreen result={result} onDone={goIn} />;
  }
  if (screen === "words") return <WordsScreen />;
  if (screen === "restore") return <RestoreScreen />;
  if (screen === "name") return <NameScreen client={client} />;
  if (screen === "code") return <CodeScreen client={client} onJoin={() => void start()} />;
  if (screen === "progress") return <ProgressScreen client={client} onJoin={() => void start()} />;
  return <WalletScreen />;
}
