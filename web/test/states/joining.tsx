import { useJoin } from "../../features/join/model.ts";
import { ProgressScreen } from "../../features/join/progress-screen.tsx";
import { useConnection } from "../../features/shell/connection.ts";
import { fakeClient } from "../fake-client.ts";
import type { States } from "./stage.tsx";

/** Joining as it is when something is in the way. */
export const joining: States = {
  "joining-standing": {
    shows: "line.waits",
    isPage: true,
    show: () => {
      useJoin.setState({ screen: "progress", step: "register", name: "lin", walletKind: "browser" });
      useConnection.setState({ chain: "stalled" });
      return <ProgressScreen client={fakeClient({})} onJoin={() => {}} />;
    },
  },
};
