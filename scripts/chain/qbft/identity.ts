import type { Address, Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";

export interface Identity {
  /** What the node signs blocks as, in lower case. */
  address: Address;
  /** The 64 bytes that name it to its peers: the uncompressed point without its leading 04. */
  publicKey: Hex;
}

/** Who a node is, from its secp256k1 key. */
export function identityOf(key: Hex): Identity {
  const { address, publicKey } = privateKeyToAccount(key);
  return { address: address.toLowerCase() as Address, publicKey: `0x${publicKey.slice(4)}` };
}

/** Address of a node for its peers (devp2p's enode URL). */
export const enodeOf = (publicKey: Hex, host: string, port: number): string =>
  `enode://${publicKey.slice(2)}@${host}:${port}`;
