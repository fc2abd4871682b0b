// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {DeviceTree} from "../libraries/DeviceTree.sol";
import {IdentityTypes} from "../libraries/IdentityTypes.sol";
import {IdentityId, NO_IDENTITY} from "../types/IdentityId.sol";

/// @title Identities: storage, signatures, reads
abstract contract IdentityStore is IIdentityRegistry, EIP712 {
    /// @inheritdoc IIdentityRegistry
    uint64 public identityCount;

    /// @inheritdoc IIdentityRegistry
    mapping(IdentityId identityId => uint256) public ownerNonce;

    /// @inheritdoc IIdentityRegistry
    mapping(IdentityId identityId => uint256) public deviceNonce;

    mapping(IdentityId identityId => Identity) internal _identities;
    mapping(address owner => IdentityId) internal _ids;
    mapping(bytes32 publicId => IdentityId) internal _publicIds;

    constructor() EIP712("Skrumble IdentityRegistry", "1") {}

    /// @inheritdoc IIdentityRegistry
    function identity(IdentityId identityId) external view returns (Identity memory) {
        return _existing(identityId);
    }

    /// @inheritdoc IIdentityRegistry
    function identityByPublicId(bytes32 publicId) external view returns (IdentityId, Identity memory) {
        return _withId(_publicIds[publicId]);
    }

    /// @inheritdoc IIdentityRegistry
    function identityByOwner(address owner) external view returns (IdentityId, Identity memory) {
        return _withId(_ids[owner]);
    }

    /// @inheritdoc IIdentityRegistry
    function idByOwner(address owner) external view returns (IdentityId) {
        return _ids[owner];
    }

    /// @inheritdoc IIdentityRegistry
    function activeKeys(IdentityId identityId) external view returns (address owner, address controller) {
        Identity storage record = _identities[identityId];
        controller = record.controller;
        // Only a revocation takes the controller away.
        if (controller != address(0)) owner = record.owner;
    }

    function _withId(IdentityId identityId) internal view returns (IdentityId, Identity memory) {
        return (identityId, _identities[identityId]);
    }

    function _existing(IdentityId identityId) internal view returns (Identity storage record) {
        record = _identities[identityId];
        if (record.owner == address(0)) revert IdentityUnknown(identityId);
    }

    /// @dev Puts new keys in force, derived under the name hashing to `saltName`.
    function _setKeys(IdentityId identityId, Keys memory keys, bytes32 saltName) internal {
        if (keys.publicId == 0 || keys.agreementKey == 0 || keys.controller == address(0)) revert IdentityMissingKey();
        // Never handed out again, not even to the identity that had it: it may be what leaked.
        if (_publicIds[keys.publicId] != NO_IDENTITY) revert IdentityPublicIdTaken(keys.publicId);
        _publicIds[keys.publicId] = identityId;
        Identity storage record = _identities[identityId];
        uint32 keyVersion = ++record.keyVersion;
        record.publicId = keys.publicId;
        record.agreementKey = keys.agreementKey;
        record.controller = keys.controller;
        record.saltName = saltName;
        emit KeysChanged(identityId, keys.publicId, keyVersion, keys.agreementKey, keys.controller);
    }

    /// @dev Stores the device list after checking it against the root that was signed.
    function _setDevices(IdentityId identityId, bytes32 signedRoot, bytes32[] calldata devices) internal {
        bytes32 computed = DeviceTree.root(devices);
        if (computed != signedRoot) revert IdentityDeviceRootMismatch(signedRoot, computed);
        _writeDevices(identityId, computed, devices);
    }

    /// @dev `root` must be the root of `devices`.
    function _writeDevices(IdentityId identityId, bytes32 root, bytes32[] memory devices) internal {
        Identity storage record = _identities[identityId];
        record.deviceRoot = root;
        record.devicesBlock = uint64(block.number);
        emit DevicesChanged(identityId, record.keyVersion, root, devices);
    }

    /// @dev Uses up an owner nonce with a signature over one of the types without further fields.
    function _requireOwner(
        IdentityId identityId,
        bytes32 typeHash,
        uint256 deadline,
        bytes calldata signature
    ) internal {
        uint256 nonce = ownerNonce[identityId]++;
        bytes32 structHash = IdentityTypes.hashBare(typeHash, identityId, nonce, deadline);
        _requireSignature(_identities[identityId].owner, structHash, deadline, signature);
    }

    function _requireSignature(
        address signer,
        bytes32 structHash,
        uint256 deadline,
        bytes calldata signature
    ) internal view {
        _requireInTime(deadline);
        if (!_isSignature(signer, structHash, signature)) revert IdentityInvalidSignature(signer);
    }

    function _requireInTime(uint256 deadline) internal view {
        if (block.timestamp > deadline) revert IdentityDeadlinePassed(deadline);
    }

    /// @dev A signer of 0 never matches. Contract wallets are asked by static call (EIP-1271).
    function _isSignature(address signer, bytes32 structHash, bytes calldata signature) internal view returns (bool) {
        return SignatureChecker.isValidSignatureNowCalldata(signer, _hashTypedDataV4(structHash), signature);
    }
}
