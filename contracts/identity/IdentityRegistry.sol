// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {DeviceTree} from "../libraries/DeviceTree.sol";
import {IdentityTypes} from "../libraries/IdentityTypes.sol";
import {NameRules} from "../libraries/NameRules.sol";
import {IdentityId, NO_IDENTITY} from "../types/IdentityId.sol";
import {IdentityNames} from "./IdentityNames.sol";
import {IdentityRecovery} from "./IdentityRecovery.sol";

/// @title Identity registry
/// @dev Storage and signatures are in IdentityStore, names in IdentityNames, recovery in IdentityRecovery.
contract IdentityRegistry is IdentityNames, IdentityRecovery {
    /// @param recoveryDelay_ Seconds an owner has to veto a recovery, above 0.
    /// @param nameCooldown_ Seconds a released name is kept from others.
    constructor(
        uint64 recoveryDelay_,
        uint64 nameCooldown_
    ) IdentityRecovery(recoveryDelay_) IdentityNames(nameCooldown_) {}

    /// @inheritdoc IIdentityRegistry
    function registerFor(
        Registration calldata registration,
        bytes32 secret,
        bytes32[] calldata devices,
        bytes calldata signature
    ) external returns (IdentityId identityId) {
        address owner = registration.owner;
        bytes32 nameHash = NameRules.check(registration.name);
        _requireSignature(
            owner,
            IdentityTypes.hashRegistration(registration, nameHash),
            registration.deadline,
            signature
        );
        if (_ids[owner] != NO_IDENTITY) revert IdentityOwnerTaken(owner);
        _useCommitment(nameHash, owner, registration.publicId, secret);

        identityId = IdentityId.wrap(++identityCount);
        _ids[owner] = identityId;
        _takeName(identityId, nameHash);
        Identity storage record = _identities[identityId];
        record.owner = owner;
        record.registeredAt = uint64(block.timestamp);
        record.name = registration.name;
        emit Registered(identityId, owner, nameHash, registration.name);
        _setKeys(
            identityId,
            Keys(registration.publicId, registration.agreementKey, registration.controller, registration.deviceRoot),
            nameHash
        );
        _setDevices(identityId, registration.deviceRoot, devices);
    }

    /// @inheritdoc IIdentityRegistry
    function rename(
        IdentityId identityId,
        string calldata name,
        bytes32 secret,
        uint256 deadline,
        bytes calldata signature
    ) external {
        Identity storage record = _existing(identityId);
        bytes32 nameHash = NameRules.check(name);
        uint256 nonce = ownerNonce[identityId]++;
        _requireSignature(
            record.owner,
            IdentityTypes.hashWith(IdentityTypes.RENAME, identityId, nameHash, nonce, deadline),
            deadline,
            signature
        );
        _useCommitment(nameHash, record.owner, record.publicId, secret);

        bytes32 oldNameHash = keccak256(bytes(record.name));
        _changeName(identityId, oldNameHash, nameHash);
        record.name = name;
        emit Renamed(identityId, oldNameHash, nameHash, name);
    }

    /// @inheritdoc IIdentityRegistry
    function rotate(
        IdentityId identityId,
        Keys calldata keys,
        bytes32 secret,
        bytes32[] calldata devices,
        uint256 deadline,
        bytes calldata signature
    ) external {
        Identity storage record = _existing(identityId);
        uint256 nonce = ownerNonce[identityId]++;
        _requireSignature(
            record.owner,
            IdentityTypes.hashRotate(identityId, keys, nonce, deadline),
            deadline,
            signature
        );
        // Or whoever reads a public ID in a pending reveal could put it into an entry of their own first.
        bytes32 nameHash = keccak256(bytes(record.name));
        _useCommitment(nameHash, record.owner, keys.publicId, secret);
        // Device lists signed under the keys now leaving must not come back.
        ++deviceNonce[identityId];
        record.revoked = false;
        _setKeys(identityId, keys, nameHash);
        _setDevices(identityId, keys.deviceRoot, devices);
    }

    /// @inheritdoc IIdentityRegistry
    function setDevices(
        IdentityId identityId,
        bytes32[] calldata devices,
        uint256 deadline,
        bytes calldata signature
    ) external {
        Identity storage record = _existing(identityId);
        if (record.revoked) revert IdentityRevoked(identityId);
        uint256 nonce = deviceNonce[identityId]++;
        bytes32 deviceRoot = DeviceTree.root(devices);
        bytes32 structHash = IdentityTypes.hashWith(
            IdentityTypes.SET_DEVICES,
            identityId,
            deviceRoot,
            nonce,
            deadline
        );
        // The controller signs most of these; the owner is asked only when it did not.
        if (!_isSignature(record.controller, structHash, signature)) {
            _requireSignature(record.owner, structHash, deadline, signature);
        } else {
            _requireInTime(deadline);
        }
        _writeDevices(identityId, deviceRoot, devices);
    }

    /// @inheritdoc IIdentityRegistry
    function setController(
        IdentityId identityId,
        address controller,
        bytes32[] calldata devices,
        uint256 deadline,
        bytes calldata signature
    ) external {
        Identity storage record = _existing(identityId);
        if (record.revoked) revert IdentityRevoked(identityId);
        if (controller == address(0)) revert IdentityMissingKey();
        uint256 nonce = ownerNonce[identityId]++;
        bytes32 deviceRoot = DeviceTree.root(devices);
        _requireSignature(
            record.owner,
            IdentityTypes.hashSetController(identityId, controller, deviceRoot, nonce, deadline),
            deadline,
            signature
        );
        // Device lists signed under the controller now leaving must not come back.
        ++deviceNonce[identityId];
        record.controller = controller;
        emit KeysChanged(identityId, record.publicId, record.keyVersion, record.agreementKey, controller);
        _writeDevices(identityId, deviceRoot, devices);
    }

    /// @inheritdoc IIdentityRegistry
    function revoke(IdentityId identityId, uint256 deadline, bytes calldata signature) external {
        Identity storage record = _existing(identityId);
        if (record.revoked) revert IdentityRevoked(identityId);
        _requireOwner(identityId, IdentityTypes.REVOKE, deadline, signature);
        ++deviceNonce[identityId];
        record.revoked = true;
        record.controller = address(0);
        emit Revoked(identityId);
        _writeDevices(identityId, 0, new bytes32[](0));
    }

    /// @inheritdoc IIdentityRegistry
    function computeDeviceRoot(bytes32[] calldata devices) external pure returns (bytes32) {
        return DeviceTree.root(devices);
    }
}
