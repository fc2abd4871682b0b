// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IdentityRegistry} from "../../../contracts/identity/IdentityRegistry.sol";
import {IIdentityRegistry} from "../../../contracts/interfaces/IIdentityRegistry.sol";
import {IdentityId} from "../../../contracts/types/IdentityId.sol";
import {Test} from "../support/Test.sol";
import {IdentityHandler} from "./IdentityHandler.sol";

/// hardhat-config: invariant.runs = 64
/// hardhat-config: invariant.depth = 64
contract IdentityRegistryTest is Test {
    IdentityHandler private _handler;
    IdentityRegistry private _registry;

    function setUp() public {
        _handler = new IdentityHandler();
        _registry = _handler.registry();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function identityAt(uint256 id) private view returns (IIdentityRegistry.Identity memory) {
        return _registry.identity(IdentityId.wrap(uint64(id)));
    }

    function invariant_oneOwnerOneNameOnePublicIdPerIdentity() public view {
        for (uint256 id = 1; id <= _handler.count(); ++id) {
            IIdentityRegistry.Identity memory record = identityAt(id);
            (IdentityId byName, ) = _registry.identityOf(record.name);
            (IdentityId byPublicId, ) = _registry.identityByPublicId(record.publicId);
            equal(IdentityId.unwrap(byName), id, "name leads to the identity");
            equal(IdentityId.unwrap(byPublicId), id, "public ID leads to the identity");
            equal(IdentityId.unwrap(_registry.idByOwner(record.owner)), id, "owner leads to the identity");
        }
        for (uint256 i; i < _handler.NAMES(); ++i) {
            (IdentityId holder, IIdentityRegistry.Identity memory record) = _registry.identityOf(_handler.nameAt(i));
            if (IdentityId.unwrap(holder) == 0) continue;
            holds(keccak256(bytes(record.name)) == keccak256(bytes(_handler.nameAt(i))), "a name found is borne");
        }
    }

    function invariant_everyPublicIdLeadsToItsFirstIdentityForEver() public view {
        for (uint256 i; i < _handler.publicIdCount(); ++i) {
            bytes32 publicId = _handler.publicIds(i);
            (IdentityId found, ) = _registry.identityByPublicId(publicId);
            equal(IdentityId.unwrap(found), _handler.firstIdOf(publicId), "first identity of a public ID");
        }
    }

    function invariant_anIdentityKeepsTwoNamesFromOthersAtMost() public view {
        uint256[] memory kept = new uint256[](_handler.count() + 1);
        for (uint256 i; i < _handler.NAMES(); ++i) {
            if (_registry.isAvailable(_handler.nameAt(i))) continue;
            (IdentityId holder, ) = _registry.identityOf(_handler.nameAt(i));
            uint256 keeper = IdentityId.unwrap(holder);
            ++kept[keeper == 0 ? _handler.leftBy(i) : keeper];
        }
        equal(kept[0], 0, "names kept for nobody");
        for (uint256 id = 1; id < kept.length; ++id) holds(kept[id] == 1 || kept[id] == 2, "one or two names");
    }

    function invariant_onlyTheRightHandsChangeAnIdentity() public view {
        for (uint256 id = 1; id <= _handler.count(); ++id) {
            IIdentityRegistry.Identity memory record = identityAt(id);
            holds(record.owner == _handler.walletAt(_handler.walletOf(id)), "owner");
            equal(record.keyVersion, _handler.versionOf(id), "key version");
            holds(record.revoked == _handler.revokedOf(id), "revoked");
        }
    }

    function invariant_aRevokedIdentityHasNoControllerAndNoDevices() public view {
        for (uint256 id = 1; id <= _handler.count(); ++id) {
            IIdentityRegistry.Identity memory record = identityAt(id);
            holds(record.revoked == (record.controller == address(0)), "no controller exactly while revoked");
            if (record.revoked) holds(record.deviceRoot == 0, "no devices while revoked");
        }
    }

    function invariant_theControllerIsTheOneTheOwnerSetLast() public view {
        for (uint256 id = 1; id <= _handler.count(); ++id) {
            address controller = identityAt(id).controller;
            if (controller != address(0)) holds(controller == vm.addr(_handler.controllerOf(id)), "controller");
        }
    }

    function invariant_aRecoveryIsNeverReadyBeforeItsDelay() public view {
        for (uint256 id = 1; id <= _handler.count(); ++id) {
            IIdentityRegistry.Recovery memory recovery = _registry.recoveryOf(IdentityId.wrap(uint64(id)));
            bool pending = recovery.newOwner != address(0);
            holds(pending == (_handler.readyAt(id) != 0), "pending");
            if (pending) equal(recovery.readyAt, _handler.readyAt(id), "ready at");
        }
    }
}
