import { encodeAbiParameters, encodeEventTopics, type Hex, keccak256, numberToHex, stringToHex } from "viem";
import { identityRegistryAbi as abi } from "../../sdk/src/generated/index.ts";
import {
  agreementKeyOf,
  controllerOf,
  deviceOf,
  deviceRootOf,
  ownerOf,
  publicIdOf,
} from "../../sdk/test/support/registryStorage.ts";
import { BLOCKS_PER_NAME, nameOf, REGISTRY } from "./plan.ts";

const word = (id: number, of: string): Hex => keccak256(stringToHex(`${of} ${id}`));
const types = (...names: string[]) => names.map((type) => ({ type }));

/** What a registration leaves in the log, as a node tells it; the commitment before it says nothing that a reader needs. */
export function eventsOf(id: number): object[] {
  const identityId = BigInt(id);
  const logs = [
    {
      topics: encodeEventTopics({ abi, eventName: "KeysChanged", args: { identityId, publicId: publicIdOf(id) } }),
      data: encodeAbiParameters(types("uint32", "bytes32", "address"), [1, agreementKeyOf(id), controllerOf(id)]),
    },
    {
      topics: encodeEventTopics({ abi, eventName: "DevicesChanged", args: { identityId } }),
      data: encodeAbiParameters(types("uint32", "bytes32", "bytes32[]"), [1, deviceRootOf(id), [deviceOf(id)]]),
    },
    {
      topics: encodeEventTopics({
        ...{ abi, eventName: "Registered" },
        args: { identityId, owner: ownerOf(id), nameHash: keccak256(stringToHex(nameOf(id))) },
      }),
      data: encodeAbiParameters(types("string"), [nameOf(id)]),
    },
  ];
  return logs.map((log, at) => ({
    ...{ address: REGISTRY, ...log, blockNumber: numberToHex(id * BLOCKS_PER_NAME), blockHash: word(id, "block") },
    ...{ transactionHash: word(id, "transaction"), transactionIndex: "0x0", logIndex: numberToHex(at), removed: false },
  }));
}
