// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {IRedPackets} from "../interfaces/IRedPackets.sol";
import {IdentityId} from "../types/IdentityId.sol";
import {PacketId} from "../types/PacketId.sol";
import {PacketVault} from "./PacketVault.sol";

/// @title Red packets: storage and reads
abstract contract PacketStore is IRedPackets {
    /// @dev All that a claim reads and changes, in one slot.
    struct Gate {
        address key;
        uint40 expiresAt;
        uint8 shares;
        uint8 issued;
        bool lucky;
    }

    /// @dev All that a payment changes, in one slot. `shares` and `lucky` are those of the gate.
    struct Purse {
        uint128 left;
        uint104 taken;
        uint8 shares;
        uint8 paid;
        bool lucky;
    }

    struct Luck {
        uint128 total;
        uint128 seed;
    }

    struct Record {
        Gate gate;
        Purse purse;
        Luck luck;
        address token;
        address creator;
        bytes32 chainHead;
        uint256 kept;
    }

    /// @inheritdoc IRedPackets
    uint64 public packetCount;

    mapping(PacketId packetId => Record) internal _records;
    mapping(PacketId packetId => mapping(IdentityId identityId => Ticket)) internal _tickets;
    mapping(PacketId packetId => mapping(address recipient => uint256)) internal _kept;

    /// @inheritdoc IRedPackets
    function packet(PacketId packetId) external view returns (Packet memory) {
        Record storage record = _existing(packetId);
        Gate memory gate = record.gate;
        Purse memory purse = record.purse;
        return
            Packet({
                creator: record.creator,
                token: record.token,
                key: gate.key,
                chainHead: record.chainHead,
                total: record.luck.total,
                left: purse.left,
                kept: record.kept,
                expiresAt: gate.expiresAt,
                shares: gate.shares,
                issued: gate.issued,
                paid: purse.paid,
                lucky: gate.lucky,
                seed: record.luck.seed,
                taken: purse.taken
            });
    }

    /// @inheritdoc IRedPackets
    function ticket(PacketId packetId, IdentityId identityId) external view returns (Ticket memory) {
        return _tickets[packetId][identityId];
    }

    /// @inheritdoc IRedPackets
    function keptFor(PacketId packetId, address recipient) external view returns (uint256) {
        return _kept[packetId][recipient];
    }

    /// @inheritdoc IRedPackets
    function vaultOf(PacketId packetId) external view returns (address) {
        return _vaultFor(packetId, _existing(packetId).token);
    }

    function _existing(PacketId packetId) internal view returns (Record storage record) {
        record = _records[packetId];
        if (record.creator == address(0)) revert PacketUnknown(packetId);
    }

    /// @dev For paying `count` tickets.
    function _purseWithTickets(PacketId packetId, uint256 count) internal view returns (Purse memory purse) {
        purse = _records[packetId].purse;
        if (purse.shares == 0) revert PacketUnknown(packetId);
        if (count == 0) revert PacketNoTickets(packetId);
    }

    /// @dev The ticket of `identityId`, if it is the one after the `paid` first ones.
    function _nextTicket(
        PacketId packetId,
        IdentityId identityId,
        uint256 paid
    ) internal view returns (Ticket memory next) {
        next = _tickets[packetId][identityId];
        if (next.ordinal != paid + 1) revert PacketNotNext(packetId, identityId, next.ordinal, paid + 1);
    }

    /// @dev Computed rather than stored: that is cheaper than reading a slot.
    function _vaultFor(PacketId packetId, address token) internal view returns (address) {
        if (token == address(0)) return address(this);
        bytes memory code = abi.encodePacked(type(PacketVault).creationCode, abi.encode(token));
        return Create2.computeAddress(_salt(packetId), keccak256(code));
    }

    function _salt(PacketId packetId) internal pure returns (bytes32) {
        return bytes32(uint256(PacketId.unwrap(packetId)));
    }
}
