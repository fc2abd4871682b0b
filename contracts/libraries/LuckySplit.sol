// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Lucky shares of a sum
/// @notice A seed cuts the sum into as many parts as there are shares; each draw then takes one of the parts still
/// there, any of them with the same chance. So the place in the queue means nothing, whatever the parts are.
///
/// Parts come in pairs that add up to twice the mean: the first uniform in [1, 2 * mean - 1], the second the rest. When
/// the number is odd, the last three make a group that adds up to three times the mean. mean = total / shares, rounded
/// down; what rounding leaves goes to the first positions, one unit each. So every part is at least 1 unit and at most
/// twice the mean, for every seed, and all of them add up to the total.
library LuckySplit {
    /// @notice Size of the part at `position`.
    /// @param total Sum to be split, at least `shares` and below 2^128.
    /// @param shares Number of parts, at least 1.
    /// @param seed Decides the sizes of all parts.
    /// @param position Below `shares`.
    function amountAt(
        uint256 total,
        uint256 shares,
        uint256 seed,
        uint256 position
    ) internal pure returns (uint256 amount) {
        // Nothing overflows: total < 2^128, so three means fit; nothing underflows: see the bounds beside each line.
        unchecked {
            uint256 mean = total / shares;
            amount = shares == 1 ? mean : part(mean, shares, seed, position);
            if (position < total % shares) ++amount;
        }
    }

    /// @notice Position of the part a draw takes.
    /// @param taken Bit set of the positions already taken.
    /// @param shares Number of parts, at most 128.
    /// @param remaining How many are not taken, at least 1.
    /// @param random Uniform number; far above `remaining`, so that the remainder is uniform too.
    function pick(
        uint256 taken,
        uint256 shares,
        uint256 remaining,
        uint256 random
    ) internal pure returns (uint256 position) {
        unchecked {
            return select(~taken & ((1 << shares) - 1), random % remaining);
        }
    }

    /// @dev Position of the set bit of `word`, below 2^128, that has `rank` set bits below it: counts of set bits in
    /// lanes of 2, 4, ... 64 bits, then a walk down from the widest ("Select the bit position with the given count",
    /// Anderson, Bit Twiddling Hacks). Nothing overflows: a count fits its lane.
    function select(uint256 word, uint256 rank) private pure returns (uint256 position) {
        unchecked {
            uint256 by2 = word - ((word >> 1) & 0x55555555555555555555555555555555);
            uint256 by4 = (by2 & 0x33333333333333333333333333333333) +
                ((by2 >> 2) & 0x33333333333333333333333333333333);
            uint256 by8 = (by4 + (by4 >> 4)) & 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f;
            uint256 by16 = (by8 + (by8 >> 8)) & 0x00ff00ff00ff00ff00ff00ff00ff00ff;
            uint256 by32 = (by16 + (by16 >> 16)) & 0x0000ffff0000ffff0000ffff0000ffff;
            uint256 count = (by32 + (by32 >> 32)) & 0xff;
            if (rank >= count) (rank, position) = (rank - count, 64);
            count = (by32 >> position) & 0xff;
            if (rank >= count) (rank, position) = (rank - count, position + 32);
            count = (by16 >> position) & 0xff;
            if (rank >= count) (rank, position) = (rank - count, position + 16);
            count = (by8 >> position) & 0xff;
            if (rank >= count) (rank, position) = (rank - count, position + 8);
            count = (by4 >> position) & 0xf;
            if (rank >= count) (rank, position) = (rank - count, position + 4);
            count = (by2 >> position) & 0x3;
            if (rank >= count) (rank, position) = (rank - count, position + 2);
            if (rank >= (word >> position) & 1) ++position;
        }
    }

    function part(uint256 mean, uint256 shares, uint256 seed, uint256 position) private pure returns (uint256) {
        unchecked {
            uint256 most = 2 * mean - 1;
            uint256 trio = shares % 2 == 0 ? shares : shares - 3;
            uint256 group = position < trio ? position / 2 : trio / 2;
            uint256 first = 1 + chance(seed, group) % most;
            if (position < trio) return position % 2 == 0 ? first : 2 * mean - first;
            if (position == trio) return first;
            // At least mean + 1, because first <= 2 * mean - 1.
            uint256 rest = 3 * mean - first;
            uint256 low = rest > most ? rest - most : 1;
            uint256 high = Math.min(most, rest - 1);
            // The trio is the last group, so the number after its own is free.
            uint256 second = low + chance(seed, group + 1) % (high - low + 1);
            return position == trio + 1 ? second : rest - second;
        }
    }

    function chance(uint256 seed, uint256 group) private pure returns (uint256) {
        return uint256(Hashes.efficientKeccak256(bytes32(seed), bytes32(group)));
    }
}
