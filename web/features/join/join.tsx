"use client";
import { useEffect } from "react";
import { onDemand } from "../../lib/on-demand.ts";
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

/** Only for those who come back. */
const BringScreen = onDemand(() => import("../devices/bring-screen.tsx"));
const RemoveScreen = onDemand(() => import("./remove-screen.tsx"));

/** Long enough to see that everything is ticked. */
const lookAround = 700;

interface JoinProps {
  client: Client;
  /** Called before the session is entered, when it is not for the conversations. */
  onLead(path: string): void;
}

export function Join({ client, onLead }: JoinProps) {
  const { screen, result, join, reset, go } = useJoin();
  const enter = useSession((state) => state.enter);

  const goIn = () => {
    const identity = useJoin.getState().result?.identity;
    // The page leads on from here, to a link that waits or to the chats.
    if (identity) enter(identity);
  };
  const start = async () => {
    const joined = await join(client);
    if (joined?.kind === "registered") setTimeout(goIn, lookAround);
    // Nothing of theirs is on this device yet.
    if (joined?.kind === "restored") setTimeout(() => useJoin.getState().result && go("bring"), lookAround);
  };

  useEffect(() => reset, [reset]);

  if (screen === "backup" && result?.kind === "registered-with-backup") {
    return <IdentityBackupScreen result={result} onDone={goIn} />;
  }
  if (screen === "bring") {
    const goOn = (next: "in" | "link") => {
      if (next === "link") onLead("/link/");
      goIn();
    };
    return <BringScreen client={client} onDone={goOn} />;
  }
  if (screen === "remove") return <RemoveScreen />;
  if (screen === "words") return <WordsScreen />;
  if (screen === "restore") return <RestoreScreen />;
  if (screen === "name") return <NameScreen client={client} />;
  if (screen === "code") return <CodeScreen client={client} onJoin={() => void start()} />;
  if (screen === "progress") return <ProgressScreen client={client} onJoin={() => void start()} />;
  return <WalletScreen />;
}
