// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {HashChain} from "../../../contracts/libraries/HashChain.sol";
import {LuckySplit} from "../../../contracts/libraries/LuckySplit.sol";
import {Test} from "../support/Test.sol";

contract LuckySplitTest is Test {
    uint256 private constant MAX_SHARES = 100;

    function testFuzz_partsAddUpAndNoneIsEmptyOrAboveTwiceTheMean(
        uint128 total,
        uint8 shares,
        uint256 seed
    ) public pure {
        uint256 count = within(shares, 1, MAX_SHARES);
        expectParts(within(total, count, type(uint128).max), count, seed);
    }

    /// @dev Few units, where rounding matters most.
    function testFuzz_smallSumsAreSplitAsWell(uint8 extra, uint8 shares, uint256 seed) public pure {
        uint256 count = within(shares, 1, MAX_SHARES);
        expectParts(count + extra, count, seed);
    }

    function expectParts(uint256 total, uint256 count, uint256 seed) private pure {
        uint256 sum;
        uint256 mean = total / count;
        for (uint256 i; i < count; ++i) {
            uint256 amount = LuckySplit.amountAt(total, count, seed, i);
            holds(amount >= 1, "at least a unit");
            holds(amount <= 2 * mean, "at most twice the mean");
            sum += amount;
        }
        equal(sum, total, "sum");
    }

    /// @dev Draws until nothing is left take every position once, each by its rank among those left.
    function testFuzz_everyPartIsTakenOnce(uint8 shares, uint256 seed) public pure {
        uint256 count = within(shares, 1, MAX_SHARES);
        uint256 taken;
        for (uint256 remaining = count; remaining > 0; --remaining) {
            uint256 random = uint256(keccak256(abi.encode(seed, remaining)));
            uint256 position = LuckySplit.pick(taken, count, remaining, random);
            equal(position, walked(taken, random % remaining), "the part of that rank");
            holds(position < count && taken & (1 << position) == 0, "a part still there");
            taken |= 1 << position;
        }
        equal(taken, (1 << count) - 1, "all parts");
    }

    /// @dev The position not taken that has `rank` such positions below it, found by looking at each.
    function walked(uint256 taken, uint256 rank) private pure returns (uint256 position) {
        for (; taken & (1 << position) != 0 || rank > 0; ++position) {
            if (taken & (1 << position) == 0) --rank;
        }
    }

    function testFuzz_aLinkLeadsToTheHeadAndUnfoldsInOrder(bytes32 secret, uint8 length, uint8 batch) public pure {
        uint256 count = within(length, 1, MAX_SHARES);
        bytes32 head = HashChain.climb(secret, count);
        bytes32[] memory all = HashChain.unfold(secret, count);
        equal(uint256(all[count - 1]), uint256(secret), "the last one is the secret");
        uint256 many = within(batch, 1, count);
        bytes32[] memory some = HashChain.unfold(all[many - 1], many);
        for (uint256 i; i < count; ++i) {
            equal(uint256(keccak256(abi.encode(all[i]))), uint256(i == 0 ? head : all[i - 1]), "a chain of hashes");
            equal(uint256(HashChain.climb(all[i], i + 1)), uint256(head), "leads to the head");
            if (i < many) equal(uint256(some[i]), uint256(all[i]), "the same links in a batch");
        }
    }
}
