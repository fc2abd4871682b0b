// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Paying somebody who may not want the transaction to succeed
/// @notice The recipient (and the token) get bounded gas and their answer is not copied, so that they can refuse a payment
/// but not the transaction it is part of. Token 0 is the chain's own coin.
library Payout {
    /// @notice Gas a payment may use: enough for a contract wallet and for tokens behind a proxy.
    uint256 internal constant GAS = 200_000;
    /// @dev 64/63 of GAS, because a call is given 63/64 of what there is, and enough to note down a failure.
    uint256 private constant GAS_NEEDED = 260_000;

    /// @dev The caller gave so little gas that a payment could fail for that reason alone.
    error PayoutGasTooLow(uint256 gas, uint256 needed);

    /// @notice Try to pay what this contract holds.
    /// @return sent False when nothing was sent, whatever the reason.
    function trySend(address token, address to, uint256 amount) internal returns (bool sent) {
        if (token != address(0)) return _tryCall(token, abi.encodeCall(IERC20.transfer, (to, amount)));
        _requireGas();
        assembly ("memory-safe") {
            sent := call(GAS, to, amount, 0, 0, 0, 0)
        }
    }

    /// @notice Try to pay tokens of `from`, who has allowed this contract to.
    /// @return sent False when nothing was sent, whatever the reason.
    function trySendFrom(address token, address from, address to, uint256 amount) internal returns (bool sent) {
        return _tryCall(token, abi.encodeCall(IERC20.transferFrom, (from, to, amount)));
    }

    /// @notice What this contract holds.
    function balance(address token) internal view returns (uint256) {
        return token == address(0) ? address(this).balance : IERC20(token).balanceOf(address(this));
    }

    function _tryCall(address token, bytes memory data) private returns (bool success) {
        _requireGas();
        assembly ("memory-safe") {
            success := call(GAS, token, 0, add(data, 32), mload(data), 0, 32)
            // True, or nothing at all from an account with code, as SafeERC20 has it.
            switch returndatasize()
            case 0 {
                success := and(success, gt(extcodesize(token), 0))
            }
            default {
                success := and(success, and(gt(returndatasize(), 31), eq(mload(0), 1)))
            }
        }
    }

    function _requireGas() private view {
        if (gasleft() < GAS_NEEDED) revert PayoutGasTooLow(gasleft(), GAS_NEEDED);
    }
}
