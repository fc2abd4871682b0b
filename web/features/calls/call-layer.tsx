"use client";
import { useTranslations } from "next-intl";
import type { CallSnapshot } from "../../lib/types.ts";
import { CallScreen } from "./call-screen.tsx";
import { CallTile } from "./call-tile.tsx";
import { IncomingCall } from "./incoming-call.tsx";
import { useCalls } from "./model.ts";
import { RemoteSound } from "./remote-sound.tsx";
import { useStateWords } from "./words.ts";

/** Floats above everything while there is a call. Loaded with the first one. */
export default function CallLayer() {
  const { call, snapshot, shrunk } = useCalls();
  if (!call || !snapshot) return null;
  return (
    <>
      {snapshot.state === "ringing-in" ? (
        <IncomingCall call={call} snapshot={snapshot} />
      ) : shrunk && snapshot.state !== "ended" ? (
        <CallTile call={call} snapshot={snapshot} />
      ) : (
        <CallScreen call={call} snapshot={snapshot} />
      )}
      <RemoteSound stream={call.remoteStream} />
      <Announcer snapshot={snapshot} />
    </>
  );
}

/** States of the call for those who listen instead of look. */
function Announcer({ snapshot }: { snapshot: CallSnapshot }) {
  const t = useTranslations("calls");
  const words = useStateWords(snapshot);
  const incoming = snapshot.state === "ringing-in";
  return (
    <p role="status" aria-live="assertive" className="sr-only">
      {incoming ? `${t(snapshot.video ? "incomingVideo" : "incomingAudio")}: ${snapshot.contact.pseudonym}` : words}
    </p>
  );
}
