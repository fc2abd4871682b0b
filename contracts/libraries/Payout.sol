// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Paying somebody who may not want the transaction to succeed
/// @notice The recipient (and the token) get bounded gas and their answer is not copied, so that they can refuse a payment
/// but not the transaction it is part of. Token 0 is the chain's own coin.
library Payout {
    uint256 private constant COIN_GAS = 100_000;
    uint256 private constant TOKEN_GAS = 500_000;

    /// @return sent False when nothing was sent, whatever the reason.
    function trySend(address token, address to, uint256 amount) internal returns (bool sent) {
        if (token == address(0)) {
            assembly ("memory-safe") {
                sent := call(COIN_GAS, to, amount, 0, 0, 0, 0)
            }
            return sent;
        }
        bytes4 selector = IERC20.transfer.selector;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, selector)
            mstore(add(data, 4), to)
            mstore(add(data, 36), amount)
            sent := call(TOKEN_GAS, token, 0, data, 68, 0, 32)
            // No answer counts as success where there is code, as in SafeERC20.
            switch returndatasize()
            case 0 {
                sent := and(sent, gt(extcodesize(token), 0))
            }
            default {
                sent := and(sent, and(gt(returndatasize(), 31), eq(mload(0), 1)))
            }
        }
    }

    function balance(address token) internal view returns (uint256) {
        return token == address(0) ? address(this).balance : IERC20(token).balanceOf(address(this));
    }
}
