import { zeroHash } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import type { PacketTerms } from "../chain/actions/createPacket.ts";
import { linkAt } from "./hashChain.ts";
import type { MadePacket } from "./records.ts";

/** What goes on chain of a packet. */
export const termsOf = ({ token, amount, shares, expiresAt, key, secret }: MadePacket): PacketTerms => ({
  ...{ token, amount: BigInt(amount), shares, expiresAt },
  key: privateKeyToAddress(key),
  chainHead: secret === undefined ? zeroHash : linkAt(secret, shares, 0),
});
