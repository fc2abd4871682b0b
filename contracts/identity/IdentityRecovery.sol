// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IdentityTypes} from "../libraries/IdentityTypes.sol";
import {IdentityId, NO_IDENTITY} from "../types/IdentityId.sol";
import {IdentityStore} from "./IdentityStore.sol";

/// @title Recovery: moving an identity to another wallet when the owner's is lost
/// @dev Three consents: the owner named the recovery account, the owner did not veto, the new owner accepts.
abstract contract IdentityRecovery is IdentityStore {
    /// @inheritdoc IIdentityRegistry
    uint64 public immutable recoveryDelay;

    /// @inheritdoc IIdentityRegistry
    mapping(IdentityId identityId => uint256) public recoveryNonce;

    mapping(IdentityId identityId => Recovery) private _recoveries;

    constructor(uint64 recoveryDelay_) {
        if (recoveryDelay_ == 0 || recoveryDelay_ > 365 days) revert IdentityInvalidDelay();
        recoveryDelay = recoveryDelay_;
    }

    /// @inheritdoc IIdentityRegistry
    function setRecovery(
        IdentityId identityId,
        address recovery,
        uint256 deadline,
        bytes calldata signature
    ) external {
        Identity storage record = _existing(identityId);
        uint256 nonce = ownerNonce[identityId]++;
        bytes32 word = bytes32(uint256(uint160(recovery)));
        bytes32 structHash = IdentityTypes.hashWith(IdentityTypes.SET_RECOVERY, identityId, word, nonce, deadline);
        _requireSignature(record.owner, structHash, deadline, signature);
        if (_recoveries[identityId].newOwner != address(0)) emit RecoveryCancelled(identityId);
        _recoveries[identityId] = Recovery(recovery, address(0), 0);
        emit RecoveryChanged(identityId, recovery);
    }

    /// @inheritdoc IIdentityRegistry
    function startRecovery(
        IdentityId identityId,
        address newOwner,
        uint256 deadline,
        bytes calldata signature
    ) external {
        _existing(identityId);
        Recovery storage pending = _recoveries[identityId];
        if (pending.recovery == address(0)) revert IdentityNoRecovery(identityId);
        uint256 nonce = recoveryNonce[identityId]++;
        bytes32 word = bytes32(uint256(uint160(newOwner)));
        bytes32 structHash = IdentityTypes.hashWith(IdentityTypes.START_RECOVERY, identityId, word, nonce, deadline);
        _requireSignature(pending.recovery, structHash, deadline, signature);
        if (newOwner == address(0) || _ids[newOwner] != NO_IDENTITY) revert IdentityOwnerTaken(newOwner);
        pending.newOwner = newOwner;
        pending.readyAt = uint64(block.timestamp) + recoveryDelay;
        emit RecoveryStarted(identityId, newOwner, pending.readyAt);
    }

    /// @inheritdoc IIdentityRegistry
    function cancelRecovery(IdentityId identityId, uint256 deadline, bytes calldata signature) external {
        _existing(identityId);
        Recovery storage pending = _recoveries[identityId];
        if (pending.newOwner == address(0)) revert IdentityRecoveryNotStarted(identityId);
        _requireOwner(identityId, IdentityTypes.CANCEL_RECOVERY, deadline, signature);
        pending.newOwner = address(0);
        pending.readyAt = 0;
        emit RecoveryCancelled(identityId);
    }

    /// @inheritdoc IIdentityRegistry
    function finishRecovery(IdentityId identityId, uint256 deadline, bytes calldata signature) external {
        Identity storage record = _existing(identityId);
        Recovery memory pending = _recoveries[identityId];
        address newOwner = pending.newOwner;
        if (newOwner == address(0)) revert IdentityRecoveryNotStarted(identityId);
        if (block.timestamp < pending.readyAt) revert IdentityRecoveryTooEarly(identityId, pending.readyAt);
        uint256 nonce = recoveryNonce[identityId]++;
        bytes32 structHash = IdentityTypes.hashBare(IdentityTypes.ACCEPT_RECOVERY, identityId, nonce, deadline);
        _requireSignature(newOwner, structHash, deadline, signature);
        // The new owner may have registered on their own since the start.
        if (_ids[newOwner] != NO_IDENTITY) revert IdentityOwnerTaken(newOwner);

        address oldOwner = record.owner;
        delete _recoveries[identityId];
        _ids[oldOwner] = NO_IDENTITY;
        _ids[newOwner] = identityId;
        record.owner = newOwner;
        // What the old owner signed and never submitted must stay void, even if the identity returns to them.
        ++ownerNonce[identityId];
        ++deviceNonce[identityId];
        emit RecoveryChanged(identityId, address(0));
        emit OwnerChanged(identityId, oldOwner, newOwner);
    }

    /// @inheritdoc IIdentityRegistry
    function recoveryOf(IdentityId identityId) external view returns (Recovery memory) {
        return _recoveries[identityId];
    }
}
