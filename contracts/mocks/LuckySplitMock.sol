// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LuckySplit} from "../libraries/LuckySplit.sol";

/// @dev Opens the library to tests that compare it with another implementation.
contract LuckySplitMock {
    function amounts(uint256 total, uint256 shares, uint256 seed) external pure returns (uint256[] memory list) {
        list = new uint256[](shares);
        for (uint256 i; i < shares; ++i) list[i] = LuckySplit.amountAt(total, shares, seed, i);
    }

    function pick(uint256 taken, uint256 shares, uint256 remaining, uint256 random) external pure returns (uint256) {
        return LuckySplit.pick(taken, shares, remaining, random);
    }
}
