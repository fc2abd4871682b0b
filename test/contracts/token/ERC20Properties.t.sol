// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISKM} from "../../../contracts/interfaces/ISKM.sol";
import {SKM} from "../../../contracts/token/SKM.sol";
import {Test} from "../support/Test.sol";

/// @dev The published list of what must hold of every ERC-20 (crytic/properties, ERC20-BASE-001 to 017 and MINTABLE-001),
/// each for any accounts and amounts. The names are the list's numbers.
contract ERC20PropertiesTest is Test {
    SKM private skm;
    uint256 private constant SUPPLY = 1_000_000e18;

    function setUp() public {
        ISKM.Bucket[] memory buckets = new ISKM.Bucket[](1);
        buckets[0] = ISKM.Bucket("all", address(this), uint48(now_()), 0, 1e27, 0);
        skm = new SKM(buckets, 1 days);
    }

    /// @dev Two holders other than each other, the zero address and this contract.
    function fund(uint256 seed, uint256 amount) private returns (address one, address other, uint256 held) {
        one = vm.addr(1 + (seed % 1_000));
        other = vm.addr(2_001 + (seed % 1_000));
        held = within(amount, 1, SUPPLY);
        skm.emitFrom(0, one, held);
        skm.emitFrom(0, other, within(seed, 0, SUPPLY));
    }

    function allows(address owner, address spender, uint256 amount) private {
        vm.prank(owner);
        holds(skm.approve(spender, amount), "approved");
    }

    /// @dev BASE-001: none but emission changes the supply.
    function testFuzz_001_supplyIsConstant(uint256 seed, uint256 amount, uint256 value) external {
        (address one, address other, uint256 held) = fund(seed, amount);
        uint256 supply = skm.totalSupply();
        allows(one, address(this), held);
        vm.prank(one);
        skm.transfer(other, within(value, 0, held / 2));
        skm.transferFrom(one, other, within(value, 0, held / 2));
        equal(skm.totalSupply(), supply, "supply");
    }

    /// @dev BASE-002, 003, 004.
    function testFuzz_002_003_004_balancesFitTheSupply(uint256 seed, uint256 amount, uint256 value) external {
        (address one, address other, uint256 held) = fund(seed, amount);
        vm.prank(one);
        skm.transfer(other, within(value, 0, held));
        uint256 supply = skm.totalSupply();
        holds(skm.balanceOf(one) <= supply && skm.balanceOf(other) <= supply, "no balance above the supply");
        equal(skm.balanceOf(one) + skm.balanceOf(other), supply, "sum of the holders");
        equal(skm.balanceOf(address(0)), 0, "zero address");
    }

    /// @dev BASE-005, 006.
    function testFuzz_005_006_nothingGoesToTheZeroAddress(uint256 seed, uint256 amount) external {
        (address one, , uint256 held) = fund(seed, amount);
        allows(one, address(this), held);
        vm.prank(one);
        vm.expectRevert();
        skm.transfer(address(0), held);
        vm.expectRevert();
        skm.transferFrom(one, address(0), held);
    }

    /// @dev BASE-007, 008.
    function testFuzz_007_008_sendingToOneselfChangesNothing(uint256 seed, uint256 amount, uint256 value) external {
        (address one, , uint256 held) = fund(seed, amount);
        value = within(value, 0, held);
        allows(one, address(this), value);
        vm.prank(one);
        holds(skm.transfer(one, value), "transfer");
        equal(skm.balanceOf(one), held, "after transfer");
        holds(skm.transferFrom(one, one, value), "transferFrom");
        equal(skm.balanceOf(one), held, "after transferFrom");
    }

    /// @dev BASE-009, 010.
    function testFuzz_009_010_nobodySendsMoreThanTheyHave(uint256 seed, uint256 amount, uint256 value) external {
        (address one, address other, uint256 held) = fund(seed, amount);
        value = within(value, held + 1, type(uint256).max);
        allows(one, address(this), type(uint256).max);
        vm.prank(one);
        vm.expectRevert();
        skm.transfer(other, value);
        vm.expectRevert();
        skm.transferFrom(one, other, value);
        equal(skm.balanceOf(one), held, "balance");
    }

    /// @dev BASE-011, 012.
    function testFuzz_011_012_nothingIsSentForNothing(uint256 seed, uint256 amount) external {
        (address one, address other, uint256 held) = fund(seed, amount);
        uint256 theirs = skm.balanceOf(other);
        vm.prank(one);
        holds(skm.transfer(other, 0), "transfer");
        holds(skm.transferFrom(one, other, 0), "transferFrom");
        equal(skm.balanceOf(one), held, "sender");
        equal(skm.balanceOf(other), theirs, "recipient");
    }

    /// @dev BASE-013, 014, 017.
    function testFuzz_013_014_017_transfersAreCounted(uint256 seed, uint256 amount, uint256 value) external {
        (address one, address other, uint256 held) = fund(seed, amount);
        uint256 theirs = skm.balanceOf(other);
        uint256 half = within(value, 0, held / 2);
        vm.prank(one);
        holds(skm.transfer(other, half), "transfer");
        equal(skm.balanceOf(one), held - half, "sender after transfer");
        equal(skm.balanceOf(other), theirs + half, "recipient after transfer");
        allows(one, address(this), held);
        holds(skm.transferFrom(one, other, half), "transferFrom");
        equal(skm.balanceOf(one), held - 2 * half, "sender after transferFrom");
        equal(skm.balanceOf(other), theirs + 2 * half, "recipient after transferFrom");
        equal(skm.allowance(one, address(this)), held - half, "allowance after transferFrom");
    }

    /// @dev BASE-015, 016; and an allowance that is too small allows nothing.
    function testFuzz_015_016_allowancesAreWhatWasSaidLast(uint256 seed, uint256 first, uint256 second) external {
        (address one, address other, uint256 held) = fund(seed, seed);
        allows(one, other, first);
        equal(skm.allowance(one, other), first, "first");
        allows(one, other, second);
        equal(skm.allowance(one, other), second, "second");
        equal(skm.allowance(other, one), 0, "the other way");
        if (second < held) {
            vm.prank(other);
            vm.expectRevert();
            skm.transferFrom(one, other, second + 1);
        }
    }

    /// @dev MINTABLE-001.
    function testFuzz_mintable_001_emissionIsCounted(uint256 seed, uint256 amount, uint256 value) external {
        (address one, address other, uint256 held) = fund(seed, amount);
        (uint256 supply, uint256 theirs) = (skm.totalSupply(), skm.balanceOf(other));
        value = within(value, 0, SUPPLY);
        skm.emitFrom(0, other, value);
        equal(skm.totalSupply(), supply + value, "supply");
        equal(skm.balanceOf(other), theirs + value, "recipient");
        equal(skm.balanceOf(one), held, "others");
    }
}
