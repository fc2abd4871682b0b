// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRelayRegistry} from "../../../contracts/interfaces/IRelayRegistry.sol";
import {ISKM} from "../../../contracts/interfaces/ISKM.sol";
import {ISessionAnchor} from "../../../contracts/interfaces/ISessionAnchor.sol";
import {RelayRegistry} from "../../../contracts/network/RelayRegistry.sol";
import {SessionAnchor} from "../../../contracts/network/SessionAnchor.sol";
import {SKM} from "../../../contracts/token/SKM.sol";
import {RelayId} from "../../../contracts/types/RelayId.sol";
import {Test} from "../support/Test.sol";

/// @dev Operators come, change, anchor and go while the governor moves the minimum stake and outsiders send tokens in.
contract RelayHandler is Test {
    uint64 public constant DELAY = 3 days;
    uint256 public constant OPERATORS = 4;
    uint256 private constant START = 1_000_000e18;

    SKM public immutable skm;
    RelayRegistry public immutable relays;
    SessionAnchor public immutable anchors;

    uint256 public lastId;
    uint256 public stakes;
    uint256 public gifts;
    mapping(uint256 id => uint256) public operatorOf;
    mapping(uint256 id => bool) public present;
    mapping(uint256 id => uint256) public unbondingAt;

    struct Recorded {
        uint256 id;
        bytes32 root;
        uint256 blockNumber;
        uint256 timestamp;
        uint256 leaves;
    }
    Recorded[] public recorded;

    constructor() {
        ISKM.Bucket[] memory buckets = new ISKM.Bucket[](1);
        buckets[0] = ISKM.Bucket("genesis", address(this), uint48(now_()), 0, 1e27, 0);
        skm = new SKM(buckets, 1 days);
        relays = new RelayRegistry(skm, address(this), 100e18, DELAY);
        anchors = new SessionAnchor(relays);
        skm.emitFrom(0, address(this), START);
        for (uint256 i; i < OPERATORS; ++i) {
            skm.emitFrom(0, operatorAt(i), START);
            vm.prank(operatorAt(i));
            skm.approve(address(relays), type(uint256).max);
        }
    }

    function operatorAt(uint256 index) public pure returns (address) {
        return vm.addr(2_000_000 + (index % OPERATORS));
    }

    /// @dev Each relay has its operator's account as anchor key, so an operator has at most one relay with that role.
    function register(uint256 operator, uint256 stake, bool anchoring) external {
        operator %= OPERATORS;
        address who = operatorAt(operator);
        stake = within(stake, 0, skm.balanceOf(who));
        bool keyFree = RelayId.unwrap(relays.relayByAnchorKey(who)) == 0;
        bool allowed = stake >= relays.minimumStake() && (keyFree || !anchoring);
        vm.prank(who);
        try relays.register(config(who, anchoring), stake, "") returns (RelayId relayId) {
            holds(allowed, "registered without the right");
            equal(RelayId.unwrap(relayId), ++lastId, "numbers count up");
            (operatorOf[lastId], present[lastId]) = (operator, true);
            stakes += stake;
        } catch {
            holds(!allowed, "a rightful registration was refused");
        }
    }

    function update(uint256 pick, uint256 by, bool anchoring) external {
        if (lastId == 0) return;
        uint256 id = within(pick, 1, lastId);
        address who = operatorAt(by);
        RelayId owned = relays.relayByAnchorKey(who);
        bool keyFree = RelayId.unwrap(owned) == 0 || RelayId.unwrap(owned) == id;
        bool allowed = mayAct(id, by) && unbondingAt[id] == 0 && (keyFree || !anchoring);
        vm.prank(who);
        try relays.update(RelayId.wrap(uint32(id)), config(who, anchoring), "") {
            holds(allowed, "updated without the right");
        } catch {
            holds(!allowed, "a rightful update was refused");
        }
    }

    function addStake(uint256 pick, uint256 by, uint256 amount) external {
        if (lastId == 0) return;
        uint256 id = within(pick, 1, lastId);
        amount = within(amount, 0, skm.balanceOf(operatorAt(by)));
        bool allowed = mayAct(id, by) && unbondingAt[id] == 0;
        vm.prank(operatorAt(by));
        try relays.addStake(RelayId.wrap(uint32(id)), amount) {
            holds(allowed, "stake added without the right");
            stakes += amount;
        } catch {
            holds(!allowed, "rightful stake was refused");
        }
    }

    function requestUnbond(uint256 pick, uint256 by) external {
        if (lastId == 0) return;
        uint256 id = within(pick, 1, lastId);
        bool allowed = mayAct(id, by) && unbondingAt[id] == 0;
        vm.prank(operatorAt(by));
        try relays.requestUnbond(RelayId.wrap(uint32(id))) {
            holds(allowed, "unbonded without the right");
            unbondingAt[id] = now_() + DELAY;
        } catch {
            holds(!allowed, "a rightful exit was refused");
        }
    }

    function withdraw(uint256 pick, uint256 by) external {
        if (lastId == 0) return;
        uint256 id = within(pick, 1, lastId);
        address who = operatorAt(by);
        bool allowed = mayAct(id, by) && unbondingAt[id] != 0 && now_() >= unbondingAt[id];
        uint256 stake = present[id] ? relays.relay(RelayId.wrap(uint32(id))).stake : 0;
        uint256 before = skm.balanceOf(who);
        vm.prank(who);
        try relays.withdraw(RelayId.wrap(uint32(id)), who) {
            holds(allowed, "withdrew without the right");
            equal(skm.balanceOf(who), before + stake, "the whole stake returns");
            present[id] = false;
            stakes -= stake;
        } catch {
            holds(!allowed, "a rightful withdrawal was refused");
        }
    }

    function anchor(uint256 by, uint256 seed, uint32 leaves) external {
        address who = operatorAt(by);
        RelayId relayId = relays.activeAnchor(who);
        bytes32 root = keccak256(abi.encode(seed % 16));
        leaves = uint32(within(leaves, 0, 300));
        bool allowed = RelayId.unwrap(relayId) != 0 &&
            leaves != 0 &&
            anchors.lastAnchorBlock(relayId) != vm.getBlockNumber() &&
            anchors.anchoredAt(relayId, root).blockNumber == 0;
        vm.prank(who);
        try anchors.anchor(root, leaves) {
            holds(allowed, "anchored without the right");
            recorded.push(Recorded(RelayId.unwrap(relayId), root, vm.getBlockNumber(), now_(), leaves));
        } catch {
            holds(!allowed, "a rightful anchor was refused");
        }
    }

    function setMinimumStake(uint256 amount) external {
        relays.setMinimumStake(within(amount, 0, 2 * START));
    }

    function gift(uint256 amount) external {
        amount = within(amount, 0, skm.balanceOf(address(this)) / 2);
        skm.transfer(address(relays), amount);
        gifts += amount;
    }

    function wait_(uint256 duration) external {
        pass(within(duration, 1, 2 days));
    }

    function recordedCount() external view returns (uint256) {
        return recorded.length;
    }

    function mayAct(uint256 id, uint256 by) private view returns (bool) {
        return present[id] && operatorOf[id] == by % OPERATORS;
    }

    function config(address who, bool anchoring) private pure returns (IRelayRegistry.RelayConfig memory) {
        return
            IRelayRegistry.RelayConfig(
                anchoring ? 3 : 1,
                anchoring ? who : address(0),
                bytes32(uint256(1)),
                "region",
                "https://relay.example"
            );
    }
}
