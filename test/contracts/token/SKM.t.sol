// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISKM} from "../../../contracts/interfaces/ISKM.sol";
import {SKM} from "../../../contracts/token/SKM.sol";
import {Test} from "../support/Test.sol";

/// @dev Does anything anybody can do with the token, and keeps its own books.
contract SKMHandler is Test {
    uint32 public constant WINDOW = 1 days;
    uint256 public constant ACCOUNTS = 5;

    uint256 public constant NONCES = 8;

    struct Move {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

    bytes32 private constant TRANSFER =
        keccak256(
            "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
        );
    bytes32 private constant RECEIVE =
        keccak256(
            "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
        );
    bytes32 private constant CANCEL = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");

    SKM public immutable skm;

    uint256 public emissions;
    mapping(address authorizer => mapping(bytes32 nonce => bool)) public spent;

    constructor() {
        ISKM.Bucket[] memory buckets = new ISKM.Bucket[](3);
        uint48 start = uint48(now_());
        buckets[0] = ISKM.Bucket("genesis", address(this), start, 0, 0.2e27, 0);
        buckets[1] = ISKM.Bucket("flow", address(this), start, 100 days, 0.5e27, 0);
        buckets[2] = ISKM.Bucket("late", address(this), start + 10 days, 20 days, 0.3e27, 0);
        skm = new SKM(buckets, WINDOW);
    }

    function account(uint256 index) public pure returns (address) {
        return vm.addr(keyOf(index));
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

    /// @dev `fault`: 0 another signer, 1 another payee, 2 another amount, 3 too early, 4 too late, 5 the other kind, more: none.
    function moveBySignature(
        uint256 from,
        uint256 to,
        uint256 amount,
        uint256 number,
        uint256 fault,
        bool receives
    ) external {
        fault %= 12;
        Move memory move = Move(account(from), account(to), 0, now_() - 1, now_() + 1, bytes32(number % NONCES));
        move.value = within(amount, 0, skm.balanceOf(move.from));
        if (fault == 3) move.validAfter = now_();
        if (fault == 4) move.validBefore = now_();
        bytes32 structHash = keccak256(
            abi.encode(
                receives == (fault == 5) ? TRANSFER : RECEIVE,
                move.from,
                fault == 1 ? account((to % ACCOUNTS) + 1) : move.to,
                fault == 2 ? move.value + 1 : move.value,
                move.validAfter,
                move.validBefore,
                move.nonce
            )
        );
        bytes memory signature = signBy(fault == 0 ? (from % ACCOUNTS) + 1 : from, structHash);
        bool allowed = fault > 5 && !spent[move.from][move.nonce];
        uint256 before = skm.balanceOf(move.from);
        vm.prank(move.to);
        if (submit(move, receives, signature)) {
            holds(allowed, "moved without the right");
            spent[move.from][move.nonce] = true;
            uint256 expected = move.from == move.to ? before : before - move.value;
            equal(skm.balanceOf(move.from), expected, "what was signed has left");
        } else {
            holds(!allowed, "a rightful signature was refused");
        }
    }

    function cancelSignature(uint256 who, uint256 signer, uint256 number) external {
        bytes32 nonce = bytes32(number % NONCES);
        bool allowed = account(who) == account(signer) && !spent[account(who)][nonce];
        bytes memory signature = signBy(signer, keccak256(abi.encode(CANCEL, account(who), nonce)));
        try skm.cancelAuthorization(account(who), nonce, signature) {
            holds(allowed, "cancelled without the right");
            spent[account(who)][nonce] = true;
        } catch {
            holds(!allowed, "a rightful cancellation was refused");
        }
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

    function submit(Move memory move, bool receives, bytes memory signature) private returns (bool) {
        if (receives) {
            try
                skm.receiveWithAuthorization(
                    move.from,
                    move.to,
                    move.value,
                    move.validAfter,
                    move.validBefore,
                    move.nonce,
                    signature
                )
            {
                return true;
            } catch {
                return false;
            }
        }
        try
            skm.transferWithAuthorization(
                move.from,
                move.to,
                move.value,
                move.validAfter,
                move.validBefore,
                move.nonce,
                signature
            )
        {
            return true;
        } catch {
            return false;
        }
    }

    function signBy(uint256 index, bytes32 structHash) private view returns (bytes memory) {
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", skm.DOMAIN_SEPARATOR(), structHash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(index), digest);
        return abi.encodePacked(r, s, v);
    }

    function keyOf(uint256 index) private pure returns (uint256) {
        return 0xA11CE + (index % ACCOUNTS);
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

    /// @dev With the handler, which counts a signature that works twice, or a rightful one that is refused, as a failure.
    function invariant_aSignatureMovesOnce() public view {
        for (uint256 i; i < _handler.ACCOUNTS(); ++i) {
            for (uint256 nonce; nonce < _handler.NONCES(); ++nonce) {
                address account = _handler.account(i);
                bool spent = _handler.spent(account, bytes32(nonce));
                holds(_skm.authorizationState(account, bytes32(nonce)) == spent, "spent is what was used or cancelled");
            }
        }
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
