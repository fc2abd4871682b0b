// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";

/// @title Merkle root over a device list
/// @notice Shape and hashing are described in IIdentityRegistry. Leaves are hashed over 33 bytes and nodes over 64, so
/// a node cannot pass for a leaf, and moving an odd node up unchanged is unambiguous.
library DeviceTree {
    uint256 internal constant MAX_DEVICES = 64;

    function root(bytes32[] calldata devices) internal pure returns (bytes32) {
        uint256 count = devices.length;
        if (count == 0) return 0;
        if (count > MAX_DEVICES) revert IIdentityRegistry.IdentityTooManyDevices(count);
        bytes32[] memory level = new bytes32[](count);
        bytes32 last;
        for (uint256 i; i < count; ++i) {
            // Ascending order keeps out duplicates, the zero key and two lists for one set.
            if (devices[i] <= last) revert IIdentityRegistry.IdentityDeviceOrder(i);
            last = devices[i];
            level[i] = keccak256(abi.encodePacked(bytes1(0), last));
        }
        while (count > 1) {
            uint256 pairs = count / 2;
            for (uint256 i; i < pairs; ++i) {
                level[i] = Hashes.commutativeKeccak256(level[2 * i], level[2 * i + 1]);
            }
            if (count % 2 == 1) level[pairs] = level[count - 1];
            count = pairs + (count % 2);
        }
        return level[0];
    }
}
