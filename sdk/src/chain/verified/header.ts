import { type Hex, keccak256, toRlp } from "viem";
import * as z from "zod";
import { decodeExtraData, type ExtraData, encodeExtraData } from "./extraData.ts";
import { unproven } from "./unproven.ts";

/** A QBFT block header as one relay tells it; who sealed it is another question, see checkSeals. */
export interface Header {
  number: bigint;
  /** Unix seconds. */
  timestamp: number;
  stateRoot: Hex;
  /** Of the block: without seals, and with round 0. */
  hash: Hex;
  /** What validators sign to seal it: without seals, and with the round in which they did. */
  sealHash: Hex;
  extra: ExtraData;
}

/** Validators and seals of the largest set that is read; the rest is small. */
const maxExtraBytes = 16 * 1024;

const bytes = (length: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * length}}$`))
    .transform((text) => text.toLowerCase() as Hex);
const quantity = z
  .string()
  .regex(/^0x(0|[1-9a-fA-F][0-9a-fA-F]{0,15})$/)
  .transform((digits) => (digits === "0x0" ? "0x" : even(digits.toLowerCase())));
const even = (digits: string): Hex => `0x${digits.length % 2 ? "0" : ""}${digits.slice(2)}`;
const later = <schema extends z.ZodType>(schema: schema) => schema.nullish();

const schema = z.object({
  hash: bytes(32),
  parentHash: bytes(32),
  sha3Uncles: bytes(32),
  miner: bytes(20),
  stateRoot: bytes(32),
  transactionsRoot: bytes(32),
  receiptsRoot: bytes(32),
  logsBloom: bytes(256),
  difficulty: quantity,
  number: quantity,
  gasLimit: quantity,
  gasUsed: quantity,
  timestamp: quantity,
  extraData: z
    .string()
    .max(2 + 2 * maxExtraBytes)
    .regex(/^0x([0-9a-fA-F]{2})+$/)
    .transform((text) => text.toLowerCase() as Hex),
  mixHash: bytes(32),
  nonce: bytes(8),
  // One fork after the other: London, Shanghai, Cancun (three), Prague. Osaka added none.
  baseFeePerGas: later(quantity),
  withdrawalsRoot: later(bytes(32)),
  blobGasUsed: later(quantity),
  excessBlobGas: later(quantity),
  parentBeaconBlockRoot: later(bytes(32)),
  requestsHash: later(bytes(32)),
});

/**
 * Reads the answer to eth_getBlockByNumber. A header with a field that is not known here has another hash, and is refused.
 * @throws SkrumbleError CHAIN_UNPROVEN
 * @see Besu, BlockHeader.writeTo and BftBlockHashing
 */
export function parseHeader(json: unknown): Header {
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw unproven("That is no header of a block.");
  const fields = parsed.data;
  const extra = decodeExtraData(fields.extraData);
  const hash = hashWith(fields, { ...extra, round: 0, seals: [] });
  if (hash !== fields.hash) throw unproven("The block has another hash.");
  const sealHash = hashWith(fields, { ...extra, seals: [] });
  const [number, timestamp] = [toNumber(fields.number), Number(toNumber(fields.timestamp))];
  return { number, timestamp, stateRoot: fields.stateRoot, hash, sealHash, extra };
}

const toNumber = (digits: Hex): bigint => (digits === "0x" ? 0n : BigInt(digits));

function hashWith(fields: z.infer<typeof schema>, extra: ExtraData): Hex {
  const { parentHash, sha3Uncles, miner, stateRoot, transactionsRoot, receiptsRoot, logsBloom } = fields;
  const { difficulty, number, gasLimit, gasUsed, timestamp, mixHash, nonce } = fields;
  return keccak256(
    toRlp([
      ...[parentHash, sha3Uncles, miner, stateRoot, transactionsRoot, receiptsRoot, logsBloom],
      ...[difficulty, number, gasLimit, gasUsed, timestamp, encodeExtraData(extra), mixHash, nonce],
      ...forkFields(fields),
    ]),
  );
}

/** Besu ends a header before the first field that it lacks, whatever else it knows: QBFT blocks may have no beacon root. */
function forkFields(fields: z.infer<typeof schema>): Hex[] {
  const { baseFeePerGas, withdrawalsRoot, blobGasUsed, excessBlobGas, parentBeaconBlockRoot, requestsHash } = fields;
  const blobs = blobGasUsed && excessBlobGas ? [blobGasUsed, excessBlobGas] : undefined;
  const forks = [[baseFeePerGas], [withdrawalsRoot], blobs ?? [undefined], [parentBeaconBlockRoot], [requestsHash]];
  const missing = forks.findIndex(([first]) => !first);
  return (missing < 0 ? forks : forks.slice(0, missing)).flat() as Hex[];
}
