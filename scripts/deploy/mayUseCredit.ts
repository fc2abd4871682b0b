import { type Address, parseAbi } from "viem";
import type { Sender } from "./sender.ts";

const abi = parseAbi(["function hasRole(bytes32 role, address account) view returns (bool)"]);
// keccak256("FEE_SPENDER_ROLE")
const role = "0x54fdd098b244b9478f2f38b78187a50ed9d43faeda818ba2c73df94ff15d3887";

/** Whether Membership lets these fees use credit: settled for good when it was made. */
export const mayUseCredit = ({ client }: Sender, membership: Address, fees: Address): Promise<boolean> =>
  client.readContract({ address: membership, abi, functionName: "hasRole", args: [role, fees] });
