"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { takeLink } from "../../lib/pending-link.ts";
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
  const router = useRouter();
  const { screen, result, join, reset } = useJoin();
  const enter = useSession((state) => state.enter);

  const goIn = () => {
    if (!useJoin.getState().result) return;
    const identity = useJoin.getState().result?.identity;
    const link = takeLink();
    if (identity) enter(identity);
    if (link) router.replace(`/add/${new URL(link).hash}`);
    else router.replace("/chats/");
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
