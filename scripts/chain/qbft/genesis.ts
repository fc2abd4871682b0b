import type { Address, Hex } from "viem";
import { Refusal } from "../../lib/say.ts";
import { extraDataOf, readExtraData } from "./extraData.ts";
import { type QbftNetwork, validatorsOf } from "./network.ts";

/** Marks a header as one of Istanbul's family: ASCII, the end of "Istanbul practical byzantine fault tolerance". */
const MIX_HASH: Hex = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365";
/** As the local chain: room for a deployment, and blocks that small validators still execute in time. */
const GAS_LIMIT: Hex = "0x1c9c380";
/** Blocks after which votes that changed nothing are forgotten. */
export const EPOCH_LENGTH = 30_000;

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

/** Keys of later forks may be added: `amsterdamTime` and the like, in seconds since 1970. */
const isLaterFork = (key: string, value: unknown): boolean =>
  /^[a-z][a-z0-9]*Time$/.test(key) && Number.isSafeInteger(value) && (value as number) > 0;

/**
 * Refuses a genesis that is not the one its network was made with, but for the times of later forks: another value makes
 * another chain, or one that this one's nodes do not follow. So does a further key: with a terminal difficulty Besu waits for
 * a consensus client; the system contracts of staking do not exist here, and blocks that call them are invalid; empty-block
 * periods and transitions (whose `block` is read as a Unix timestamp beside time forks) halt or fork the chain. Besu does
 * not mind the case of keys: one that is spelled otherwise is a further one. Other validators make another chain as well, also
 * one with the same id.
 * @param network what network.json says of the chain
 */
export function checkGenesis(genesis: Genesis, network: QbftNetwork): void {
  const wrong = (what: string) => new Refusal(`shared/genesis.json: ${what}.`);
  const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject(genesis) || !isObject(genesis.config) || !isObject(genesis.config.qbft))
    throw wrong("config.qbft is missing");
  const extra = typeof genesis.extraData === "string" ? readExtraData(genesis.extraData) : undefined;
  const validators = extra?.validators ?? [];
  if (validators.length === 0 || genesis.extraData !== extraDataOf(validators)) throw wrong("extraData is not QBFT's");
  if (!isOfNetwork(validators, network)) {
    const others = "extraData names other validators than this network's";
    if (network.firstValidators) throw wrong(others);
    const list = JSON.stringify(validators);
    throw wrong(
      `${others} nodes. If it is this network's all the same, add to network.json: "firstValidators": ${list}`,
    );
  }
  const { chainId, blockPeriodSeconds } = network;
  const expected = createGenesis({ chainId, blockPeriodSeconds, validators });
  const compare = (place: string, found: Record<string, unknown>, made: Record<string, unknown>) => {
    const lower = new Set(Object.keys(made).map((key) => key.toLowerCase()));
    for (const [key, value] of Object.entries(found)) {
      const isForkOfConfig = place === "config." && isLaterFork(key, value) && !lower.has(key.toLowerCase());
      if (!Object.hasOwn(made, key) && !isForkOfConfig) throw wrong(`${place}${key} must not be there`);
    }
    for (const [key, value] of Object.entries(made)) {
      if (key === "config" || key === "qbft") continue;
      if (JSON.stringify(found[key]) !== JSON.stringify(value))
        throw wrong(`${place}${key} must be ${JSON.stringify(value)}, as when this network was made`);
    }
  };
  compare("", genesis, expected);
  compare("config.", genesis.config, expected.config);
  compare("config.qbft.", genesis.config.qbft, expected.config.qbft);
}

/** Validators that came later are among the nodes too, and one that was forgotten is not. */
function isOfNetwork(validators: readonly Address[], network: QbftNetwork): boolean {
  const { firstValidators } = network;
  if (firstValidators) return extraDataOf(firstValidators) === extraDataOf(validators);
  const known = validatorsOf(network).map(({ address }) => address.toLowerCase());
  return validators.every((address) => known.includes(address));
}
