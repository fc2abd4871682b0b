// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IERC3009} from "../interfaces/IERC3009.sol";

/// @title Taking tokens on their owner's signature
library SignedTransfer {
    /// @param from Whose tokens.
    /// @param amount How many.
    /// @param validAfter As in EIP-3009.
    /// @param validBefore As in EIP-3009.
    /// @param nonce Binds what the tokens are for.
    struct Authorisation {
        address from;
        uint256 amount;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

    /// @notice Take tokens for this contract. Signatures of 65 bytes go to the function that every EIP-3009 token has,
    /// others to the one for contract wallets that newer tokens have.
    /// @return arrived What this contract has more than before, whatever the token says: one that answers every call,
    /// as WETH does, and moves nothing brings nothing.
    function take(
        address token,
        Authorisation memory by,
        bytes calldata signature
    ) internal returns (uint256 arrived) {
        uint256 before = IERC20(token).balanceOf(address(this));
        if (signature.length == 65) {
            IERC3009(token).receiveWithAuthorization(
                by.from,
                address(this),
                by.amount,
                by.validAfter,
                by.validBefore,
                by.nonce,
                uint8(signature[64]),
                bytes32(signature[:32]),
                bytes32(signature[32:64])
            );
        } else {
            IERC3009(token).receiveWithAuthorization(
                by.from,
                address(this),
                by.amount,
                by.validAfter,
                by.validBefore,
                by.nonce,
                signature
            );
        }
        return Math.saturatingSub(IERC20(token).balanceOf(address(this)), before);
    }
}
