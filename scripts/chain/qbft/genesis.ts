import type { Address, Hex } from "viem";
import { Refusal } from "../../lib/say.ts";
import { extraDataOf, readExtraData } from "./extraData.ts";

/** Marks a header as one of Istanbul's family: ASCII, the end of "Istanbul practical byzantine fault tolerance". */
const MIX_HASH: Hex = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365";
/** As the local chain: room for a deployment, and blocks that small validators still execute in time. */
const GAS_LIMIT: Hex = "0x1c9c380";
/** Blocks after which votes that changed nothing are forgotten. */
export const EPOCH_LENGTH = 30_000;

/**
 * Keys that break such a chain, in lower case because Besu does not mind the case of keys:
 * a terminal difficulty makes Besu wait for a consensus client; the system contracts of staking do not exist here,
 * and blocks that call them are invalid; empty-block periods and transitions (whose `block` is read as a Unix
 * timestamp beside time forks) halt or fork the chain.
 */
const FORBIDDEN = new Set([
  "terminaltotaldifficulty",
  "depositcontractaddress",
  "withdrawalrequestcontractaddress",
  "consolidationrequestcontractaddress",
  "emptyblockperiodseconds",
  "xemptyblockperiodseconds",
  "transitions",
]);

export interface GenesisOptions {
  chainId: number;
  blockPeriodSeconds: number;
  validators: readonly Address[];
}

export interface Genesis {
  config: Record<string, unknown> & { chainId: number; qbft: Record<string, number> };
  extraData: Hex;
  [field: string]: unknown;
}

/** Round 0 has twice the block's time, but small machines need 4 s; each further round doubles it. */
export const requestTimeoutSeconds = (blockPeriodSeconds: number): number => Math.max(4, 2 * blockPeriodSeconds);

/** Genesis of a QBFT chain with free gas and Osaka rules from the first block; nobody owns coins. */
export function createGenesis({ chainId, blockPeriodSeconds, validators }: GenesisOptions): Genesis {
  return {
    config: {
      chainId,
      berlinBlock: 0,
      londonBlock: 0,
      shanghaiTime: 0,
      cancunTime: 0,
      pragueTime: 0,
      osakaTime: 0,
      zeroBaseFee: true,
      qbft: {
        blockperiodseconds: blockPeriodSeconds,
        epochlength: EPOCH_LENGTH,
        requesttimeoutseconds: requestTimeoutSeconds(blockPeriodSeconds),
      },
    },
    nonce: "0x0",
    timestamp: "0x0",
    gasLimit: GAS_LIMIT,
    difficulty: "0x1",
    baseFeePerGas: "0x0",
    mixHash: MIX_HASH,
    coinbase: `0x${"00".repeat(20)}`,
    alloc: {},
    extraData: extraDataOf(validators),
  };
}

/** Refuses a genesis that somebody changed into one the chain would not survive. */
export function checkGenesis(genesis: Genesis): void {
  const wrong = (what: string) => new Refusal(`shared/genesis.json: ${what}.`);
  const config = genesis.config;
  if (typeof config !== "object" || typeof config?.qbft !== "object") throw wrong("config.qbft is missing");
  for (const [place, keys] of [
    ["config", config],
    ["config.qbft", config.qbft],
  ] as const) {
    const found = Object.keys(keys).find((key) => FORBIDDEN.has(key.toLowerCase()));
    if (found) throw wrong(`${place}.${found} must not be there`);
  }
  const expected = createGenesis({
    chainId: config.chainId,
    blockPeriodSeconds: config.qbft.blockperiodseconds ?? 0,
    validators: [],
  });
  for (const key of ["berlinBlock", "londonBlock", "shanghaiTime", "cancunTime", "pragueTime", "osakaTime"]) {
    if (config[key] !== 0) throw wrong(`config.${key} must be 0`);
  }
  if (config.zeroBaseFee !== true) throw wrong("config.zeroBaseFee must be true, or gas would cost");
  for (const key of ["nonce", "difficulty", "baseFeePerGas", "mixHash"]) {
    if (genesis[key] !== expected[key]) throw wrong(`${key} must be ${expected[key]}`);
  }
  if (!readExtraData(genesis.extraData)) throw wrong("extraData is not QBFT's");
}
