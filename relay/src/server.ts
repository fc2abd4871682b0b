import { createHmac, randomFillSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { UNOPENED_TTL_SECONDS } from "@skrumble/sdk/protocol";
import type { Logger } from "pino";
import type { AnchorWriter } from "./chain/anchorWriter.ts";
import { ConfigError, type RelayConfig, readConfig } from "./config.ts";
import { createAddressLimits } from "./core/addressLimits.ts";
import { createAnchoring } from "./core/anchoring.ts";
import { DEFAULT_LIMITS } from "./core/limits.ts";
import type { Clock, Crypto } from "./core/ports.ts";
import { createRelayCore } from "./core/relayCore.ts";
import type { Rate } from "./core/tokenBucket.ts";
import { createDocumentStore } from "./documents/documentStore.ts";
import { rawPublicKey, signingKeyFromSeed, verifyEd25519 } from "./ed25519.ts";
import { clientAddress } from "./http/clientAddress.ts";
import { createDocuments } from "./http/documents.ts";
import { createHttpHandler } from "./http/handler.ts";
import { createMetrics } from "./http/metrics.ts";
import { mayReadMetrics } from "./http/metricsAccess.ts";
import { createRpc } from "./http/rpc.ts";
import { createStaticFiles } from "./http/staticFiles.ts";
import { createLog, describeError } from "./log.ts";
import { startShards } from "./shards/startShards.ts";
import { attachSockets } from "./sockets/socketServer.ts";
import { openStorage } from "./storage/openStorage.ts";
import { sha256 } from "./storage/receipts.ts";

export interface RunningRelay {
  port: number;
  /** Ed25519 key under which it signs receipts. */
  relayKey: Uint8Array;
  stop(): Promise<void>;
}

const SWEEP_MS = 10_000;
const SWEEP_PAUSE_MS = 20;
const FIND_ID_MS = 5_000;
/** Longer than a listing can stand. Whoever looks after a document renews it by putting it again. */
const KEEP_DOCUMENT_MS = 400 * 86_400_000;
const DOCUMENTS_PER_AUTHOR = 128;

/**
 * Wires clock, disk, sockets and chain to the core, and nothing else does. Resolves once it listens.
 * @throws StorageError, or what node throws when the port is taken
 */
export async function startRelay(config: RelayConfig, log: Logger): Promise<RunningRelay> {
  const clock: Clock = { now: Date.now };
  const crypto: Crypto = {
    random: (length) => randomFillSync(Buffer.allocUnsafe(length)),
    verify: verifyEd25519,
    sha256,
    hmacSha1Base64: (key, message) => createHmac("sha1", key).update(message).digest("base64"),
  };
  const signingSeed = Buffer.from(config.keys.signingKey.slice(2), "hex");
  const relayKey = rawPublicKey(signingKeyFromSeed(signingSeed));

  const storage = await openStorage(
    {
      ...{ folder: config.DATA_DIR, maxBytes: config.DATABASE_BYTES, signingSeed, now: clock.now() },
      ...{ mailboxMessages: config.MAILBOX_MESSAGES, mailboxBytes: config.MAILBOX_BYTES },
      ...{ unopenedBytes: config.UNOPENED_BYTES, unopenedTtlSeconds: UNOPENED_TTL_SECONDS },
    },
    (state) => {
      if (state.setAside) log.warn({ file: state.setAside }, "damaged database set aside, a new one begun");
      if (!state.writable) log.error({ sqlite: state.errorCode }, "storage does not take writes");
      else log.info("storage takes writes");
    },
    () => {
      log.fatal("the storage thread ended");
      // Whoever started the relay starts it again; without its store it is of no use.
      process.exit(1);
    },
  );

  const { writer, watch, documentChain, registry, stopChain } = await connectChain(config, clock, log);
  const anchoring =
    writer && createAnchoring({ clock, store: storage, chain: writer, maxQueued: 16_384, sleep: (ms) => sleep(ms) });
  await anchoring?.start();

  const connects = config.CONNECTS_PER_MINUTE || config.MAX_CONNECTIONS_PER_ADDRESS;
  const many = ({ perSecond, burst }: Rate): Rate => ({
    perSecond: perSecond * config.ADDRESS_FACTOR,
    burst: burst * config.ADDRESS_FACTOR,
  });
  const frames = { perSecond: config.FRAMES_PER_SECOND, burst: config.FRAMES_BURST };
  const bytes = { perSecond: config.BYTES_PER_SECOND, burst: config.BYTES_BURST };
  const addresses = createAddressLimits(clock, {
    ...{ frames: many(frames), bytes: many(bytes) },
    connects: { perSecond: connects / 60, burst: 2 * connects },
  });

  const core = createRelayCore({
    addresses,
    ...{ clock, crypto, store: storage, anchoring, relayKey, turn: config.turn, soon: setImmediate },
    relayId: () => writer?.relayId() ?? 0,
    limits: { ...DEFAULT_LIMITS, frames, bytes },
  });

  const rpc =
    config.RPC_URL === undefined
      ? undefined
      : createRpc({
          url: config.RPC_URL,
          rate: { perSecond: config.RPC_PER_SECOND, burst: config.RPC_BURST },
          sendRate: { perSecond: config.RPC_PER_SECOND / 25, burst: Math.max(1, Math.floor(config.RPC_BURST / 10)) },
          now: clock.now,
          head: () => watch?.state().head ?? 0,
          isOurs: () => watch?.ours() !== false,
        });
  const documentStore =
    documentChain &&
    createDocumentStore({
      ...{ folder: config.DATA_DIR, maxBytes: config.DOCUMENT_BYTES },
      ...{ perAuthor: DOCUMENTS_PER_AUTHOR, keepMs: KEEP_DOCUMENT_MS },
    });
  const documents =
    documentStore &&
    createDocuments({
      ...{ store: documentStore, chain: documentChain, now: clock.now },
      readRate: { perSecond: config.RPC_PER_SECOND, burst: config.RPC_BURST },
      writeRate: { perSecond: config.DOCUMENTS_PER_MINUTE / 60, burst: 10 * config.DOCUMENTS_PER_MINUTE },
    });
  const shards =
    registry &&
    startShards({
      settings: { ...registry, folder: config.DATA_DIR, maxBytes: config.SHARD_BYTES },
      rate: { perSecond: config.RPC_PER_SECOND, burst: config.RPC_BURST },
      ...{ now: clock.now, log },
    });
  const secure = config.PUBLIC_URL?.startsWith("https:") ?? false;
  const files = config.STATIC_DIR === undefined ? undefined : createStaticFiles(config.STATIC_DIR, secure);
  let stopping = false;

  const handler = createHttpHandler({
    health(detailed) {
      const { writable, setAside } = storage.state();
      const chain = watch?.state().state ?? "none";
      const sound = writable && setAside === undefined && (chain === "online" || chain === "none");
      const storageState = !writable ? "failing" : setAside === undefined ? "ok" : "began anew after damage";
      const report = { storage: storageState, chain, relayId: writer?.relayId() ?? 0 };
      const figures = detailed ? { connections: sockets.open() } : {};
      return {
        serving: !stopping && writable,
        report: { status: sound && !stopping ? "ok" : "degraded", ...report, ...figures },
      };
    },
    network() {
      if (!config.deployment) return undefined;
      const { chainId, name, contracts, assets, validators, validatorsAt } = config.deployment;
      const relay = { relayId: writer?.relayId() ?? 0, relayKey: `0x${Buffer.from(relayKey).toString("hex")}` };
      return {
        chainId,
        name,
        contracts,
        ...(assets ? { assets } : {}),
        ...(validators ? { validators } : {}),
        ...(validatorsAt ? { validatorsAt } : {}),
        ...relay,
        region: config.REGION,
      };
    },
    mayReadMetrics: (request) => mayReadMetrics(request, config.metricsToken),
    metrics: createMetrics(() => ({
      ...core.stats(),
      rpcRequests: rpc?.counters.requests ?? 0,
      rpcRefused: rpc?.counters.refused ?? 0,
      rpcFailed: rpc?.counters.failed ?? 0,
      ...(documents?.counters ?? { documentReads: 0, documentsPut: 0, documentsRefused: 0 }),
      ...(shards?.routes.counters ?? { shardReads: 0, shardsRefused: 0 }),
      shardBlock: shards?.published() ?? 0,
      storageWritable: storage.state().writable ? 1 : 0,
      chainHead: watch?.state().head ?? 0,
    })),
    rpc,
    documents,
    shards: shards?.routes,
    files,
    addressOf: (request) => clientAddress(request, config.TRUST_PROXY),
    onFailure: (error) => log.error(describeError(error), "a request failed"),
  });

  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16 * 1024 }, handler);
  server.maxRequestsPerSocket = 10_000;
  const sockets = attachSockets(server, {
    ...{
      core,
      addresses,
      clock,
      maxConnections: config.MAX_CONNECTIONS,
      maxPerAddress: config.MAX_CONNECTIONS_PER_ADDRESS,
      maxUnfinishedBytes: config.UNFINISHED_BYTES,
    },
    addressOf: (request) => clientAddress(request, config.TRUST_PROXY),
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(config.PORT, config.HOST, resolve);
  });
  let sweeping = false;
  async function sweepAll(): Promise<void> {
    if (sweeping) return;
    sweeping = true;
    try {
      // One round at a time, so that deposits and readers have their turn between them.
      while (!stopping && (await storage.sweep(clock.now()))) await sleep(SWEEP_PAUSE_MS);
    } catch {
      // The store says by itself that it is in trouble; the next round tries again.
    }
    sweeping = false;
  }
  const sweep = setInterval(() => void sweepAll(), SWEEP_MS);
  const { port } = server.address() as AddressInfo;
  log.info(
    { port, relayId: writer?.relayId() ?? 0, dapp: files !== undefined, turn: config.turn !== undefined },
    "listening",
  );

  return {
    port,
    relayKey,
    async stop() {
      if (stopping) return;
      stopping = true;
      log.info("stopping");
      clearInterval(sweep);
      sockets.stop();
      server.close();
      await Promise.race([core.stop(), sleep(config.SHUTDOWN_MS)]);
      stopChain();
      // What was said goodbye to gets a moment to hear it.
      await Promise.race([untilNone(sockets.open), sleep(1_000)]);
      sockets.terminate();
      server.closeAllConnections();
      documentStore?.close();
      await Promise.race([shards?.stop(), sleep(config.SHUTDOWN_MS)]);
      await Promise.race([storage.close(), sleep(config.SHUTDOWN_MS)]);
      log.info("stopped");
    },
  };
}

async function connectChain(config: RelayConfig, clock: Clock, log: Logger) {
  if (config.RPC_URL === undefined || config.deployment === undefined) {
    return {
      writer: undefined,
      watch: undefined,
      documentChain: undefined,
      registry: undefined,
      stopChain: () => undefined,
    };
  }
  // Loaded only where there is a chain: half of a relay's start is this library.
  const { createAnchorWriter } = await import("./chain/anchorWriter.ts");
  const { createDocumentChain } = await import("./chain/documentChain.ts");
  const { watchChain } = await import("./chain/chainWatch.ts");
  const { chainId, contracts, fromBlock, validators } = config.deployment;
  const writer: AnchorWriter = createAnchorWriter({
    ...{ rpcUrl: config.RPC_URL, chainId, anchorKey: config.keys.anchorKey },
    ...{ relayRegistry: contracts.relayRegistry, sessionAnchor: contracts.sessionAnchor },
    onTrouble: (reason) => log.warn({ reason }, "anchor not written yet"),
  });
  const watch = watchChain({
    ...{ rpcUrl: config.RPC_URL, chainId, now: clock.now },
    onChange: ({ state, head }) => log.info({ state, head }, "chain"),
  });
  const findId = setInterval(() => writer.relayId() === 0 && void writer.refreshRelayId(), FIND_ID_MS);
  void writer.refreshRelayId();
  return {
    writer,
    watch,
    // Without seals nobody can prove a storage root, and has no use for shards.
    registry:
      config.SHARDS && validators
        ? { rpcUrl: config.RPC_URL, chainId, registry: contracts.identityRegistry, from: BigInt(fromBlock ?? 0) }
        : undefined,
    documentChain: createDocumentChain({ rpcUrl: config.RPC_URL, jobBoard: contracts.jobBoard }),
    stopChain() {
      clearInterval(findId);
      watch.stop();
      writer.stop();
    },
  };
}

async function untilNone(count: () => number): Promise<void> {
  while (count() > 0) await sleep(20);
}

async function main(): Promise<void> {
  let config: RelayConfig;
  try {
    config = readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
    return;
  }
  const log = createLog(config.LOG_LEVEL);
  try {
    const relay = await startRelay(config, log);
    const stop = () => void relay.stop().then(() => process.exit(0));
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
  } catch (error) {
    log.fatal(describeError(error), "the relay cannot start");
    process.exit(1);
  }
}

if (import.meta.main) await main();
