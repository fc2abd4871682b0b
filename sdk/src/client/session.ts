import { agreementsIdle, wakeAgreements } from "../agreements/inChat/follow.ts";
import { tellAgain } from "../agreements/inChat/tellAgain.ts";
import { certifyCall } from "../anchor/certifyCall.ts";
import { certifyConversation, receiveAnchored } from "../anchor/certifyConversation.ts";
import { createCalls } from "../call/index.ts";
import type { Calls } from "../call/types.ts";
import type { AnyChain, Chain } from "../chain/chain.ts";
import { resumeWelcomes } from "../contacts/awaitWelcome.ts";
import { openContactBook, publicContact } from "../contacts/book.ts";
import { checkContacts } from "../contacts/checkContact.ts";
import { mendContacts } from "../contacts/mendContacts.ts";
import { isFamiliar, receiveHandshake, senderOf } from "../contacts/receive.ts";
import { openIntents } from "../conversation/commit/intents.ts";
import { receiveCommit } from "../conversation/commit/receiveCommit.ts";
import { keepKeysFresh } from "../conversation/commit/renewKeys.ts";
import { commitsIdle, resumeCommits } from "../conversation/commit/settle.ts";
import { suspectFork } from "../conversation/commit/suspectFork.ts";
import { recordProgress } from "../conversation/delivery.ts";
import { dropKnocks } from "../conversation/entry/knocks.ts";
import { decodeEnvelope } from "../conversation/envelope.ts";
import { resumeGaps } from "../conversation/gaps.ts";
import { createOutbox } from "../conversation/outbox.ts";
import { openParked, type Parked, type ParkedResult } from "../conversation/parked.ts";
import { openPeople } from "../conversation/people.ts";
import { scheduleConfirm } from "../conversation/receipts.ts";
import { type Receivers, receiveMls } from "../conversation/receive.ts";
import { dropReplaced } from "../conversation/replaced.ts";
import { openSearch } from "../conversation/search/index.ts";
import { sendShares } from "../conversation/sharing/send.ts";
import { createSweeper } from "../conversation/sweeper.ts";
import { openThreads } from "../conversation/threads.ts";
import { tellContact } from "../conversation/view.ts";
import { toHex, toHexString } from "../crypto/bytes.ts";
import { peekMessage } from "../crypto/mls/message.ts";
import { createOpener, type Opener } from "../crypto/seal.ts";
import { bringOwnDevices } from "../devices/enter.ts";
import { keepBackupFresh } from "../devices/relayBackup/renew.ts";
import { devicesIdle, resumeDevices } from "../devices/resume.ts";
import type { DirectLines } from "../direct/index.ts";
import { codeOf } from "../errors/index.ts";
import { createAssetList } from "../money/assetList.ts";
import { createAssets } from "../money/assets.ts";
import { createPayments } from "../money/payments.ts";
import { packetsIdle, wakePackets } from "../packets/follow.ts";
import type { CursorStore, RelayPool } from "../relay/types.ts";
import type { Vault } from "../store/index.ts";
import type { ClientEvents } from "../types/client.ts";
import { writeCallLine } from "./callLine.ts";
import type { Core } from "./core.ts";
import type { Emitter } from "./events.ts";
import { openLines } from "./openLines.ts";
import type { ClientOptions } from "./options.ts";
import type { Self } from "./self.ts";
import { createSerial } from "./serial.ts";
import { signalChannel } from "./signalChannel.ts";
import { openVideoRights, type VideoRights } from "./videoRights.ts";

/** A joined client at work: mailbox open, outbox running, calls possible. */
export interface Session {
  core: Core;
  calls: Calls;
  /** Resolves when a relay serves the mailbox. */
  ready: Promise<void>;
  close(): Promise<void>;
}

export interface SessionInput {
  self: Self;
  vault: Vault;
  chain: Chain;
  /** Chains that the program names besides. */
  further?: readonly AnyChain[];
  pool: RelayPool;
  events: Emitter<ClientEvents>;
  options: ClientOptions;
  now: () => number;
}

export async function openSession(input: SessionInput): Promise<Session> {
  const { self, vault, chain, further = [], pool, events, options, now } = input;
  const closing = new AbortController();
  const problem: Core["problem"] = (code) => events.emit("problem", { code, at: now() });
  const background = (work: Promise<unknown>) => {
    work.catch((error) => !closing.signal.aborted && problem(codeOf(error)));
  };
  const assets = createAssets(
    { vault, chain, signal: closing.signal },
    createAssetList({ vault, chain, now }, options.fetch ? { fetch: options.fetch } : {}),
    further,
  );
  let parked: Parked | undefined;
  let lines: DirectLines | undefined;
  const core: Core = {
    self,
    vault,
    chain,
    pool,
    events,
    now,
    problem,
    signal: closing.signal,
    serial: createSerial(),
    threads: await openThreads(vault),
    people: await openPeople({
      ...{ vault, chain, now, signal: closing.signal },
      own: {
        ...{ publicId: self.identity.publicId, pseudonym: self.identity.pseudonym },
        ...{ agreementKey: toHex(self.agreementKey.public), devices: [self.identity.deviceKey] },
      },
    }),
    intents: await openIntents(vault),
    sweeper: createSweeper(() => core),
    search: await openSearch(vault),
    payments: createPayments(() => core, assets),
    wakeParked: () => parked?.wake(),
    book: await openContactBook(vault, (contact) => tellContact(core, contact)),
    outbox: createOutbox({
      vault,
      pool,
      now,
      direct: async (to, payload) => (await lines?.deliver(to, payload)) ?? false,
      onProgress: (message, progress) => background(recordProgress(core, message, progress)),
      onFailure: (error) => problem(codeOf(error)),
    }),
  };
  const videoRights = await openVideoRights(core);
  const calls = openCalls(core, videoRights, options);
  const receivers: Receivers = {
    call: (contact, own, signal) => calls.receive({ contact, own, signal }),
    anchored: (id, message) => receiveAnchored(core, id, message),
    direct: (from, signal) => lines?.receive(from, signal),
    heard: (from) => lines?.heard(from),
  };
  const opener = await createOpener(self.agreementKey.secret);
  const waiting = await openParked({
    vault,
    now,
    handle: (bytes, at) => handleParked(core, receivers, bytes, at),
    familiar: (from) => from === self.identity.publicId || isFamiliar(core.book, from),
  });
  parked = waiting;
  // What comes this way was kept by its sender, like a relay's: it may wait for its epoch.
  lines = openLines(core, options, (payload) => receive(core, receivers, opener, waiting, { payload, kept: true }));
  const subscription = pool.own(
    {
      publicId: self.identity.publicId,
      deviceKey: self.deviceKey.public,
      deviceCert: { ...self.claim, signature: self.claim.signature },
      sign: self.sign,
      reader: self.reader,
      cursors: cursorStore(vault),
    },
    ({ payload, seq }) => receive(core, receivers, opener, waiting, { payload, kept: seq !== 0n }),
  );
  // One that has come back may take what waits; everything else that is told about relays changes nothing for it.
  let reached = new Set<number>();
  const stopStatus = pool.on("status", (status) => {
    events.emit("relays", status);
    const before = reached;
    reached = new Set(status.flatMap(({ id, state }) => (state === "online" ? [id] : [])));
    if ([...reached].some((id) => !before.has(id))) core.outbox.wake();
  });

  await core.outbox.resume();
  waiting.wake();
  background(dropReplaced(core));
  background(dropKnocks(core));
  background(core.sweeper.resume());
  background(core.payments.resume());
  resumeCommits(core);
  keepKeysFresh(core);
  resumeGaps(core);
  resumeWelcomes(core);
  background(mendContacts(core));
  background(checkContacts(core).then(() => readAhead(core, videoRights)));
  background(resumeDevices(core));
  keepBackupFresh(core);
  wakePackets(core);
  wakeAgreements(core);
  const stopTelling = tellAgain(core);
  const stopBringing = bringOwnDevices(core);
  const stopReadingAhead = events.on("contacts", ({ publicId, state }) => {
    if (state !== "connected") return;
    for (const person of [publicId, self.identity.publicId]) void videoRights.ask(person);
  });
  for (const thread of core.threads.all()) {
    if (thread.unconfirmed.length > 0) scheduleConfirm(core, thread.id);
    if (thread.sharing?.length) background(sendShares(core, thread.id));
    certifyConversation(core, thread.id);
  }
  return {
    core,
    calls,
    ready: subscription.ready,
    async close() {
      await calls.close();
      closing.abort();
      lines?.close();
      stopStatus();
      stopReadingAhead();
      stopBringing();
      stopTelling();
      waiting.close();
      await devicesIdle(core);
      await packetsIdle(core);
      await agreementsIdle(core);
      await commitsIdle(core);
      await core.payments.idle();
      await core.outbox.close();
      await subscription.close();
      await waiting.idle();
      await core.serial.idle();
    },
  };
}

/** Resolves when everything is on disk: only then may the relay delete it, or the sender at the end of a direct line. */
async function receive(
  core: Core,
  receivers: Receivers,
  opener: Opener,
  parked: Parked,
  incoming: { payload: Uint8Array; kept: boolean },
): Promise<void> {
  // Whoever knows the public ID can put junk into a mailbox. It is dropped without a word.
  const bytes = await opener.open(incoming.payload).catch(() => undefined);
  const envelope = bytes && decodeEnvelope(bytes);
  if (!bytes || !envelope) return;
  if (envelope.kind === "mls" || envelope.kind === "commit") {
    const known = core.threads.byRoute(toHexString(envelope.route));
    // Commits ask relays and registry, which the mailbox does not wait for.
    if (known && envelope.kind === "mls" && (await receiveMls(core, receivers, envelope)) === "done") return;
    // Nothing can be late that relays did not keep.
    if (incoming.kept) await parked.add(bytes);
    return;
  }
  // Only what somebody has signed takes up space, and under their name.
  const from = senderOf(core, envelope);
  if (from) await parked.add(bytes, from);
}

/** Epochs may follow one another quickly after an entry. */
const settling = 600_000;

async function handleParked(core: Core, receivers: Receivers, bytes: Uint8Array, at: number): Promise<ParkedResult> {
  const envelope = decodeEnvelope(bytes);
  if (!envelope) return "done";
  if (envelope.kind === "mls" || envelope.kind === "commit") {
    const known = core.threads.byRoute(toHexString(envelope.route));
    if (!known) return "later";
    const take = () =>
      envelope.kind === "mls" ? receiveMls(core, receivers, envelope) : receiveCommit(core, envelope);
    if ((await take()) === "done") return "done";
    // It was here before this device came (back) in: not a sign that it is behind. What it misses it asks for. A clock that
    // was set back says nothing.
    const inside = core.now() - known.session.since;
    if (at < known.session.since && inside >= 0) return inside < settling ? "later" : "done";
    // Of an epoch nobody here knows: this device is behind, or on another way than the sender.
    const epoch = Number(peekMessage(envelope.message)?.epoch ?? 0);
    const message = { epoch, branch: toHexString(envelope.branch), at };
    const found = await suspectFork(core, known.thread.id, known.session.route, message);
    return found === "moved" ? take() : found;
  }
  await receiveHandshake(core, envelope);
  // There may be a group now that messages have been waiting for.
  core.wakeParked();
  return "done";
}

/** So that a video call need not wait for the chain. One after the other: nobody is in a hurry. */
async function readAhead(core: Core, videoRights: VideoRights): Promise<void> {
  const connected = core.book.all().filter(({ state }) => state === "connected");
  for (const person of [core.self.identity.publicId, ...connected.map(({ publicId }) => publicId)]) {
    if (core.signal.aborted) return;
    await videoRights.ask(person);
  }
}

function openCalls(core: Core, videoRights: VideoRights, options: ClientOptions): Calls {
  const calls = createCalls({
    self: core.self.identity.publicId,
    signals: (publicId) => signalChannel(core, publicId),
    contact: (publicId) => {
      const record = core.book.get(publicId);
      return record && publicContact(record);
    },
    turn: () => core.pool.turn(),
    certify: (request, onChange) => {
      const id = core.book.get(request.contact)?.conversationId;
      return id ? certifyCall(core, id, request, onChange) : () => undefined;
    },
    videoRights,
    clock: undefined,
    ...options.calls,
  });
  calls.on("call", (call) => {
    // Two calls that cross become one, which may take the other's id: what counts is the id it ends with.
    call.on("change", (snapshot) => {
      if (snapshot.state !== "ended") return;
      writeCallLine(core, snapshot);
      // For the next one: during a call the device has better things to do.
      for (const person of [snapshot.contact.publicId, core.self.identity.publicId]) void videoRights.ask(person);
    });
    core.events.emit("call", call);
  });
  calls.on("missed", ({ id, contact, video, at }) => {
    writeCallLine(core, { id, contact, video, startedAt: at, direction: "in", end: { reason: "missed" } });
  });
  return calls;
}

const cursorStore = (vault: Vault): CursorStore => ({
  get: async (relayId) => {
    // Without it the relay tells what it has from the beginning.
    const [seq] = await vault.getMany<string>([{ collection: "cursor", key: relayId }], { skipDamaged: true });
    return seq === undefined ? undefined : BigInt(seq);
  },
  set: (relayId, seq) => vault.write([{ collection: "cursor", key: relayId, value: String(seq) }]),
});
