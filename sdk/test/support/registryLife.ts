import { randomBytes } from "node:crypto";
import {
  type Address,
  concat,
  createPublicClient,
  encodeAbiParameters,
  getAddress,
  type Hex,
  http,
  keccak256,
  type PublicClient,
  parseEventLogs,
  stringToHex,
} from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { type Chain, startChain } from "../../../scripts/chain/startChain.ts";
import { compileContracts } from "../../../scripts/codegen/compile.ts";
import { readArtifact } from "../../../scripts/deploy/artifacts.ts";
import { createSender, type Sender } from "../../../scripts/deploy/sender.ts";
import { root } from "../../../scripts/lib/paths.ts";
import { identityRegistryAbi } from "../../src/generated/index.ts";

const word = (): Hex => `0x${randomBytes(32).toString("hex")}`;
const leafOf = (device: Hex): Hex => keccak256(concat(["0x00", device]));
const deadline = 4_102_444_800n;
const recoveryDelay = 60;

export interface Registry {
  chain: Chain;
  client: PublicClient;
  address: Address;
  sender: Sender;
  mine(blocks: number): Promise<void>;
  wait(seconds: number): Promise<void>;
  send(functionName: string, args: readonly unknown[]): Promise<void>;
  commit(name: string, owner: Address, publicId: Hex): Promise<Hex>;
  register(name: string): Promise<Owner>;
  rename(owner: Owner, name: string): Promise<void>;
  rotate(owner: Owner): Promise<void>;
  setDevices(owner: Owner, count: number): Promise<void>;
  setController(owner: Owner): Promise<void>;
  revoke(owner: Owner): Promise<void>;
  setRecovery(owner: Owner, to: Address): Promise<void>;
  startRecovery(owner: Owner, by: PrivateKeyAccount, to: Address): Promise<void>;
  cancelRecovery(owner: Owner): Promise<void>;
  finishRecovery(owner: Owner, by: PrivateKeyAccount): Promise<void>;
  logs(from: bigint, to: bigint): Promise<ReturnType<typeof parsed>>;
}

export interface Owner {
  id: bigint;
  name: string;
  publicId: Hex;
  account: PrivateKeyAccount;
}

const parsed = (logs: Parameters<typeof parseEventLogs>[0]["logs"]) =>
  parseEventLogs({ abi: identityRegistryAbi, logs, strict: true });

/** An identity registry on a chain of its own, and everything that can be done to it. */
export async function startRegistry(): Promise<Registry> {
  await compileContracts();
  const chain = await startChain();
  const { rpcUrl, chainId } = chain;
  const sender = createSender({ rpcUrl, chainId, account: privateKeyToAccount(generatePrivateKey()) });
  const { address } = await sender.deploy(readArtifact(root, "IdentityRegistry"), [recoveryDelay, 3600]);
  const client = createPublicClient({ transport: http(rpcUrl), cacheTime: 0 }) as PublicClient;
  const contract = { address, abi: identityRegistryAbi } as const;
  const send = (functionName: string, args: readonly unknown[]) =>
    sender.send(address, identityRegistryAbi, functionName, args);
  const mine = (blocks: number) =>
    client.request({ method: "anvil_mine", params: [`0x${blocks.toString(16)}`] } as never) as Promise<void>;

  const domain = { name: "Skrumble IdentityRegistry", version: "1", chainId, verifyingContract: address };

  async function change(
    signer: PrivateKeyAccount,
    id: bigint,
    primaryType: string,
    fields: [name: string, type: string, value: unknown][] = [],
    counter: "ownerNonce" | "deviceNonce" | "recoveryNonce" = "ownerNonce",
  ): Promise<Hex> {
    const nonce = await client.readContract({ ...contract, functionName: counter, args: [id] });
    const all = [
      ["identityId", "uint64", id],
      ...fields,
      ["nonce", "uint256", nonce],
      ["deadline", "uint256", deadline],
    ];
    const types = { [primaryType]: all.map(([name, type]) => ({ name, type })) };
    const message = Object.fromEntries(all.map(([name, , value]) => [name, value]));
    return signer.signTypedData({ domain, types, primaryType, message } as never);
  }

  async function commit(name: string, owner: Address, publicId: Hex): Promise<Hex> {
    const secret = word();
    const types = ["bytes32", "address", "bytes32", "bytes32"].map((type) => ({ type }));
    const fields = [keccak256(stringToHex(name)), owner, publicId, secret];
    await send("commit", [keccak256(encodeAbiParameters(types, fields))]);
    return secret;
  }

  return {
    ...{ chain, client, address, sender, mine, send, commit },
    async wait(seconds) {
      await client.request({ method: "evm_increaseTime", params: [seconds] } as never);
      await mine(1);
    },
    async register(name) {
      const account = privateKeyToAccount(generatePrivateKey());
      const [publicId, device] = [word(), word()];
      const controller = privateKeyToAccount(word()).address;
      const keys = { publicId, agreementKey: word(), controller, deviceRoot: leafOf(device) };
      const registration = { owner: account.address, name, ...keys, deadline };
      const of = (pairs: string) =>
        pairs.split(",").map((pair) => ({ type: pair.split(" ")[0], name: pair.split(" ")[1] }));
      const fields =
        "address owner,string name,bytes32 publicId,bytes32 agreementKey,address controller,bytes32 deviceRoot,uint256 deadline";
      const signature = await account.signTypedData({
        ...{ domain, primaryType: "Registration", types: { Registration: of(fields) }, message: registration },
      } as never);
      const secret = await commit(name, account.address, publicId);
      await send("registerFor", [registration, secret, [device], signature]);
      const id = await client.readContract({ ...contract, functionName: "idByOwner", args: [account.address] });
      return { id, name, publicId, account };
    },
    async rename(owner, name) {
      const secret = await commit(name, owner.account.address, owner.publicId);
      const signature = await change(owner.account, owner.id, "Rename", [["name", "string", name]]);
      await send("rename", [owner.id, name, secret, deadline, signature]);
      owner.name = name;
    },
    async rotate(owner) {
      const device = word();
      const controller = privateKeyToAccount(word()).address;
      const keys = { publicId: word(), agreementKey: word(), controller, deviceRoot: leafOf(device) };
      const secret = await commit(owner.name, owner.account.address, keys.publicId);
      const types = { publicId: "bytes32", agreementKey: "bytes32", controller: "address", deviceRoot: "bytes32" };
      const fields = Object.entries(types).map(
        ([name, type]) => [name, type, keys[name as keyof typeof keys]] as const,
      );
      const signature = await change(owner.account, owner.id, "Rotate", fields as never);
      await send("rotate", [owner.id, keys, secret, [device], deadline, signature]);
      owner.publicId = keys.publicId;
    },
    async setDevices(owner, count) {
      const devices = Array.from({ length: count }, word).sort();
      const root = await client.readContract({ ...contract, functionName: "computeDeviceRoot", args: [devices] });
      const fields: [string, string, unknown][] = [["deviceRoot", "bytes32", root]];
      const signature = await change(owner.account, owner.id, "SetDevices", fields, "deviceNonce");
      await send("setDevices", [owner.id, devices, deadline, signature]);
    },
    async setController(owner) {
      const controller = getAddress(privateKeyToAccount(word()).address);
      const device = word();
      const signature = await change(owner.account, owner.id, "SetController", [
        ["controller", "address", controller],
        ["deviceRoot", "bytes32", leafOf(device)],
      ]);
      await send("setController", [owner.id, controller, [device], deadline, signature]);
    },
    async revoke(owner) {
      await send("revoke", [owner.id, deadline, await change(owner.account, owner.id, "Revoke")]);
    },
    async setRecovery(owner, to) {
      const signature = await change(owner.account, owner.id, "SetRecovery", [["recovery", "address", to]]);
      await send("setRecovery", [owner.id, to, deadline, signature]);
    },
    async startRecovery(owner, by, to) {
      const fields: [string, string, unknown][] = [["newOwner", "address", to]];
      const signature = await change(by, owner.id, "StartRecovery", fields, "recoveryNonce");
      await send("startRecovery", [owner.id, to, deadline, signature]);
    },
    async cancelRecovery(owner) {
      await send("cancelRecovery", [owner.id, deadline, await change(owner.account, owner.id, "CancelRecovery")]);
    },
    async finishRecovery(owner, by) {
      const signature = await change(by, owner.id, "AcceptRecovery", [], "recoveryNonce");
      await send("finishRecovery", [owner.id, deadline, signature]);
      owner.account = by;
    },
    async logs(from, to) {
      const range = { fromBlock: from, toBlock: to };
      return parsed(await client.getLogs({ address, ...range }));
    },
  };
}
