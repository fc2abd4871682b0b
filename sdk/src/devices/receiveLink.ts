import type { Chain } from "../chain/chain.ts";
import type { Core } from "../client/core.ts";
import type { Self } from "../client/self.ts";
import { createSerial } from "../client/serial.ts";
import { fromBase64Url, fromHex, randomBytes, toBase64Url, toHex } from "../crypto/bytes.ts";
import { asSkrumbleError, type ErrorCode, SkrumbleError } from "../errors/index.ts";
import type { RelayPool } from "../relay/types.ts";
import type { Vault, VaultOp } from "../store/index.ts";
import type { Identity } from "../types/client.ts";
import type { LinkProgress, Transfer } from "../types/devices.ts";
import {
  type AskRecord,
  askedBy,
  askOp,
  dropFrame,
  ephemeralOf,
  forgetAsk,
  keepFrame,
  keptFrame,
} from "./askRecord.ts";
import { frameTtlSeconds, openMailbox, sealFrame } from "./channel.ts";
import { enrolLinked } from "./enrol.ts";
import { enterConversations } from "./enter.ts";
import { importItems } from "./importItem.ts";
import { type Frame, frameSchema, type Item, itemSchema } from "./items.ts";
import { linkLifetime } from "./linkText.ts";
import { lookForDevices, tellSelf } from "./notes.ts";
import { patiently } from "./patiently.ts";
import { createProgress } from "./progress.ts";
import { renameDevice } from "./rename.ts";

export interface LinkContext {
  vault: Vault;
  pool: RelayPool;
  chain: Chain;
  now: () => number;
  /** Ends with the client. */
  signal: AbortSignal;
  /** The client at work, where this device has an identity already. */
  core(): Core | undefined;
  /** Goes to work with an identity. */
  start(self: Self): Promise<Core>;
}

/** A request that waits, or is being answered. */
export interface Linking {
  record: AskRecord;
  done: Promise<Identity>;
  onProgress(listener: (progress: LinkProgress) => void): void;
  /** Once the other device has answered. */
  transfer(): Transfer | undefined;
  cancel(): Promise<void>;
}

/** Frames this far ahead of the one that is wanted are kept. */
const maxAhead = 16;
/** What another device may be told of why nothing came of it. */
const told = new Set<ErrorCode>([
  "LINK_EXPIRED",
  "LINK_CANCELLED",
  "LINK_REFUSED",
  "TOO_MANY_DEVICES",
  "IDENTITY_REVOKED",
]);

export function receiveLink(context: LinkContext, first: AskRecord): Linking {
  const { vault, pool, now } = context;
  let record = first;
  const ask = askedBy(first);
  const stop = new AbortController();
  const ended = AbortSignal.any([stop.signal, context.signal]);
  const { promise: done, resolve, reject } = Promise.withResolvers<Identity>();
  done.catch(() => undefined);
  const { tell, ...progress } = createProgress({ done: first.done, total: first.total });
  const disk = createSerial();
  let pumping = false;
  let wanted = false;

  const save = (patch: Partial<AskRecord>, ...also: VaultOp[]) => {
    record = { ...record, ...patch };
    return disk.run("ask", () => vault.write([askOp(record), ...also]));
  };
  const answer = async (body: { got: number; device: string } | { cancel: true }) => {
    const { id, back } = record;
    if (!id || !back) return;
    const payload = await sealFrame(ask, "to old", fromHex(back.opening), { v: 1, id, ...body });
    const options = { ttlSeconds: frameTtlSeconds, signal: context.signal };
    await patiently(context.signal, () => pool.deposit(back.mailbox, payload, options));
  };
  const end = async (work: () => void) => {
    clearTimeout(timer);
    if (stop.signal.aborted) return;
    stop.abort();
    await disk.run("ask", () => vault.write(forgetAsk()));
    await mailbox.close();
    work();
  };
  const fail = async (error: unknown) => {
    if (ended.aborted) return;
    const known = asSkrumbleError(error, "LINK_REFUSED");
    const reason = told.has(known.code) ? known : new SkrumbleError("LINK_REFUSED", { cause: error });
    await end(() => reject(reason));
    // Nobody waits for it: without it the other side's time runs out.
    answer({ cancel: true }).catch(() => undefined);
  };

  const take = async (frame: Frame): Promise<Identity | undefined> => {
    const items: Item[] = frame.items.map((item) => itemSchema.parse(item));
    const core = (await identityFrom(items)) ?? context.core();
    if (!core) throw new SkrumbleError("LINK_REFUSED", { details: "No identity came first." });
    await importItems(core, items, record.alias);
    const { done: over, total } = frame;
    await save({ got: frame.n + 1, done: over, total }, dropFrame(frame.n));
    const { identity } = core.self;
    await answer({ got: record.got, device: identity.deviceKey });
    tell({ done: over, total });
    if (frame.n === 0) core.events.emit("transfer", transfer);
    if (items.some(({ kind }) => kind === "conversation")) enterConversations(core);
    return items.at(-1)?.kind === "end" ? identity : undefined;
  };

  /** From the first frame: a client that has the identity. */
  const identityFrom = async (items: readonly Item[]): Promise<Core | undefined> => {
    const account = items.find((item) => item.kind === "account");
    if (!account) return undefined;
    const seed = record.deviceSeed ?? toBase64Url(randomBytes(32));
    if (!record.deviceSeed) await save({ deviceSeed: seed });
    const present = context.core();
    if (present) {
      const same = account.identitySeed === toHex(present.self.identityKey.secret);
      if (!same) throw new SkrumbleError("LINK_REFUSED", { details: "Another person's identity." });
      return present;
    }
    const self = await enrolLinked({ ...context, signal: ended }, account, fromBase64Url(seed));
    const core = await context.start(self);
    await lookForDevices(core);
    if (record.name) await renameDevice(core, self.identity.deviceKey, record.name);
    else await tellSelf(core);
    return core;
  };

  const drain = async (): Promise<void> => {
    while (wanted && !ended.aborted) {
      wanted = false;
      const frame = (await keptFrame(vault, record.got)) as Frame | undefined;
      if (!frame || ended.aborted) continue;
      const identity = await patiently(ended, () => take(frame));
      if (identity) await end(() => resolve(identity));
      wanted = true;
    }
    pumping = false;
  };
  /** There may be a frame whose turn it is. */
  const pump = () => {
    wanted = true;
    if (pumping) return;
    pumping = true;
    drain().catch(fail);
  };

  const mailbox = openMailbox(
    { pool, own: ephemeralOf(first), ask, direction: "to new", now: now() },
    async (received) => {
      const frame = frameSchema.safeParse(received).data;
      if (!frame || ended.aborted || (record.id !== undefined && frame.id !== record.id)) return;
      if (!record.id && now() > record.madeAt + linkLifetime) return void fail(new SkrumbleError("LINK_EXPIRED"));
      if ("cancel" in frame) return void fail(new SkrumbleError("LINK_CANCELLED"));
      if (frame.n >= record.got + maxAhead) return;
      const back = frame.back ? { back: frame.back as NonNullable<AskRecord["back"]> } : {};
      if (frame.n >= record.got) await save({ id: frame.id, ...back }, keepFrame(frame.n, frame));
      else await answer({ got: record.got, device: context.core()?.self.identity.deviceKey ?? "" });
      pump();
    },
  );
  // Nobody answered in time: the text is of no use any more.
  const timer = setTimeout(
    () => record.id === undefined && void fail(new SkrumbleError("LINK_EXPIRED")),
    Math.max(0, first.madeAt + linkLifetime - now()),
  );
  context.signal.addEventListener("abort", () => {
    clearTimeout(timer);
    reject(new SkrumbleError("CLIENT_CLOSED"));
    void mailbox.close();
  });
  const cancel = () => fail(new SkrumbleError("LINK_CANCELLED"));
  const transfer: Transfer = { direction: "in", ...progress, done: done.then(() => undefined), cancel };
  transfer.done.catch(() => undefined);
  pump();
  return {
    ...{ record: first, done, cancel, onProgress: progress.onProgress },
    transfer: () => (record.id === undefined ? undefined : transfer),
  };
}
