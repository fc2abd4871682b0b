// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISKM} from "../../../contracts/interfaces/ISKM.sol";
import {SKM} from "../../../contracts/token/SKM.sol";
import {Test} from "../support/Test.sol";

/// @dev Does anything anybody can do with the token, and keeps its own books.
contract SKMHandler is Test {
    uint32 public constant WINDOW = 1 days;
    uint256 public constant ACCOUNTS = 5;

    SKM public immutable skm;

    uint256 public emissions;

    constructor() {
        ISKM.Bucket[] memory buckets = new ISKM.Bucket[](3);
        uint48 start = uint48(now_());
        buckets[0] = ISKM.Bucket("genesis", address(this), start, 0, 0.2e27, 0);
        buckets[1] = ISKM.Bucket("flow", address(this), start, 100 days, 0.5e27, 0);
        buckets[2] = ISKM.Bucket("late", address(this), start + 10 days, 20 days, 0.3e27, 0);
        skm = new SKM(buckets, WINDOW);
    }

    function account(uint256 index) public pure returns (address) {
        return address(uint160(0xA11CE + (index % ACCOUNTS)));
    }

    function emitSome(uint8 bucket, uint256 to, uint256 amount) external {
        bucket %= 3;
        uint256 available = skm.releasable(bucket);
        skm.emitFrom(bucket, account(to), within(amount, 0, available));
        ++emissions;
    }

    function emitTooMuch(uint8 bucket, uint256 to, uint256 amount) external {
        bucket %= 3;
        uint256 available = skm.releasable(bucket);
        try skm.emitFrom(bucket, account(to), within(amount, available + 1, type(uint256).max)) {
            revert Fails("more was emitted than released");
        } catch {}
    }

    function transfer(uint256 from, uint256 to, uint256 amount) external {
        uint256 balance = skm.balanceOf(account(from));
        vm.prank(account(from));
        skm.transfer(account(to), within(amount, 0, balance));
    }

    function transferAll(uint256 from, uint256 to) external {
        uint256 balance = skm.balanceOf(account(from));
        vm.prank(account(from));
        skm.transfer(account(to), balance);
    }

    function transferFrom(uint256 from, uint256 by, uint256 to, uint256 amount) external {
        uint256 balance = skm.balanceOf(account(from));
        amount = within(amount, 0, balance);
        vm.prank(account(from));
        skm.approve(account(by), amount);
        vm.prank(account(by));
        skm.transferFrom(account(from), account(to), amount);
    }

    function emitAsStranger(uint256 who, uint8 bucket) external {
        vm.prank(account(who));
        try skm.emitFrom(bucket, account(who), 1) {
            revert Fails("a stranger emitted");
        } catch {}
    }

    function wait_(uint256 duration) external {
        pass(within(duration, 1, 3 * uint256(WINDOW)));
    }
}

contract SKMTest is Test {
    SKMHandler private _handler;
    SKM private _skm;

    function setUp() public {
        _handler = new SKMHandler();
        _skm = _handler.skm();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_supplyIsWhatTheBucketsEmitted() public view {
        uint256 emitted;
        uint256 caps;
        ISKM.Bucket[] memory buckets = _skm.buckets();
        for (uint256 i; i < buckets.length; ++i) {
            holds(buckets[i].emitted <= buckets[i].cap, "a bucket stays within its cap");
            if (now_() < buckets[i].start) equal(buckets[i].emitted, 0, "nothing before the start");
            emitted += buckets[i].emitted;
            caps += buckets[i].cap;
        }
        equal(_skm.totalSupply(), emitted, "supply");
        equal(caps, _skm.CAP(), "caps");
        holds(_skm.totalSupply() <= _skm.CAP(), "supply within the cap");
    }

    function invariant_balancesAddUpToTheSupply() public view {
        uint256 total;
        for (uint256 i; i < _handler.ACCOUNTS(); ++i) total += _skm.balanceOf(_handler.account(i));
        equal(total, _skm.totalSupply(), "sum of balances");
    }

    /// @dev One stack of tokens never counts twice.
    function invariant_whatCountsIsHeldAndNotCountedTwice() public view {
        uint256 counted;
        for (uint256 i; i < _handler.ACCOUNTS(); ++i) {
            address account = _handler.account(i);
            uint256 low = _skm.lowestBalance(account);
            holds(low <= _skm.balanceOf(account), "lowest is at most the balance");
            counted += low;
        }
        holds(counted <= _skm.totalSupply(), "what counts exists");
    }

    function testFuzz_releaseIsLinearAndNeverFalls(uint256 first, uint256 second) public {
        uint256 start = now_();
        first = within(first, 0, 150 days);
        second = within(second, first, 200 days);
        vm.warp(start + first);
        uint256 earlier = _skm.releasable(1);
        vm.warp(start + second);
        uint256 later = _skm.releasable(1);
        holds(later >= earlier, "release never falls");
        uint256 elapsed = second < 100 days ? second : 100 days;
        equal(later, (0.5e27 * elapsed) / 100 days, "release is linear");
    }
}
