// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRelayRegistry} from "../../../contracts/interfaces/IRelayRegistry.sol";
import {ISessionAnchor} from "../../../contracts/interfaces/ISessionAnchor.sol";
import {RelayRegistry} from "../../../contracts/network/RelayRegistry.sol";
import {RelayId} from "../../../contracts/types/RelayId.sol";
import {Test} from "../support/Test.sol";
import {RelayHandler} from "./RelayHandler.sol";

/// @dev Covers SessionAnchor too: both live in one world.
contract RelayRegistryTest is Test {
    RelayHandler private _handler;
    RelayRegistry private _relays;

    function setUp() public {
        _handler = new RelayHandler();
        _relays = _handler.relays();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_stakesAreCovered() public view {
        uint256 total;
        for (uint256 id = 1; id <= _handler.lastId(); ++id) {
            if (_handler.present(id)) total += _relays.relay(RelayId.wrap(uint32(id))).stake;
        }
        equal(total, _handler.stakes(), "sum of stakes");
        equal(_handler.skm().balanceOf(address(_relays)), total + _handler.gifts(), "balance");
    }

    /// @dev At the end of every run: whatever minimum the governor sets, every stake leaves after the delay.
    function afterInvariant() public {
        vm.prank(address(_handler));
        _relays.setMinimumStake(type(uint256).max);
        for (uint256 id = 1; id <= _handler.lastId(); ++id) {
            if (!_handler.present(id) || _handler.unbondingAt(id) != 0) continue;
            vm.prank(_relays.relay(RelayId.wrap(uint32(id))).operator);
            _relays.requestUnbond(RelayId.wrap(uint32(id)));
        }
        pass(_handler.DELAY());
        for (uint256 id = 1; id <= _handler.lastId(); ++id) {
            if (!_handler.present(id)) continue;
            address operator = _relays.relay(RelayId.wrap(uint32(id))).operator;
            vm.prank(operator);
            _relays.withdraw(RelayId.wrap(uint32(id)), operator);
        }
        equal(_handler.skm().balanceOf(address(_relays)), _handler.gifts(), "only what was given is left");
        equal(_relays.activeRelayCount(), 0, "nobody is listed");
    }

    /// hardhat-config: invariant.runs = 64
    /// hardhat-config: invariant.depth = 64
    function invariant_theListIsTheRelaysThatDidNotLeave() public view {
        uint256 active;
        for (uint256 id = 1; id <= _handler.lastId(); ++id) {
            if (_handler.present(id) && _handler.unbondingAt(id) == 0) ++active;
        }
        IRelayRegistry.ListedRelay[] memory list = _relays.activeRelays(0, type(uint256).max);
        equal(list.length, active, "active relays");
        equal(_relays.activeRelayCount(), active, "count");
        for (uint256 i; i < list.length; ++i) {
            holds(_handler.present(RelayId.unwrap(list[i].id)), "a listed relay exists");
            equal(list[i].relay.unbondingAt, 0, "a listed relay is active");
            for (uint256 j; j < i; ++j) holds(list[i].id != list[j].id, "listed once");
        }
    }

    /// hardhat-config: invariant.runs = 64
    /// hardhat-config: invariant.depth = 64
    function invariant_anAnchorKeyWritesForOneRelay() public view {
        for (uint256 id = 1; id <= _handler.lastId(); ++id) {
            if (!_handler.present(id)) continue;
            IRelayRegistry.Relay memory relay = _relays.relay(RelayId.wrap(uint32(id)));
            if (relay.anchorKey == address(0)) continue;
            equal(RelayId.unwrap(_relays.relayByAnchorKey(relay.anchorKey)), id, "anchor key leads to its relay");
        }
        for (uint256 i; i < _handler.OPERATORS(); ++i) {
            RelayId found = _relays.relayByAnchorKey(_handler.operatorAt(i));
            if (RelayId.unwrap(found) != 0) holds(_handler.present(RelayId.unwrap(found)), "no key of a gone relay");
        }
    }

    /// hardhat-config: invariant.runs = 64
    /// hardhat-config: invariant.depth = 64
    function invariant_anchorsNeverChange() public view {
        uint256 count = _handler.recordedCount();
        for (uint256 i; i < count; ++i) {
            (uint256 id, bytes32 root, uint256 blockNumber, uint256 timestamp, uint256 leaves) = _handler.recorded(i);
            ISessionAnchor.Anchor memory found = _handler.anchors().anchoredAt(RelayId.wrap(uint32(id)), root);
            equal(found.blockNumber, blockNumber, "block");
            equal(found.timestamp, timestamp, "time");
            equal(found.leaves, leaves, "leaves");
        }
    }

    /// hardhat-config: invariant.runs = 64
    /// hardhat-config: invariant.depth = 64
    function invariant_oneAnchorPerRelayAndBlock() public view {
        uint256 count = _handler.recordedCount();
        for (uint256 i; i < count; ++i) {
            (uint256 id, , uint256 blockNumber, , ) = _handler.recorded(i);
            for (uint256 j; j < i; ++j) {
                (uint256 otherId, , uint256 otherBlock, , ) = _handler.recorded(j);
                holds(id != otherId || blockNumber != otherBlock, "one anchor per relay and block");
            }
        }
    }

    /// @dev Whatever the governor does, whoever is in leaves with the whole stake after the delay.
    function testFuzz_exitIsNeverBlocked(uint256 stake, uint256 minimum, uint256 changed, uint256 waited) public {
        address operator = _handler.operatorAt(0);
        stake = within(stake, 0, 1_000_000e18);
        vm.prank(address(_handler));
        _relays.setMinimumStake(within(minimum, 0, stake));
        IRelayRegistry.RelayConfig memory config = IRelayRegistry.RelayConfig(
            1,
            address(0),
            bytes32(uint256(1)),
            "region",
            "https://relay.example"
        );
        vm.prank(operator);
        RelayId relayId = _relays.register(config, stake, "");
        vm.prank(address(_handler));
        _relays.setMinimumStake(changed);
        equal(_relays.activeRelayCount(), 1, "the governor cannot put a relay out of service");
        vm.prank(operator);
        _relays.requestUnbond(relayId);
        vm.prank(address(_handler));
        _relays.setMinimumStake(type(uint256).max);
        pass(within(waited, _handler.DELAY(), 1000 days));
        uint256 before = _handler.skm().balanceOf(operator);
        vm.prank(operator);
        _relays.withdraw(relayId, operator);
        equal(_handler.skm().balanceOf(operator), before + stake, "the whole stake returned");
    }
}
