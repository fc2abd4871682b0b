// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../../../contracts/interfaces/IIdentityRegistry.sol";
import {IMembership} from "../../../contracts/interfaces/IMembership.sol";
import {ISKM} from "../../../contracts/interfaces/ISKM.sol";
import {Membership} from "../../../contracts/token/Membership.sol";
import {IdentityId} from "../../../contracts/types/IdentityId.sol";
import {Test} from "../support/Test.sol";

/// @dev Stands in for both the token and the identity registry: gives whatever answers a test needs.
contract Standing {
    uint256 public constant CAP = 1e27;
    uint64 public identityCount;
    mapping(address account => uint256) public lowestBalance;
    mapping(address account => IdentityId) public idByOwner;

    function setBalance(address account, uint256 balance) external {
        lowestBalance[account] = balance;
    }

    function register(address account) external returns (uint64 id) {
        id = ++identityCount;
        idByOwner[account] = IdentityId.wrap(id);
    }

    function move(address from, address to) external {
        idByOwner[to] = idByOwner[from];
        idByOwner[from] = IdentityId.wrap(0);
    }
}

/// @dev People register, spend and recover while the governor changes the starting credit.
contract MembershipHandler is Test {
    Standing public immutable standing = new Standing();
    Membership public immutable membership;

    uint256 public current = 100e18;
    uint256 public spentInAll;
    uint256 public grantedInAll;
    mapping(uint256 id => address) public ownerOf;
    mapping(uint256 id => uint256) public startOf;
    mapping(uint256 id => uint256) public spentBy;

    constructor() {
        IMembership.Tier[] memory tiers = new IMembership.Tier[](3);
        for (uint256 i; i < 3; ++i) (tiers[i].name, tiers[i].threshold) = ("tier", uint128(i * 50e18));
        membership = new Membership(
            ISKM(address(standing)),
            IIdentityRegistry(address(standing)),
            address(this),
            tiers,
            current,
            spenders()
        );
    }

    function spenders() private view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(this);
    }

    function count() public view returns (uint256) {
        return standing.identityCount();
    }

    function register() external {
        address owner = address(uint160(0xBEEF0000 + count()));
        uint256 id = standing.register(owner);
        ownerOf[id] = owner;
        startOf[id] = current;
        grantedInAll += current;
    }

    function spend(uint256 pick, uint256 amount) external {
        if (count() == 0) return;
        uint256 id = within(pick, 1, count());
        amount = within(amount, 0, startOf[id] - spentBy[id]);
        membership.spendCredit(ownerOf[id], amount);
        spentBy[id] += amount;
        spentInAll += amount;
    }

    function overspend(uint256 pick, uint256 amount) external {
        if (count() == 0) return;
        uint256 id = within(pick, 1, count());
        try membership.spendCredit(ownerOf[id], within(amount, startOf[id] - spentBy[id] + 1, type(uint256).max)) {
            revert Fails("more credit was spent than there is");
        } catch {}
    }

    function recover(uint256 pick, uint160 to) external {
        if (count() == 0) return;
        uint256 id = within(pick, 1, count());
        address newOwner = address(uint160(0xCAFE00000000) + (to % 1e9));
        if (IdentityId.unwrap(standing.idByOwner(newOwner)) != 0) return;
        standing.move(ownerOf[id], newOwner);
        ownerOf[id] = newOwner;
    }

    function setStartingCredit(uint256 amount) external {
        current = within(amount, 0, 1_000e18);
        membership.setStartingCredit(current);
    }

    function spendAsStranger(uint256 pick, address stranger) external {
        if (count() == 0 || stranger == address(this)) return;
        address account = ownerOf[within(pick, 1, count())];
        vm.prank(stranger);
        try membership.spendCredit(account, 0) {
            revert Fails("a stranger spent");
        } catch {}
    }
}

contract MembershipTest is Test {
    MembershipHandler private _handler;
    Membership private _membership;

    function setUp() public {
        _handler = new MembershipHandler();
        _membership = _handler.membership();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_creditIsItsStartLessWhatWasSpent() public view {
        uint256 left;
        for (uint256 id = 1; id <= _handler.count(); ++id) {
            uint256 credit = _membership.creditOf(_handler.ownerOf(id));
            equal(credit, _handler.startOf(id) - _handler.spentBy(id), "credit of an identity");
            left += credit;
        }
        equal(left + _handler.spentInAll(), _handler.grantedInAll(), "credit in all");
    }

    function testFuzz_tierIsTheHighestReached(uint256 balance, uint128[5] memory steps, bool registered) public {
        Standing standing = _handler.standing();
        IMembership.Tier[] memory tiers = new IMembership.Tier[](6);
        tiers[0].name = "first";
        uint128 threshold;
        for (uint256 i; i < steps.length; ++i) {
            threshold += uint128(within(steps[i], 1, 100_000e18));
            (tiers[i + 1].name, tiers[i + 1].threshold) = ("more", threshold);
        }
        vm.prank(address(_handler));
        _membership.setTiers(tiers);
        standing.setBalance(address(this), within(balance, 0, 600_000e18));
        if (registered) standing.register(address(this));
        uint256 index = _membership.tierOf(address(this));
        uint256 reached = _membership.standingOf(address(this));
        equal(reached, standing.lowestBalance(address(this)) + (registered ? 100e18 : 0), "standing");
        holds(tiers[index].threshold <= reached, "the tier is reached");
        holds(index == 5 || tiers[index + 1].threshold > reached, "the next one is not");
    }
}
