// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {NameRules} from "../libraries/NameRules.sol";
import {IdentityId, NO_IDENTITY} from "../types/IdentityId.sol";
import {IdentityStore} from "./IdentityStore.sol";

/// @title Names: commit and reveal, taking and releasing
abstract contract IdentityNames is IdentityStore {
    /// @param identityId Who has the name, or had it last.
    /// @param freeAt 0 while in use; otherwise the Unix second from which others may take it.
    /// @param leaveAt While in use: the Unix second from which its bearer may leave it for a third name, that is when
    /// the one they left for it is free. In the same slot as the rest, so that it costs nothing.
    struct Name {
        IdentityId identityId;
        uint64 freeAt;
        uint64 leaveAt;
    }

    struct Commitment {
        uint64 blockNumber;
        uint64 committedAt;
    }

    uint64 private constant COMMITMENT_LIFETIME = 1 days;

    /// @inheritdoc IIdentityRegistry
    uint64 public immutable nameCooldown;

    mapping(bytes32 nameHash => Name) private _names;
    mapping(bytes32 commitment => Commitment) private _commitments;

    constructor(uint64 nameCooldown_) {
        // Bounded so that adding it to a timestamp cannot overflow and nobody can be shut out of a name for ever.
        if (nameCooldown_ > 3650 days) revert IdentityInvalidDelay();
        nameCooldown = nameCooldown_;
    }

    /// @inheritdoc IIdentityRegistry
    function commit(bytes32 commitment) external {
        if (_isLive(_commitments[commitment])) return;
        _commitments[commitment] = Commitment(uint64(block.number), uint64(block.timestamp));
        emit Committed(commitment);
    }

    /// @inheritdoc IIdentityRegistry
    function commitmentOf(bytes32 commitment) external view returns (uint64, uint64) {
        Commitment memory found = _commitments[commitment];
        return _isLive(found) ? (found.blockNumber, found.committedAt) : (0, 0);
    }

    /// @inheritdoc IIdentityRegistry
    function identityOf(string calldata name) external view returns (IdentityId, Identity memory) {
        return identityByNameHash(keccak256(bytes(name)));
    }

    /// @inheritdoc IIdentityRegistry
    function identityByNameHash(bytes32 nameHash) public view returns (IdentityId, Identity memory) {
        Name memory entry = _names[nameHash];
        return _withId(entry.freeAt == 0 ? entry.identityId : NO_IDENTITY);
    }

    /// @inheritdoc IIdentityRegistry
    function isAvailable(string calldata name) external view returns (bool) {
        Name memory entry = _names[NameRules.check(name)];
        return entry.identityId == NO_IDENTITY || (entry.freeAt != 0 && entry.freeAt <= block.timestamp);
    }

    /// @dev Spends the commitment made by (name, owner, public ID, secret) in an earlier block.
    function _useCommitment(bytes32 nameHash, address owner, bytes32 publicId, bytes32 secret) internal {
        bytes32 commitment = keccak256(abi.encode(nameHash, owner, publicId, secret));
        Commitment memory found = _commitments[commitment];
        if (found.committedAt == 0) revert IdentityNoCommitment(commitment);
        if (!_isLive(found)) revert IdentityCommitmentExpired(commitment);
        if (found.blockNumber >= block.number) revert IdentityCommitmentTooNew(commitment);
        delete _commitments[commitment];
    }

    function _takeName(IdentityId identityId, bytes32 nameHash) internal {
        Name memory entry = _names[nameHash];
        if (entry.identityId != NO_IDENTITY) {
            if (entry.freeAt == 0) revert IdentityNameTaken(nameHash);
            if (entry.identityId != identityId && entry.freeAt > block.timestamp) {
                revert IdentityNameCooling(nameHash, entry.freeAt);
            }
        }
        _names[nameHash] = Name(identityId, 0, 0);
    }

    /// @dev Moves from a name to another. At most one name of an identity cools off at any time: whoever wants a third
    /// waits until the one left before is free. Going back to it is no third.
    function _changeName(IdentityId identityId, bytes32 from, bytes32 to) internal {
        uint64 leaveAt = _names[from].leaveAt;
        Name memory wanted = _names[to];
        bool goesBack = wanted.identityId == identityId && wanted.freeAt > block.timestamp;
        _takeName(identityId, to);
        if (leaveAt > block.timestamp && !goesBack) revert IdentityRenameTooEarly(identityId, leaveAt);
        uint64 freeAt = uint64(block.timestamp) + nameCooldown;
        _names[from] = Name(identityId, freeAt, 0);
        _names[to].leaveAt = freeAt;
    }

    function _isLive(Commitment memory commitment) private view returns (bool) {
        return commitment.committedAt != 0 && block.timestamp <= commitment.committedAt + COMMITMENT_LIFETIME;
    }
}
