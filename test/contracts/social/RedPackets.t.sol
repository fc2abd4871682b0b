// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRedPackets} from "../../../contracts/interfaces/IRedPackets.sol";
import {PacketId} from "../../../contracts/types/PacketId.sol";
import {Test} from "../support/Test.sol";
import {PacketHandler} from "./PacketHandler.sol";

contract RedPacketsTest is Test {
    PacketHandler private _handler;

    function setUp() public {
        _handler = new PacketHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev What came in is what went out and what is held, packet by packet: none is paid with another's money.
    function invariant_moneyInIsMoneyOutAndMoneyHeld() public view {
        uint256 coin;
        for (uint256 id = 1; id <= _handler.count(); ++id) {
            IRedPackets.Packet memory packet = _handler.packetAt(id);
            if (packet.token == address(_handler.rebasing())) continue;
            uint256 owed = packet.left + packet.kept;
            equal(_handler.cameIn(id), _handler.wentOut(id) + owed, "in = out + held");
            if (packet.token == address(0)) coin += owed;
            else equal(_handler.held(id), owed, "a vault holds what its packet owes");
        }
        equal(address(_handler.packets()).balance, coin, "coin held is what packets of coin owe");
    }

    function invariant_oneShareForEachIdentity() public view {
        for (uint256 id = 1; id <= _handler.count(); ++id) {
            IRedPackets.Packet memory packet = _handler.packetAt(id);
            uint256 tickets;
            for (uint256 person; person < _handler.PEOPLE(); ++person) {
                IRedPackets.Ticket memory ticket = _handler.packets().ticket(
                    PacketId.wrap(uint64(id)),
                    _handler.idOf(person)
                );
                if (ticket.ordinal == 0) continue;
                ++tickets;
                holds(ticket.recipient == _handler.walletAt(person), "the owner's wallet is paid");
                equal(_handler.claimants(id, ticket.ordinal - 1), person, "numbered in the order of the claims");
            }
            equal(packet.issued, tickets, "tickets");
            holds(packet.paid <= packet.issued && packet.issued <= packet.shares, "paid, issued, shares");
        }
    }

    /// @dev At the end of every run: from wherever it got, everything can leave.
    function afterInvariant() public {
        _handler.emptyAll();
    }
}
