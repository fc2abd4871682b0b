import { openFurtherChains } from "../chain/furtherChains.ts";
import { provenanceOf } from "../chain/provenance.ts";
import { acceptRequest } from "../contacts/accept.ts";
import { blockContact, unblockContact } from "../contacts/block.ts";
import { publicContact } from "../contacts/book.ts";
import { ensureContact } from "../contacts/checkContact.ts";
import { declineRequest } from "../contacts/decline.ts";
import { findContact } from "../contacts/find.ts";
import { requestContact } from "../contacts/request.ts";
import { safetyNumber } from "../contacts/safetyNumber.ts";
import { joinByLink } from "../conversation/entry/joinByLink.ts";
import { createGroupConversation } from "../conversation/group/create.ts";
import { openConversation } from "../conversation/openConversation.ts";
import { readReceipts, setReadReceipts } from "../conversation/privacy.ts";
import { shownMessage, summariesOf } from "../conversation/view.ts";
import { argon2id } from "../crypto/argon2id.ts";
import { createDevices } from "../devices/createDevices.ts";
import { lookForDevices } from "../devices/notes.ts";
import { readAllowance } from "../devices/relayBackup/allowance.ts";
import { backUp } from "../devices/relayBackup/backUp.ts";
import { dropBackup } from "../devices/relayBackup/drop.ts";
import { lastBackup } from "../devices/relayBackup/record.ts";
import { restoreBackup } from "../devices/relayBackup/restore.ts";
import { restoreHistory } from "../devices/restoreHistory.ts";
import { saveHistory } from "../devices/saveHistory.ts";
import { tellList } from "../devices/tellList.ts";
import { asSkrumbleError, codeOf, SkrumbleError } from "../errors/index.ts";
import { clientFees } from "../fees/verbs.ts";
import { checkName } from "../identity/checkName.ts";
import { joinIdentity } from "../identity/join.ts";
import { keptBackups } from "../identity/keptBackups.ts";
import { formatLink } from "../identity/link.ts";
import { clientMoney } from "../money/verbs.ts";
import { clientPackets } from "../packets/verbs.ts";
import { createRelayPool } from "../relay/index.ts";
import { openVault } from "../store/index.ts";
import type { Client, ClientEvents, ConversationSummary, JoinInput, JoinResult } from "../types/client.ts";
import type { Core } from "./core.ts";
import { createEmitter, once } from "./events.ts";
import { keptThings } from "./kept.ts";
import { openNetwork } from "./network.ts";
import type { ClientOptions } from "./options.ts";
import { ownTier } from "./ownTier.ts";
import { loadBackup, loadSelf, type Self, saveSelf } from "./self.ts";
import { openSession, type Session } from "./session.ts";
import { watchChain } from "./watchChain.ts";

/** How long `join` waits for a mailbox; it opens by itself later if no relay is up. */
const mailboxPatience = 10_000;

/**
 * Opens the store, learns the network and, when the store holds an identity, goes online with it.
 *
 * @example
 * const client = await createClient({ relays: [location.origin], store: createIndexedDbStore() });
 * await client.join({ wallet, pseudonym: "alice", securityCode });
 *
 * @throws SkrumbleError NETWORK_UNREACHABLE, NETWORK_INVALID, QUORUM_FAILED (the given relays name different networks),
 * CHAINS_INVALID, ALREADY_OPEN, STORE_FAILED, STORE_CORRUPT, STORE_VERSION, STORE_LOCKED
 */
export async function createClient(options: ClientOptions): Promise<Client> {
  const now = options.now ?? Date.now;
  const vault = await openVault(options.store);
  try {
    return await build(options, vault, now);
  } catch (error) {
    await vault.close();
    throw asSkrumbleError(error);
  }
}

async function build(options: ClientOptions, vault: Awaited<ReturnType<typeof openVault>>, now: () => number) {
  const closing = new AbortController();
  const onLate = () => void pool.refresh().catch(() => undefined);
  const { chain, directory } = await openNetwork({ ...options, onLate, signal: closing.signal }, vault);
  const fetching = options.fetch ? { fetch: options.fetch } : {};
  const further = openFurtherChains(options.chains ?? [], chain.network.chainId, fetching);
  const pool = (options.createPool ?? createRelayPool)({
    directory,
    ...(options.webSocket ? { webSocket: options.webSocket } : {}),
  });
  const events = createEmitter<ClientEvents>((error) => {
    // The program's own bug, told where it will look for it.
    queueMicrotask(() => {
      throw new SkrumbleError("EVENT_LISTENER_FAILED", { cause: error });
    });
  });
  let session: Session | undefined;
  let joining = false;

  const start = async (self: Self): Promise<Session> => {
    session = await openSession({ self, vault, chain, further, pool, events, options, now });
    session.ready.catch(() => undefined);
    return session;
  };
  const joined = (): Session => {
    if (closing.signal.aborted) throw new SkrumbleError("CLIENT_CLOSED");
    if (!session) throw new SkrumbleError("NOT_JOINED");
    return session;
  };

  const origin = () => options.linkOrigin ?? globalThis.location?.origin ?? options.relays[0] ?? "";
  const devices = createDevices(
    {
      ...{ vault, pool, chain, now, signal: closing.signal },
      core: () => session?.core,
      async start(self) {
        const { core } = await start(self);
        events.emit("identity", self.identity);
        return core;
      },
    },
    () => joined().core,
    origin,
  );

  // The directory may be unreachable now; the pool reads it again by itself.
  const firstDirectory = pool.refresh().catch(() => undefined);
  const self = await loadSelf(vault);
  if (self) await start(self);
  else await firstDirectory;
  await devices.resume();
  watchChain(chain, (state) => events.emit("chain", state), closing.signal);

  const join = async (input: JoinInput): Promise<JoinResult> => {
    if (closing.signal.aborted) throw new SkrumbleError("CLIENT_CLOSED");
    if (session || joining) throw new SkrumbleError("ALREADY_JOINED");
    joining = true;
    const onProgress = input.onProgress ?? (() => undefined);
    try {
      const backups = keptBackups(vault);
      const context = { chain, argon2: options.argon2 ?? argon2id, backups, now, onProgress, signal: input.signal };
      const outcome = await joinIdentity(context, input);
      const { core, ready } = await start(await saveSelf(vault, outcome));
      onProgress("open-mailbox");
      await within(mailboxPatience, ready);
      onProgress("done");
      const { identity } = core.self;
      events.emit("identity", identity);
      if (outcome.replaced) {
        tellReplaced(core).catch((error) => core.signal.aborted || core.problem(codeOf(error)));
      }
      if (outcome.backup) return { kind: "registered-with-backup", identity, backup: outcome.backup };
      return { kind: outcome.kind === "restored" ? "restored" : "registered", identity };
    } catch (error) {
      throw asSkrumbleError(error);
    } finally {
      joining = false;
    }
  };

  const client: Client = {
    get identity() {
      return session?.core.self.identity;
    },
    checkName: (pseudonym, wallet, signal) => checkName(chain, pseudonym, wallet, signal),
    join,
    async backup() {
      joined();
      return loadBackup(vault);
    },
    async leave() {
      await devices.stop();
      await session?.close();
      session = undefined;
      await vault.clear();
      events.emit("identity", undefined);
    },
    tier: async () => ownTier(joined().core),
    link: () => formatLink(origin(), joined().core.self.identity),
    contacts: {
      list: async () => joined().core.book.all().map(publicContact),
      find: async (query) => findContact(joined().core, query),
      request: async (publicId, note, how) => requestContact(joined().core, publicId, note, how),
      async accept(publicId) {
        const { core } = joined();
        const id = await core.serial.run(`contact ${publicId}`, async () => {
          const contact = core.book.get(publicId);
          if (contact?.state !== "request-received") throw new SkrumbleError("CONTACT_NO_REQUEST");
          return acceptRequest(core, contact);
        });
        return openConversation(core, id, origin());
      },
      decline: async (publicId) => declineRequest(joined().core, publicId),
      block: async (publicId) => blockContact(joined().core, publicId),
      unblock: async (publicId) => unblockContact(joined().core, publicId),
      safetyNumber: async (publicId) => safetyNumber(joined().core.self.identity.publicId, publicId),
      async setVerified(publicId, verified) {
        const { core } = joined();
        const contact = core.book.get(publicId);
        if (!contact) throw new SkrumbleError("CONTACT_UNKNOWN");
        await core.book.save({ ...contact, verified });
      },
    },
    conversations: {
      async list() {
        const { core } = joined();
        const summaries = await summariesOf(core, core.threads.all());
        const newest = (one: ConversationSummary) => one.last?.at ?? (one.kind === "pair" ? one.contact.since : 0);
        return summaries.sort((a, b) => newest(b) - newest(a));
      },
      open: (id) => openConversation(joined().core, id, origin()),
    },
    async search(query, { conversationId, limit, signal } = {}) {
      const { core } = joined();
      const where = { ...(conversationId ? { conversationId } : {}), ...(limit ? { limit } : {}) };
      const hits = await core.search.query(query, { ...where, ...(signal ? { signal } : {}) });
      return Promise.all(
        hits.map(async (hit) => ({
          conversationId: hit.conversationId,
          message: await shownMessage(core, hit.conversationId, hit.message),
          ranges: hit.ranges,
        })),
      );
    },
    async readReceipts(on) {
      const { core } = joined();
      if (on !== undefined) await setReadReceipts(core, on);
      return readReceipts(core);
    },
    groups: {
      async create(input) {
        const { core } = joined();
        return openConversation(core, await createGroupConversation(core, input), origin());
      },
      join: async (link) => joinByLink(joined().core, link),
    },
    history: {
      save: async (historyOptions) => saveHistory(joined().core, historyOptions),
      restore: async (file, historyOptions) => restoreHistory(joined().core, file, historyOptions),
      backUp: async (historyOptions) => backUp(joined().core, historyOptions),
      backupAllowance: async () => readAllowance(joined().core),
      lastBackup: async () => lastBackup(joined().core),
      restoreBackup: async (restoreOptions) => restoreBackup(joined().core, restoreOptions),
      dropBackup: async () => dropBackup(joined().core),
    },
    devices: devices.verbs,
    money: clientMoney(() => joined().core),
    packets: clientPackets(() => joined().core),
    fees: clientFees(() => joined().core),
    // Few ever need it: it is loaded when they do.
    agreements: {
      open: async (file) => (await import("../agreements/proofs.ts")).openProof(joined().core, file),
      act: async (file, act, by) => (await import("../agreements/proofs.ts")).actOnProof(joined().core, file, act, by),
      dismiss: async (message) =>
        (await import("../agreements/inChat/dismissAct.ts")).dismissAct(joined().core, message),
    },
    kept: keptThings(vault),
    calls: {
      async start(contact, callOptions) {
        const { core, calls } = joined();
        await ensureContact(core, contact);
        return calls.start(contact, callOptions);
      },
      current: () => session?.calls.current(),
      videoProblem: async (contact) => joined().calls.videoProblem(contact),
    },
    relays: () => pool.status(),
    async provenance() {
      // Before the first list, only the relay that was given is known.
      await directory().catch(() => undefined);
      return provenanceOf(chain);
    },
    on: events.on,
    once: (event, fits = () => true, signal) => once(events, event, fits, closing.signal, signal),
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await session?.close();
      await pool.close();
      events.clear();
      await vault.close();
    },
  };
  return client;
}

/** One's other devices get the key that this one has put in force; those that are off the list learn of that. */
async function tellReplaced(core: Core): Promise<void> {
  await lookForDevices(core);
  await tellList(core, { controller: true });
}

/** Resolves when the work is done, or after so many milliseconds. Leaves no timer behind that would keep a program alive. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work.catch(() => undefined), enough]).finally(() => clearTimeout(timer));
}
