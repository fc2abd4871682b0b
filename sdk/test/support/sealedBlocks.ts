import { type Hex, keccak256, numberToHex, toRlp } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount, sign } from "viem/accounts";
import type { Address } from "../../src/types/primitives.ts";

/** A validator of a QBFT chain that exists in a test only. */
export interface Validator {
  address: Address;
  key: Hex;
}

/** Validators with the numbers `from` and after, by address as in a header. */
export const validators = (count: number, from = 1): Validator[] =>
  Array.from({ length: count }, (_, at) => numberToHex(from + at, { size: 32 }))
    .map((key) => ({ key, address: addressOf(privateKeyToAccount(key)) }))
    .sort(byAddress);

const addressOf = ({ address }: PrivateKeyAccount): Address => address.toLowerCase() as Address;
export const byAddress = (one: Validator, other: Validator): number => (one.address < other.address ? -1 : 1);

type Json = Record<string, unknown>;

export interface Sealing {
  set: readonly Validator[];
  /** The first quorum of the set, unless given. */
  by?: readonly Validator[];
  round?: number;
  vote?: readonly Hex[];
  /** What becomes of the seals before they are put in. */
  change?: (seals: Hex[]) => Hex[];
}

const order = [
  ...["parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom"],
  ...["difficulty", "number", "gasLimit", "gasUsed", "timestamp", "extraData", "mixHash", "nonce"],
  ...["baseFeePerGas", "withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot", "requestsHash"],
  // As a later fork would add one.
  "ofLaterFork",
];
const numbers = ["difficulty", "number", "gasLimit", "gasUsed", "timestamp"];
const scalars = new Set([...numbers, "baseFeePerGas", "blobGasUsed", "excessBlobGas"]);

const scalar = (value: bigint): Hex => (value === 0n ? "0x" : even(numberToHex(value)));
const even = (hex: Hex): Hex => (hex.length % 2 ? `0x0${hex.slice(2)}` : hex);

/** Hash of a header of which nobody has to be asked: the fields that are there, one after the other. */
export const hashOf = (block: Json): Hex => {
  const known = order.filter((name) => block[name] !== undefined);
  return keccak256(
    toRlp(known.map((name) => (scalars.has(name) ? scalar(BigInt(block[name] as Hex)) : (block[name] as Hex)))),
  );
};

/** A block of whatever chain as a QBFT chain would tell it, with seals of these validators. */
export async function sealBlock(block: Json, { set, by, round = 0, vote = [], change }: Sealing): Promise<Json> {
  const vanity = numberToHex(0, { size: 32 });
  const extra = (at: number, seals: Hex[]): Json => ({
    ...block,
    extraData: toRlp([vanity, set.map(({ address }) => address), vote, scalar(BigInt(at)), seals]),
  });
  const sealers = by ?? set.slice(0, Math.ceil((2 * set.length) / 3));
  const hash = hashOf(extra(round, []));
  const seals = await Promise.all(sealers.map(({ key }) => sealOf(key, hash)));
  return { ...extra(round, change ? change(seals) : seals), hash: hashOf(extra(0, [])) };
}

async function sealOf(privateKey: Hex, hash: Hex): Promise<Hex> {
  const { r, s, yParity } = await sign({ hash, privateKey });
  return `0x${r.slice(2).padStart(64, "0")}${s.slice(2).padStart(64, "0")}0${yParity}`;
}

const empty: Hex = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
const zeros = (bytes: number): Hex => numberToHex(0, { size: bytes });

/** A block with nothing in it, as Besu makes them under the rules of Osaka. */
export const emptyBlock = (number: number): Json => ({
  ...{ parentHash: keccak256(numberToHex(number)), stateRoot: empty, transactionsRoot: empty, receiptsRoot: empty },
  sha3Uncles: "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
  ...{ miner: zeros(20), logsBloom: zeros(256), nonce: zeros(8), difficulty: "0x1" },
  mixHash: "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365",
  ...{
    number: numberToHex(number),
    gasLimit: "0x1c9c380",
    gasUsed: "0x0",
    timestamp: numberToHex(1_800_000_000 + number),
  },
  ...{ baseFeePerGas: "0x0", withdrawalsRoot: empty, blobGasUsed: "0x0", excessBlobGas: "0x0" },
  parentBeaconBlockRoot: zeros(32),
  requestsHash: "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
});
