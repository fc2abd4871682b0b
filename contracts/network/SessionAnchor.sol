// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRelayRegistry} from "../interfaces/IRelayRegistry.sol";
import {ISessionAnchor} from "../interfaces/ISessionAnchor.sol";
import {RelayId, NO_RELAY} from "../types/RelayId.sol";

/// @title Session anchors
contract SessionAnchor is ISessionAnchor {
    /// @inheritdoc ISessionAnchor
    IRelayRegistry public immutable relayRegistry;

    /// @inheritdoc ISessionAnchor
    mapping(RelayId relayId => uint64) public lastAnchorBlock;

    mapping(RelayId relayId => mapping(bytes32 root => Anchor)) private _anchors;

    /// @param relayRegistry_ Where anchor keys are looked up.
    constructor(IRelayRegistry relayRegistry_) {
        relayRegistry = relayRegistry_;
    }

    /// @inheritdoc ISessionAnchor
    function anchor(bytes32 root, uint32 leaves) external {
        if (root == 0 || leaves == 0) revert AnchorEmpty();
        RelayId relayId = relayRegistry.activeAnchor(msg.sender);
        if (relayId == NO_RELAY) revert AnchorNotRelay(msg.sender);
        if (lastAnchorBlock[relayId] == block.number) revert AnchorOncePerBlock(relayId, block.number);
        // The earliest anchor decides between rival commits, so it is never overwritten. Roots are kept per relay: no
        // relay can occupy another's.
        if (_anchors[relayId][root].blockNumber != 0) revert AnchorExists(relayId, root);
        lastAnchorBlock[relayId] = uint64(block.number);
        _anchors[relayId][root] = Anchor(uint64(block.number), uint64(block.timestamp), leaves);
        emit Anchored(relayId, root, leaves);
    }

    /// @inheritdoc ISessionAnchor
    function anchoredAt(RelayId relayId, bytes32 root) external view returns (Anchor memory) {
        return _anchors[relayId][root];
    }
}
