// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title The account that holds the tokens of one packet
/// @notice All it ever does is to allow its creator, the RedPackets contract, to move its tokens. It has no code afterwards.
/// @dev One per packet, so that whatever a token does to its balances (fees, rebasing, lies) it does to the packets made
/// of it one by one, and none can be paid with what belongs to another.
contract PacketVault {
    using SafeERC20 for IERC20;

    constructor(IERC20 token) {
        token.forceApprove(msg.sender, type(uint256).max);
        assembly ("memory-safe") {
            return(0, 0)
        }
    }
}
