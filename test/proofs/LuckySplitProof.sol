// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LuckySplit} from "../../contracts/libraries/LuckySplit.sol";

/// @dev Whatever is split into however many parts, nothing is divided by nothing.
contract LuckySplitProof {
    function neverDividesByNothing(uint128 total, uint8 shares, uint256 seed, uint8 position) external pure {
        require(shares >= 1 && shares <= 100 && total >= shares && position < shares);
        LuckySplit.amountAt(total, shares, seed, position);
    }
}
