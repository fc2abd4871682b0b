// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RelayId} from "../types/RelayId.sol";
import {IRelayRegistry} from "./IRelayRegistry.sol";

/// @title Session anchors
/// @notice Certifies that sessions began, without learning whose. A relay gathers the blinded leaves of a block into
/// one Merkle root and writes it here; what the leaves mean only the members of the session can tell. Nobody
/// administers it.
///
/// Leaf (96 bytes) = tag (32) ‖ commitment (32) ‖ MAC (32). Leaf hash = keccak256(0x00 ‖ leaf). Inner node =
/// keccak256(min ‖ max) of its two children, so that OpenZeppelin's MerkleProof verifies proofs. The contract does not
/// see the leaves.
interface ISessionAnchor {
    /// @param blockNumber Block of the anchor; 0 when there is none.
    /// @param timestamp Unix seconds of that block.
    /// @param leaves How many leaves the relay says are under the root.
    struct Anchor {
        uint64 blockNumber;
        uint64 timestamp;
        uint32 leaves;
    }

    event Anchored(RelayId indexed relayId, bytes32 indexed root, uint32 leaves);

    error AnchorNotRelay(address caller);
    error AnchorEmpty();
    /// @dev One transaction per relay and block.
    error AnchorOncePerBlock(RelayId relayId, uint256 blockNumber);
    error AnchorExists(RelayId relayId, bytes32 root);

    /// @notice Record `root` over `leaves` leaves. Anchor key of an active relay with the anchor role only.
    function anchor(bytes32 root, uint32 leaves) external;

    /// @notice When `relayId` anchored `root`; all zeros when it did not. Never changes once set.
    function anchoredAt(RelayId relayId, bytes32 root) external view returns (Anchor memory);

    /// @notice Last block in which `relayId` anchored; 0 when it never did.
    function lastAnchorBlock(RelayId relayId) external view returns (uint64);

    function relayRegistry() external view returns (IRelayRegistry);
}
