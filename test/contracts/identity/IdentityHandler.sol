// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IdentityRegistry} from "../../../contracts/identity/IdentityRegistry.sol";
import {IIdentityRegistry} from "../../../contracts/interfaces/IIdentityRegistry.sol";
import {IdentityTypes} from "../../../contracts/libraries/IdentityTypes.sol";
import {IdentityId} from "../../../contracts/types/IdentityId.sol";
import {Test} from "../support/Test.sol";

/// @dev People with few names between them register, rename, rotate, revoke, enrol devices, replace controllers and
/// recover, signing with real keys, while others try the same without the right. Keeps its own books of what should be so.
contract IdentityHandler is Test {
    uint64 public constant RECOVERY_DELAY = 2 days;
    uint64 public constant COOLDOWN = 10 days;
    uint256 public constant NAMES = 6;
    uint256 public constant WALLETS = 8;
    uint256 private constant RECOVERY_WALLET = 100;

    IdentityRegistry public immutable registry = new IdentityRegistry(RECOVERY_DELAY, COOLDOWN);

    /// @dev By identity: wallet number of the owner, version of the keys, revoked or not.
    mapping(uint256 id => uint256) public walletOf;
    mapping(uint256 id => uint256) public versionOf;
    mapping(uint256 id => bool) public revokedOf;
    /// @dev By identity: key of the controller, and of the one before.
    mapping(uint256 id => uint256) public controllerOf;
    mapping(uint256 id => uint256) public formerControllerOf;
    mapping(uint256 id => uint256) public readyAt;
    mapping(uint256 id => uint256) public target;
    mapping(uint256 name => uint256) public leftBy;
    mapping(uint256 name => uint256) public leftAt;
    /// @dev By identity: when it last changed its name.
    mapping(uint256 id => uint256) public renamedAt;
    mapping(uint256 wallet => uint256) public idOf;
    bytes32[] public publicIds;
    mapping(bytes32 publicId => uint256) public firstIdOf;

    uint256 private _salt;

    function count() public view returns (uint256) {
        return registry.identityCount();
    }

    function nameAt(uint256 index) public pure returns (string memory) {
        return string.concat("name-", string(abi.encodePacked(bytes1(uint8(0x61 + (index % NAMES))))));
    }

    function walletAt(uint256 index) public pure returns (address) {
        return vm.addr(walletKey(index));
    }

    function register(uint256 wallet, uint256 name, bool signed, bool committed) external {
        wallet %= WALLETS;
        name %= NAMES;
        address owner = walletAt(wallet);
        bytes32[] memory devices = newDevices();
        IIdentityRegistry.Keys memory keys = newKeys(devices);
        if (committed) commit(name, owner, keys.publicId);
        bool free = nameIsFree(name, 0) && idOf[wallet] == 0;
        IIdentityRegistry.Registration memory r = IIdentityRegistry.Registration(
            owner,
            nameAt(name),
            keys.publicId,
            keys.agreementKey,
            keys.controller,
            keys.deviceRoot,
            now_()
        );
        bytes32 structHash = keccak256(
            abi.encode(
                IdentityTypes.REGISTRATION,
                owner,
                keccak256(bytes(r.name)),
                r.publicId,
                r.agreementKey,
                r.controller,
                r.deviceRoot,
                r.deadline
            )
        );
        bytes memory signature = sign(signed ? walletKey(wallet) : walletKey(wallet + 1), structHash);
        try registry.registerFor(r, bytes32(name), devices, signature) returns (IdentityId identityId) {
            holds(free && signed && committed, "registered without the right");
            uint256 id = IdentityId.unwrap(identityId);
            equal(id, count(), "numbers count up");
            (walletOf[id], idOf[wallet]) = (wallet, id);
            keysChanged(id, keys.publicId);
        } catch {
            holds(!(free && signed && committed), "a rightful registration was refused");
        }
    }

    function rename(uint256 pick, uint256 name, bool signed) external {
        if (count() == 0) return;
        uint256 id = within(pick, 1, count());
        name %= NAMES;
        IIdentityRegistry.Identity memory before = registry.identity(IdentityId.wrap(uint64(id)));
        commit(name, before.owner, before.publicId);
        bytes memory signature = ownerSigns(id, signed, IdentityTypes.RENAME, keccak256(bytes(nameAt(name))));
        bool free = nameIsFree(name, id) && mayTake(id, name);
        try registry.rename(IdentityId.wrap(uint64(id)), nameAt(name), bytes32(name), now_(), signature) {
            holds(free && signed, "renamed without the right");
            for (uint256 i; i < NAMES; ++i) {
                if (keccak256(bytes(nameAt(i))) == keccak256(bytes(before.name))) (leftBy[i], leftAt[i]) = (id, now_());
            }
            (leftAt[name], renamedAt[id]) = (0, now_());
        } catch {
            holds(!(free && signed), "a rightful rename was refused");
        }
    }

    /// @dev `committed`: not at all, in the same block, in an earlier one.
    function rotate(uint256 pick, bool signed, uint256 committed) external {
        if (count() == 0) return;
        uint256 id = within(pick, 1, count());
        committed %= 3;
        bytes32[] memory devices = newDevices();
        IIdentityRegistry.Keys memory keys = newKeys(devices);
        if (committed != 0) commitRotation(id, keys.publicId);
        if (committed == 2) pass(1);
        bool rotated = rotates(id, signed, keys, devices);
        holds(rotated == (signed && committed == 2), rotated ? "rotated without the right" : "rotation refused");
        if (rotated) keysChanged(id, keys.publicId);
    }

    /// @dev Somebody reads a public ID in a pending rotation and puts theirs before it, in the same block.
    function squat(uint256 pick, uint256 squatter) external {
        if (count() < 2) return;
        uint256 id = within(pick, 1, count());
        squatter = within(squatter, 1, count());
        if (squatter == id) return;
        bytes32[] memory devices = newDevices();
        IIdentityRegistry.Keys memory keys = newKeys(devices);
        commitRotation(id, keys.publicId);
        pass(1);
        commitRotation(squatter, keys.publicId);
        holds(!rotates(squatter, true, keys, devices), "a public ID was squatted");
        holds(rotates(id, true, keys, devices), "a rotation was prevented");
        keysChanged(id, keys.publicId);
        pass(1);
        holds(!rotates(squatter, true, keys, devices), "a public ID was taken twice");
    }

    function setDevices(uint256 pick, uint256 as_) external {
        if (count() == 0) return;
        uint256 id = within(pick, 1, count());
        IdentityId identityId = IdentityId.wrap(uint64(id));
        bytes32[] memory devices = newDevices();
        as_ %= 4; // owner, controller, the controller before, stranger
        uint256 former = formerControllerOf[id] == 0 ? 999 : formerControllerOf[id];
        uint256 key = as_ == 0 ? walletKey(walletOf[id]) : as_ == 1 ? controllerOf[id] : as_ == 2 ? former : 999;
        bytes32 root = registry.computeDeviceRoot(devices);
        bytes32 structHash = keccak256(
            abi.encode(IdentityTypes.SET_DEVICES, id, root, registry.deviceNonce(identityId), now_())
        );
        try registry.setDevices(identityId, devices, now_(), sign(key, structHash)) {
            holds(as_ < 2 && !revokedOf[id], "devices set without the right");
        } catch {
            holds(as_ > 1 || revokedOf[id], "a rightful device list was refused");
        }
    }

    function setController(uint256 pick, uint256 as_) external {
        if (count() == 0) return;
        uint256 id = within(pick, 1, count());
        IdentityId identityId = IdentityId.wrap(uint64(id));
        bytes32[] memory devices = newDevices();
        as_ %= 3; // owner, controller, stranger
        uint256 key = as_ == 0 ? walletKey(walletOf[id]) : as_ == 1 ? controllerOf[id] : 999;
        uint256 fresh = uint256(keccak256(abi.encode("controller", ++_salt))) >> 8;
        bytes32 structHash = keccak256(
            abi.encode(
                IdentityTypes.SET_CONTROLLER,
                id,
                vm.addr(fresh),
                registry.computeDeviceRoot(devices),
                registry.ownerNonce(identityId),
                now_()
            )
        );
        try registry.setController(identityId, vm.addr(fresh), devices, now_(), sign(key, structHash)) {
            holds(as_ == 0 && !revokedOf[id], "controller replaced without the right");
            (formerControllerOf[id], controllerOf[id]) = (controllerOf[id], fresh);
        } catch {
            holds(as_ != 0 || revokedOf[id], "a rightful controller was refused");
        }
    }

    function revoke(uint256 pick, bool signed) external {
        if (count() == 0) return;
        uint256 id = within(pick, 1, count());
        bytes memory signature = ownerSigns(id, signed, IdentityTypes.REVOKE);
        try registry.revoke(IdentityId.wrap(uint64(id)), now_(), signature) {
            holds(signed && !revokedOf[id], "revoked without the right");
            revokedOf[id] = true;
        } catch {
            holds(!signed || revokedOf[id], "a rightful revocation was refused");
        }
    }

    function startRecovery(uint256 pick, uint256 newWallet, bool signed) external {
        if (count() == 0) return;
        uint256 id = within(pick, 1, count());
        IdentityId identityId = IdentityId.wrap(uint64(id));
        address recovery = vm.addr(walletKey(RECOVERY_WALLET));
        if (registry.recoveryOf(identityId).recovery == address(0)) {
            bytes memory named = ownerSigns(id, true, IdentityTypes.SET_RECOVERY, bytes32(uint256(uint160(recovery))));
            registry.setRecovery(identityId, recovery, now_(), named);
        }
        newWallet %= WALLETS;
        bytes32 structHash = keccak256(
            abi.encode(
                IdentityTypes.START_RECOVERY,
                id,
                walletAt(newWallet),
                registry.recoveryNonce(identityId),
                now_()
            )
        );
        bytes memory signature = sign(walletKey(signed ? RECOVERY_WALLET : walletOf[id]), structHash);
        try registry.startRecovery(identityId, walletAt(newWallet), now_(), signature) {
            holds(signed && idOf[newWallet] == 0, "recovery started without the right");
            (readyAt[id], target[id]) = (now_() + RECOVERY_DELAY, newWallet);
        } catch {
            holds(!signed || idOf[newWallet] != 0, "a rightful recovery was refused");
        }
    }

    function cancelRecovery(uint256 pick, bool signed) external {
        if (count() == 0) return;
        uint256 id = within(pick, 1, count());
        bytes memory signature = ownerSigns(id, signed, IdentityTypes.CANCEL_RECOVERY);
        try registry.cancelRecovery(IdentityId.wrap(uint64(id)), now_(), signature) {
            holds(signed && readyAt[id] != 0, "recovery cancelled without the right");
            readyAt[id] = 0;
        } catch {
            holds(!signed || readyAt[id] == 0, "a rightful veto was refused");
        }
    }

    function finishRecovery(uint256 pick, bool signed) external {
        if (count() == 0) return;
        uint256 id = within(pick, 1, count());
        IdentityId identityId = IdentityId.wrap(uint64(id));
        bytes32 structHash = keccak256(
            abi.encode(IdentityTypes.ACCEPT_RECOVERY, id, registry.recoveryNonce(identityId), now_())
        );
        bytes memory signature = sign(walletKey(signed ? target[id] : walletOf[id]), structHash);
        bool due = readyAt[id] != 0 && now_() >= readyAt[id] && idOf[target[id]] == 0;
        try registry.finishRecovery(identityId, now_(), signature) {
            holds(signed && due, "recovered without the right");
            idOf[walletOf[id]] = 0;
            (walletOf[id], idOf[target[id]], readyAt[id]) = (target[id], id, 0);
        } catch {
            holds(!(signed && due), "a rightful recovery was not finished");
        }
    }

    function wait_(uint256 duration) external {
        pass(within(duration, 1, 5 days));
    }

    function nameIsFree(uint256 name, uint256 id) public view returns (bool) {
        (IdentityId holder, ) = registry.identityOf(nameAt(name));
        if (IdentityId.unwrap(holder) != 0) return false;
        return leftAt[name] == 0 || leftBy[name] == id || now_() >= leftAt[name] + COOLDOWN;
    }

    /// @dev A third name only when the one left before is free; going back is no third.
    function mayTake(uint256 id, uint256 name) public view returns (bool) {
        if (renamedAt[id] == 0 || now_() >= renamedAt[id] + COOLDOWN) return true;
        return leftBy[name] == id && leftAt[name] != 0 && now_() < leftAt[name] + COOLDOWN;
    }

    function publicIdCount() external view returns (uint256) {
        return publicIds.length;
    }

    function keysChanged(uint256 id, bytes32 publicId) private {
        ++versionOf[id];
        revokedOf[id] = false;
        (formerControllerOf[id], controllerOf[id]) = (controllerOf[id], controllerKey(publicId));
        publicIds.push(publicId);
        firstIdOf[publicId] = id;
    }

    function commit(uint256 name, address owner, bytes32 publicId) private {
        registry.commit(keccak256(abi.encode(keccak256(bytes(nameAt(name))), owner, publicId, bytes32(name))));
        pass(1);
    }

    function commitRotation(uint256 id, bytes32 publicId) private {
        IIdentityRegistry.Identity memory record = registry.identity(IdentityId.wrap(uint64(id)));
        registry.commit(keccak256(abi.encode(keccak256(bytes(record.name)), record.owner, publicId, bytes32(id))));
    }

    function rotates(
        uint256 id,
        bool signed,
        IIdentityRegistry.Keys memory keys,
        bytes32[] memory devices
    ) private returns (bool) {
        IdentityId identityId = IdentityId.wrap(uint64(id));
        bytes32 structHash = keccak256(
            abi.encode(
                IdentityTypes.ROTATE,
                id,
                keys.publicId,
                keys.agreementKey,
                keys.controller,
                keys.deviceRoot,
                registry.ownerNonce(identityId),
                now_()
            )
        );
        bytes memory signature = sign(walletKey(signed ? walletOf[id] : walletOf[id] + 1), structHash);
        try registry.rotate(identityId, keys, bytes32(id), devices, now_(), signature) {
            return true;
        } catch {
            return false;
        }
    }

    function newDevices() private returns (bytes32[] memory devices) {
        devices = new bytes32[](++_salt % 4);
        for (uint256 i; i < devices.length; ++i) devices[i] = bytes32(_salt * 10 + i + 1);
    }

    function newKeys(bytes32[] memory devices) private returns (IIdentityRegistry.Keys memory keys) {
        keys.publicId = keccak256(abi.encode("public", ++_salt));
        keys.agreementKey = keccak256(abi.encode("agreement", _salt));
        keys.controller = vm.addr(controllerKey(keys.publicId));
        keys.deviceRoot = registry.computeDeviceRoot(devices);
    }

    function controllerKey(bytes32 publicId) private pure returns (uint256) {
        return uint256(publicId) >> 8;
    }

    function walletKey(uint256 index) private pure returns (uint256) {
        return 1_000_000 + index;
    }

    function ownerSigns(uint256 id, bool signed, bytes32 typeHash) private view returns (bytes memory) {
        uint256 nonce = registry.ownerNonce(IdentityId.wrap(uint64(id)));
        bytes32 structHash = keccak256(abi.encode(typeHash, id, nonce, now_()));
        return sign(walletKey(signed ? walletOf[id] : walletOf[id] + 1), structHash);
    }

    function ownerSigns(uint256 id, bool signed, bytes32 typeHash, bytes32 word) private view returns (bytes memory) {
        uint256 nonce = registry.ownerNonce(IdentityId.wrap(uint64(id)));
        bytes32 structHash = keccak256(abi.encode(typeHash, id, word, nonce, now_()));
        return sign(walletKey(signed ? walletOf[id] : walletOf[id] + 1), structHash);
    }

    function sign(uint256 key, bytes32 structHash) private view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Skrumble IdentityRegistry"),
                keccak256("1"),
                block.chainid,
                address(registry)
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        return abi.encodePacked(r, s, v);
    }
}
