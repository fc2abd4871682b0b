// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev A checker that finds nothing wrong anywhere proves nothing: this is right, and this is wrong.
contract CheckerProof {
    function isRight(uint8 number) external pure {
        assert(uint256(number) * 2 <= 510);
    }

    function isWrong(uint8 number) external pure {
        assert(number != 42);
    }
}
