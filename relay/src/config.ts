import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { MAX_FRAME_BYTES, MAX_PAYLOAD_BYTES } from "@skrumble/sdk/protocol";
import { z } from "zod";

const text = z.string().trim().min(1);
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const flag = z.enum(["0", "1", "true", "false"]).transform((value) => value === "1" || value === "true");

/** The environment of a relay, every name with the prefix SKRUMBLE_RELAY_. Units are in the names. */
const environment = z.object({
  /** 0 takes any free port; the log line "listening" says which. */
  PORT: whole(0, 65535).default(0),
  HOST: text.default("127.0.0.1"),
  /** Folder of the mailbox database; created when missing. */
  DATA_DIR: text,
  /** JSON file, mode 0600: {"signingKey": 32-byte hex (Ed25519 seed), "anchorKey": 32-byte hex (secp256k1)}. */
  KEY_FILE: text,
  /** JSON-RPC of the chain. Without it the relay carries mailboxes but neither anchors nor /rpc. */
  RPC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** JSON file with chainId, name and contracts, as `npm start` and `npm run deploy` write it. */
  DEPLOYMENT: text.optional(),
  /** Exported dApp to serve; only the protocol is served without it. */
  STATIC_DIR: text.optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  REGION: text.max(32).default("local"),
  /** Comma-separated turn: and turns: URLs of a coturn with use-auth-secret. */
  TURN_URLS: z
    .string()
    .default("")
    .transform((value) => value.split(",").flatMap((url) => (url.trim() ? [url.trim()] : [])))
    .pipe(z.array(z.string().regex(/^turns?:[^\s]{1,250}$/)).max(8)),
  TURN_SECRET_FILE: text.optional(),
  /** File with a token that opens /metrics to others than this machine (Authorization: Bearer). */
  METRICS_TOKEN_FILE: text.optional(),
  /** True when a reverse proxy in front sets X-Forwarded-For; its last entry is then the client. */
  TRUST_PROXY: flag.default(false),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  /** Limits. The defaults suit a small server; a relay for tests and benches raises those per address. */
  MAX_CONNECTIONS: whole(1, 1_000_000).default(20_000),
  MAX_CONNECTIONS_PER_ADDRESS: whole(1, 1_000_000).default(64),
  FRAMES_PER_SECOND: whole(1, 1_000_000).default(100),
  FRAMES_BURST: whole(1, 1_000_000).default(400),
  BYTES_PER_SECOND: whole(1024, 1_000_000_000).default(1024 * 1024),
  BYTES_BURST: whole(MAX_FRAME_BYTES, 1_000_000_000).default(8 * 1024 * 1024),
  /** All connections of one address together may use so many times what one may. */
  ADDRESS_FACTOR: whole(1, 1_000_000).default(8),
  /** New connections of one address in a minute; twice as many at once. 0: as many as MAX_CONNECTIONS_PER_ADDRESS. */
  CONNECTS_PER_MINUTE: whole(0, 1_000_000).default(0),
  /** Memory that frames which are not whole yet may take together; above it, those with the most lose their connection. */
  UNFINISHED_BYTES: whole(MAX_FRAME_BYTES, 100_000_000_000).default(256 * 1024 * 1024),
  MAILBOX_MESSAGES: whole(1, 1_000_000).default(65_536),
  MAILBOX_BYTES: whole(MAX_PAYLOAD_BYTES, 10_000_000_000).default(64 * 1024 * 1024),
  /** The same for a mailbox that no device of its owner has opened yet. */
  UNOPENED_BYTES: whole(MAX_PAYLOAD_BYTES, 10_000_000_000).default(1024 * 1024),
  /** Size the database may grow to. Full, it refuses deposits until something is read or expires. */
  DATABASE_BYTES: whole(1024 * 1024, 10_000_000_000_000).default(10 * 1024 * 1024 * 1024),
  /** Size that the database of public documents (listings, comments) may grow to. */
  DOCUMENT_BYTES: whole(1024 * 1024, 10_000_000_000_000).default(256 * 1024 * 1024),
  /** Documents that relays take from one address in a minute; ten times as many at once. */
  DOCUMENTS_PER_MINUTE: whole(1, 1_000_000).default(6),
  /** Follows the identity registry of a chain with seals and gives out its shards. On other chains it does nothing. */
  SHARDS: flag.default(true),
  /** Size that the file of shards may grow to. Full, the relay has none. */
  SHARD_BYTES: whole(1024 * 1024, 10_000_000_000_000).default(1024 * 1024 * 1024),
  RPC_PER_SECOND: whole(1, 1_000_000).default(50),
  RPC_BURST: whole(1, 1_000_000).default(400),
  /** How long a stop waits for what is being written. */
  SHUTDOWN_MS: whole(100, 120_000).default(10_000),
});

export type RelayConfig = ReturnType<typeof readConfig>;

/** A setting that is missing or wrong; the message names it and says what is expected. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const PREFIX = "SKRUMBLE_RELAY_";

/**
 * Reads and checks a relay's environment.
 * @throws ConfigError naming every wrong setting
 */
export function readConfig(env: Record<string, string | undefined>) {
  const own: Record<string, string> = {};
  for (const [key, value] of Object.entries(env)) {
    if (key.startsWith(PREFIX) && value !== undefined && value !== "") own[key.slice(PREFIX.length)] = value;
  }
  const parsed = environment.safeParse(own);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${PREFIX}${issue.path.join(".")}: ${issue.message}`);
    throw new ConfigError(`The relay's settings are wrong.\n${wrong.join("\n")}`);
  }
  const { TURN_SECRET_FILE, TURN_URLS, DEPLOYMENT, METRICS_TOKEN_FILE, ...rest } = parsed.data;
  if (TURN_URLS.length > 0 && TURN_SECRET_FILE === undefined) {
    throw new ConfigError(`${PREFIX}TURN_URLS needs ${PREFIX}TURN_SECRET_FILE.`);
  }
  if (rest.RPC_URL !== undefined && DEPLOYMENT === undefined) {
    throw new ConfigError(`${PREFIX}RPC_URL needs ${PREFIX}DEPLOYMENT.`);
  }
  return {
    ...rest,
    DATA_DIR: resolve(rest.DATA_DIR),
    keys: readKeys(rest.KEY_FILE),
    turn:
      TURN_URLS.length > 0 && TURN_SECRET_FILE !== undefined
        ? { urls: TURN_URLS, secret: readText(TURN_SECRET_FILE, "TURN_SECRET_FILE").trim() }
        : undefined,
    metricsToken: METRICS_TOKEN_FILE === undefined ? undefined : readToken(METRICS_TOKEN_FILE),
    deployment: DEPLOYMENT === undefined ? undefined : readDeployment(DEPLOYMENT),
  };
}

const secret = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, "32 bytes of 0x-prefixed hex")
  .transform((hex) => hex as `0x${string}`);
const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "an address")
  .transform((hex) => hex as `0x${string}`);

const keys = z.object({ signingKey: secret, anchorKey: secret });

const deployment = z.object({
  chainId: z.number().int().positive(),
  name: text,
  /** No event of the contracts is older than this block. */
  fromBlock: z.number().int().nonnegative().default(0),
  contracts: z.object({
    skm: address,
    membership: address,
    identityRegistry: address,
    relayRegistry: address,
    sessionAnchor: address,
    usageFees: address,
    agreements: address,
    redPackets: address,
    jobBoard: address,
  }),
  /** Tokens that clients show as known ones, when relays of other operators list the same. The zero address is the coin. */
  assets: z
    .array(
      z.object({ token: address, symbol: text.max(16), name: text.max(64), decimals: z.number().int().min(0).max(77) }),
    )
    .max(64)
    .optional(),
  /** Who sealed the first block of a QBFT chain, or the one in `validatorsAt`; absent on a chain without seals. */
  validators: z.array(address).min(1).max(128).optional(),
  validatorsAt: z
    .object({
      number: z.number().int().min(0),
      hash: z
        .string()
        .regex(/^0x[0-9a-fA-F]{64}$/)
        .optional(),
    })
    .optional(),
});

export type Deployment = z.infer<typeof deployment>;

function readText(path: string, setting: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new ConfigError(`${PREFIX}${setting}: the file cannot be read (${reason}).`);
  }
}

function readToken(path: string): string {
  const token = readText(path, "METRICS_TOKEN_FILE").trim();
  if (token.length < 16) throw new ConfigError(`${PREFIX}METRICS_TOKEN_FILE: at least 16 characters.`);
  return token;
}

function readJson<T>(path: string, setting: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(readText(path, setting));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${PREFIX}${setting}: the file is not JSON.`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  // Only places and expectations are told, never values: one of these files holds keys.
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new ConfigError(`${PREFIX}${setting}: ${wrong.join("; ")}`);
}

const readKeys = (path: string) => readJson(path, "KEY_FILE", keys);
const readDeployment = (path: string) => readJson(path, "DEPLOYMENT", deployment);
