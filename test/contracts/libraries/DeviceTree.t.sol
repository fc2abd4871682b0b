// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {DeviceTree} from "../../../contracts/libraries/DeviceTree.sol";
import {Test} from "../support/Test.sol";

contract DeviceTreeTest is Test {
    function rootOf(bytes32[] calldata devices) external pure returns (bytes32) {
        return DeviceTree.root(devices);
    }

    function devicesFrom(uint256 seed, uint256 count) private pure returns (bytes32[] memory devices) {
        devices = new bytes32[](count);
        uint256 key;
        for (uint256 i; i < count; ++i) {
            // Ascending by construction: steps of at most 2^248.
            key += 1 + (uint256(keccak256(abi.encode(seed, i))) >> 8);
            devices[i] = bytes32(key);
        }
    }

    function leafOf(bytes32 device) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0), device));
    }

    /// @dev Proof of the leaf at `index`, built as the interface describes the tree.
    function proofOf(bytes32[] memory devices, uint256 index) private pure returns (bytes32[] memory proof) {
        uint256 count = devices.length;
        bytes32[] memory level = new bytes32[](count);
        for (uint256 i; i < count; ++i) level[i] = leafOf(devices[i]);
        bytes32[] memory path = new bytes32[](8);
        uint256 length;
        while (count > 1) {
            uint256 sibling = index ^ 1;
            if (sibling < count) path[length++] = level[sibling];
            uint256 next = (count + 1) / 2;
            for (uint256 i; i < next; ++i) {
                bool paired = 2 * i + 1 < count;
                level[i] = paired ? Hashes.commutativeKeccak256(level[2 * i], level[2 * i + 1]) : level[2 * i];
            }
            (index, count) = (index / 2, next);
        }
        proof = new bytes32[](length);
        for (uint256 i; i < length; ++i) proof[i] = path[i];
    }

    function testFuzz_everyDeviceIsProven(uint256 seed, uint256 size, uint256 pick) public view {
        uint256 count = within(size, 1, 64);
        bytes32[] memory devices = devicesFrom(seed, count);
        bytes32 root = this.rootOf(devices);
        uint256 index = within(pick, 0, count - 1);
        bytes32[] memory proof = proofOf(devices, index);
        holds(MerkleProof.verify(proof, root, leafOf(devices[index])), "a listed device is proven");
        bytes32 stranger = keccak256(abi.encode(seed, "stranger"));
        holds(!MerkleProof.verify(proof, root, leafOf(stranger)), "no other device is");
    }

    function testFuzz_anotherListHasAnotherRoot(uint256 seed, uint256 size, uint256 pick) public view {
        uint256 count = within(size, 2, 64);
        bytes32[] memory devices = devicesFrom(seed, count);
        bytes32 root = this.rootOf(devices);
        bytes32[] memory shorter = new bytes32[](count - 1);
        uint256 dropped = within(pick, 0, count - 1);
        for (uint256 i; i < count - 1; ++i) shorter[i] = devices[i < dropped ? i : i + 1];
        holds(this.rootOf(shorter) != root, "dropping a device changes the root");
        devices[dropped] = bytes32(uint256(devices[dropped]) - 1);
        bool ordered = devices[dropped] != 0 && (dropped == 0 || devices[dropped] > devices[dropped - 1]);
        if (ordered) holds(this.rootOf(devices) != root, "changing a device changes the root");
    }

    function testFuzz_disorderIsRefused(uint256 seed, uint256 size, uint256 pick) public {
        uint256 count = within(size, 2, 64);
        bytes32[] memory devices = devicesFrom(seed, count);
        uint256 index = within(pick, 0, count - 2);
        (devices[index], devices[index + 1]) = (devices[index + 1], devices[index]);
        vm.expectRevert();
        this.rootOf(devices);
    }
}
