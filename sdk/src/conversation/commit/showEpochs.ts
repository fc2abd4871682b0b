import type { Core } from "../../client/core.ts";
import { fromBase64Url, fromHex } from "../../crypto/bytes.ts";
import type { ConversationId, Millis } from "../../types/primitives.ts";
import { encodeEnvelope } from "../envelope.ts";
import { peopleOf } from "../group/state.ts";
import { addressees } from "../transmit.ts";
import { commitTtlSeconds } from "./adopt.ts";
import { signedFor } from "./record.ts";

const shown = new WeakMap<Core, Map<string, Millis>>();
/** It is five commits for everybody. */
const every = 600_000;

/** Whoever took another way, or has missed that they were removed, learns of this one, with the relays' signatures. */
export async function showEpochs(core: Core, id: ConversationId, route: string): Promise<void> {
  const thread = core.threads.get(id);
  const times = shown.get(core) ?? new Map<string, Millis>();
  shown.set(core, times);
  const last = times.get(route);
  if (!thread || (last !== undefined && Math.abs(core.now() - last) < every)) return;
  times.set(route, core.now());
  const people = [...peopleOf(thread.state), ...(thread.gone ?? [])];
  for (const record of await core.threads.epochs(route)) {
    const commit = record.commits[record.applied];
    if (!commit) continue;
    const envelope = encodeEnvelope({
      kind: "commit",
      route: fromHex(route),
      branch: fromHex(record.branch),
      votes: signedFor(record, record.applied),
      message: fromBase64Url(commit),
    });
    const expiresAt = core.now() + commitTtlSeconds * 1000;
    const sending = await core.outbox.prepare({ to: addressees(core, people), body: envelope, expiresAt });
    await core.vault.write([sending.op]);
    core.outbox.send(sending);
  }
}
