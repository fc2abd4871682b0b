// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A chain of hashes, revealed from its head inwards
/// @notice link(n) is secret, link(k - 1) = keccak256(link(k)), and link(0), the head, is public. Who knows link(k) knows
/// all links before it and none after.
library HashChain {
    /// @notice The `count` links ending with `last`, in the order in which they are revealed.
    function unfold(bytes32 last, uint256 count) internal pure returns (bytes32[] memory links) {
        links = new bytes32[](count);
        for (uint256 i = count; i > 0; --i) {
            links[i - 1] = last;
            last = before(last);
        }
    }

    /// @notice The link `steps` nearer to the head.
    function climb(bytes32 link, uint256 steps) internal pure returns (bytes32) {
        for (; steps > 0; --steps) link = before(link);
        return link;
    }

    function before(bytes32 link) private pure returns (bytes32 previous) {
        // keccak256 of the 32 bytes, in scratch space.
        assembly ("memory-safe") {
            mstore(0, link)
            previous := keccak256(0, 32)
        }
    }
}
