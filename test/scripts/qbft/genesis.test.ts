import { createECDH } from "node:crypto";
import type { Hex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { expect, it } from "vitest";
import { extraDataOf, readExtraData } from "../../../scripts/chain/qbft/extraData.ts";
import {
  checkGenesis,
  createGenesis,
  type Genesis,
  requestTimeoutSeconds,
} from "../../../scripts/chain/qbft/genesis.ts";
import { enodeOf, identityOf } from "../../../scripts/chain/qbft/identity.ts";
import type { QbftNetwork } from "../../../scripts/chain/qbft/network.ts";
import { addressesOf, key, networkOf } from "./support.ts";

const ascending = (count: number): string[] =>
  addressesOf(count)
    .map((address) => address.slice(2).toLowerCase())
    .sort();
const genesisOf = (count: number, blockPeriodSeconds = 1): Genesis =>
  createGenesis({ chainId: 7587, blockPeriodSeconds, validators: addressesOf(count) });

const madeOf = (count: number): QbftNetwork => ({ ...networkOf(count), firstValidators: addressesOf(count) });
const made = madeOf(4);

const VANITY = `a0${"00".repeat(32)}`;

it.each([
  // Lengths of the outer list and of the list of addresses, counted by hand from the rules of RLP.
  [4, "f87a", "f854"],
  [7, "f8b9", "f893"],
  [10, "f8f8", "f8d2"],
])("encodes the extra data of %i validators in ascending order", (count, outer, inner) => {
  const list = ascending(count)
    .map((address) => `94${address}`)
    .join("");
  expect(extraDataOf(addressesOf(count))).toBe(`0x${outer}${VANITY}${inner}${list}c080c0`);
});

it("encodes the extra data of contract mode", () => {
  expect(extraDataOf([])).toBe(`0xe5${VANITY}c0c080c0`);
});

it("reads validators and round out of a header, and nothing out of another chain's", () => {
  expect(readExtraData(extraDataOf(addressesOf(4)))).toEqual({
    validators: ascending(4).map((address) => `0x${address}`),
    round: 0,
  });
  const inRound3 = extraDataOf(addressesOf(4)).replace(/c080c0$/, "c003c0") as Hex;
  expect(readExtraData(inRound3)?.round).toBe(3);
  for (const foreign of ["0x", "0xc0", "0xd883010d0e846765746888676f312e32312e36856c696e7578", "0xf87a"] as const) {
    expect(readExtraData(foreign)).toBeUndefined();
  }
});

it("derives address and enode from a key", () => {
  // The address is the one Besu's documentation gives for this key; the point comes from OpenSSL.
  const secret = "8f2a55949038a9610f50fb23b5883af3b4ecb3c3bb792cbcefbd1542c692be63";
  const curve = createECDH("secp256k1");
  curve.setPrivateKey(secret, "hex");
  const point = curve.getPublicKey("hex").slice(2);
  const { address, publicKey } = identityOf(`0x${secret}`);
  expect(address).toBe("0xfe3b557e8fb62b89f4916b721be55ceb828dbd73");
  expect(enodeOf(publicKey, "172.28.86.11", 30303)).toBe(`enode://${point}@172.28.86.11:30303`);
});

it.each([4, 7, 10])("makes the genesis of %i validators", (count) => {
  expect(genesisOf(count)).toEqual({
    config: {
      chainId: 7587,
      berlinBlock: 0,
      londonBlock: 0,
      shanghaiTime: 0,
      cancunTime: 0,
      pragueTime: 0,
      osakaTime: 0,
      zeroBaseFee: true,
      qbft: { blockperiodseconds: 1, epochlength: 30000, requesttimeoutseconds: 4 },
    },
    nonce: "0x0",
    timestamp: "0x0",
    gasLimit: "0x1c9c380",
    difficulty: "0x1",
    baseFeePerGas: "0x0",
    mixHash: "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365",
    coinbase: "0x0000000000000000000000000000000000000000",
    alloc: {},
    extraData: extraDataOf(addressesOf(count)),
  });
  expect(() => checkGenesis(genesisOf(count), madeOf(count))).not.toThrow();
});

it("gives small machines four seconds for a round", () => {
  expect([1, 2, 3].map(requestTimeoutSeconds)).toEqual([4, 4, 6]);
});

it.each([
  "terminalTotalDifficulty",
  "TERMINALTOTALDIFFICULTY",
  "depositContractAddress",
  "withdrawalRequestContractAddress",
  "consolidationRequestContractAddress",
  "transitions",
])("refuses %s in a genesis", (name) => {
  const genesis = genesisOf(4);
  genesis.config[name] = 0;
  expect(() => checkGenesis(genesis, made)).toThrow(`config.${name} must not be there`);
});

it.each(["emptyblockperiodseconds", "xemptyblockperiodseconds"])("refuses %s in the rules of QBFT", (name) => {
  const genesis = genesisOf(4);
  genesis.config.qbft[name] = 60;
  expect(() => checkGenesis(genesis, made)).toThrow(`config.qbft.${name} must not be there`);
});

it.each([
  ["zeroBaseFee", (genesis: Genesis) => delete genesis.config.zeroBaseFee],
  ["osakaTime", (genesis: Genesis) => delete genesis.config.osakaTime],
  ["londonBlock", (genesis: Genesis) => Object.assign(genesis.config, { londonBlock: 12_965_000 })],
  ["difficulty", (genesis: Genesis) => Object.assign(genesis, { difficulty: "0x20000" })],
  ["mixHash", (genesis: Genesis) => Object.assign(genesis, { mixHash: `0x${"00".repeat(32)}` })],
  ["baseFeePerGas", (genesis: Genesis) => Object.assign(genesis, { baseFeePerGas: "0x7" })],
  ["extraData", (genesis: Genesis) => Object.assign(genesis, { extraData: "0x00" })],
  ["extraData", (genesis: Genesis) => Object.assign(genesis, { extraData: extraDataOf([]) })],
  ["gasLimit", (genesis: Genesis) => Object.assign(genesis, { gasLimit: "0x989680" })],
  ["timestamp", (genesis: Genesis) => Object.assign(genesis, { timestamp: "0x1" })],
  ["alloc", (genesis: Genesis) => Object.assign(genesis, { alloc: { [`0x${"11".repeat(20)}`]: { balance: "1" } } })],
  ["GasLimit", (genesis: Genesis) => Object.assign(genesis, { GasLimit: "0x1c9c380" })],
  ["config.chainId", (genesis: Genesis) => Object.assign(genesis.config, { chainId: 7588 })],
  ["config.OSAKATIME", (genesis: Genesis) => Object.assign(genesis.config, { OSAKATIME: 1_830_297_600 })],
  ["config.OsakaTime", (genesis: Genesis) => Object.assign(genesis.config, { OsakaTime: 1_830_297_600 })],
  ["config.amsterdamTime", (genesis: Genesis) => Object.assign(genesis.config, { amsterdamTime: "soon" })],
  ["config.ethash", (genesis: Genesis) => Object.assign(genesis.config, { ethash: {} })],
  ["blockperiodseconds", (genesis: Genesis) => Object.assign(genesis.config.qbft, { blockperiodseconds: 2 })],
  ["requesttimeoutseconds", (genesis: Genesis) => Object.assign(genesis.config.qbft, { requesttimeoutseconds: 1 })],
  ["epochlength", (genesis: Genesis) => Object.assign(genesis.config.qbft, { epochlength: 100 })],
  ["config.qbft.blockreward", (genesis: Genesis) => Object.assign(genesis.config.qbft, { blockreward: "5" })],
  ["config.qbft", (genesis: Genesis) => Object.assign(genesis.config, { qbft: null })],
  ["config.qbft", (genesis: Genesis) => Object.assign(genesis.config, { qbft: undefined })],
])("refuses a genesis with another %s", (name, change) => {
  const genesis = genesisOf(4);
  change(genesis);
  expect(() => checkGenesis(genesis, made)).toThrow(name);
});

it("takes a genesis with the time of a later fork, and one of another chain only for that chain's network", () => {
  const genesis = genesisOf(4, 2);
  genesis.config.amsterdamTime = 1_830_297_600;
  expect(() => checkGenesis(genesis, { ...made, blockPeriodSeconds: 2 })).not.toThrow();
  expect(() => checkGenesis(genesis, { ...made, chainId: 7588, blockPeriodSeconds: 2 })).toThrow(
    "config.chainId must be 7588",
  );
  expect(() => checkGenesis(genesis, made)).toThrow("config.qbft.blockperiodseconds must be 1");
});

it("refuses the genesis of another network with the same chain id and period", () => {
  const others = [5, 6, 7, 8].map((number) => privateKeyToAddress(key(number)));
  const foreign = createGenesis({ ...made, validators: others });
  const { firstValidators: _, ...before } = made;
  for (const network of [made, before])
    expect(() => checkGenesis(foreign, network)).toThrow("other validators than this network's");
  // Nor one that makes this network's own another chain: one validator too few, or one that came later.
  for (const count of [3, 5]) {
    expect(() => checkGenesis(genesisOf(count), { ...networkOf(5), firstValidators: addressesOf(4) })).toThrow(
      "other validators than this network's",
    );
  }
});

it("takes a network's own genesis after validators came and first ones were forgotten", () => {
  const { nodes } = networkOf(6);
  expect(() => checkGenesis(genesisOf(4), { ...made, nodes: nodes.slice(2) })).not.toThrow();
  // Of before the first validators were written down.
  const { firstValidators: _, ...before } = made;
  expect(() => checkGenesis(genesisOf(4), { ...before, nodes })).not.toThrow();
  expect(() => checkGenesis(genesisOf(4), { ...before, nodes: nodes.slice(1) })).toThrow(
    'add to network.json: "firstValidators": ["0x',
  );
});
