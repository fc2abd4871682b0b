import ProvenanceNote from "../../features/me/provenance-note.tsx";
import type { Provenance } from "../../lib/types.ts";
import { enter, type Scene, type States } from "./stage.tsx";

const note = (known: Provenance): Scene => ({
  show: () => {
    enter({ client: { provenance: async () => known } });
    return (
      <div style={{ maxWidth: 640, margin: "0 auto", padding: 12 }}>
        <div className="rounded-md border border-hairline">
          <ProvenanceNote />
        </div>
      </div>
    );
  },
});

/** What is believed of relays and not proven. */
export const relays: States = {
  "relays-no-seals": { shows: "provenance.no-seals", ...note("no-seals") },
  "relays-few-validators": { shows: "provenance.few-validators", ...note("few-validators") },
  "relays-one-operator": { shows: "provenance.one-operator", ...note("one-operator") },
};
