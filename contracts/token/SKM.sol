// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ISKM} from "../interfaces/ISKM.sol";
import {HoldingWindow} from "../libraries/HoldingWindow.sol";
import {TransferAuthorisations} from "./TransferAuthorisations.sol";

/// @title SKM
/// @dev OpenZeppelin's ERC20 with its bookkeeping (`balanceOf`, `totalSupply`, `_update`) replaced: balance and
/// holding window share one storage slot per account, so remembering the lowest balance costs a transfer no extra slot.
/// The base contract's own balance mapping is never used.
contract SKM is ISKM, ERC20Permit, TransferAuthorisations {
    using HoldingWindow for HoldingWindow.Account;

    /// @inheritdoc ISKM
    uint256 public constant CAP = 1_000_000_000e18;

    /// @inheritdoc ISKM
    uint32 public immutable window;

    uint256 private constant MAX_BUCKETS = 16;

    uint256 private _supply;
    mapping(address account => HoldingWindow.Account) private _accounts;
    Bucket[] private _buckets;

    modifier onlyController(uint8 bucket) {
        if (_bucket(bucket).controller != msg.sender) revert SKMNotController(bucket, msg.sender);
        _;
    }

    /// @param buckets_ Emission buckets, their caps adding up to `CAP`, their `emitted` 0.
    /// @param window_ Holding window in seconds.
    constructor(Bucket[] memory buckets_, uint32 window_) ERC20("Skrumble", "SKM") ERC20Permit("Skrumble") {
        if (window_ == 0) revert SKMInvalidWindow();
        if (buckets_.length > MAX_BUCKETS) revert SKMTooManyBuckets(buckets_.length);
        window = window_;
        uint256 total;
        for (uint256 i; i < buckets_.length; ++i) {
            Bucket memory bucket = buckets_[i];
            if (bucket.name == 0 || bucket.cap == 0 || bucket.emitted != 0) revert SKMInvalidBucket(uint8(i));
            if (bucket.controller == address(0)) revert SKMInvalidController(address(0));
            for (uint256 j; j < i; ++j) {
                if (buckets_[j].name == bucket.name) revert SKMInvalidBucket(uint8(i));
            }
            total += bucket.cap;
            _buckets.push(bucket);
            emit BucketControllerChanged(uint8(i), address(0), bucket.controller);
        }
        if (total != CAP) revert SKMInvalidBucketCaps(total);
    }

    /// @inheritdoc ISKM
    function emitFrom(uint8 bucket, address to, uint256 amount) external onlyController(bucket) {
        uint256 available = releasable(bucket);
        if (amount > available) revert SKMNotReleased(bucket, available, amount);
        // Fits: amount <= cap - emitted, and both are uint128.
        _buckets[bucket].emitted += uint128(amount);
        emit Emitted(bucket, to, amount);
        _mint(to, amount);
    }

    /// @inheritdoc ISKM
    function setController(uint8 bucket, address controller) external onlyController(bucket) {
        if (controller == address(0)) revert SKMInvalidController(controller);
        _buckets[bucket].controller = controller;
        emit BucketControllerChanged(bucket, msg.sender, controller);
    }

    /// @inheritdoc ISKM
    function lowestBalance(address account) external view returns (uint256) {
        return _accounts[account].lowest(_epoch());
    }

    /// @inheritdoc ISKM
    function releasable(uint8 bucket) public view returns (uint256) {
        Bucket storage terms = _bucket(bucket);
        uint256 start = terms.start;
        if (block.timestamp < start) return 0;
        uint256 elapsed = block.timestamp - start;
        uint256 duration = terms.duration;
        uint256 released = elapsed >= duration ? terms.cap : (uint256(terms.cap) * elapsed) / duration;
        return released - terms.emitted;
    }

    /// @inheritdoc ISKM
    function buckets() external view returns (Bucket[] memory) {
        return _buckets;
    }

    /// @inheritdoc IERC20
    function totalSupply() public view override(ERC20, IERC20) returns (uint256) {
        return _supply;
    }

    /// @inheritdoc IERC20
    function balanceOf(address account) public view override(ERC20, IERC20) returns (uint256) {
        return _accounts[account].balance;
    }

    /// @dev Same checks, order and event as OpenZeppelin's, over our slots.
    function _update(address from, address to, uint256 value) internal override {
        uint256 fromBalance;
        if (from != address(0)) {
            fromBalance = _accounts[from].balance;
            if (fromBalance < value) revert ERC20InsufficientBalance(from, fromBalance, value);
        }
        // Sending to oneself changes nothing: it must not look like a dip.
        if (from != to) {
            uint32 epoch = _epoch();
            unchecked {
                // No overflow: value <= fromBalance; the supply, and so every balance, stays <= CAP < 2^96, because
                // emitFrom is the only caller that mints and the caps of the buckets add up to CAP.
                if (from == address(0)) _supply += value;
                else _accounts[from].record(fromBalance - value, epoch);
                if (to == address(0)) _supply -= value;
                else _accounts[to].record(_accounts[to].balance + value, epoch);
            }
        }
        emit Transfer(from, to, value);
    }

    function _bucket(uint8 bucket) private view returns (Bucket storage) {
        if (bucket >= _buckets.length) revert SKMUnknownBucket(bucket);
        return _buckets[bucket];
    }

    function _epoch() private view returns (uint32 epoch) {
        uint32 duration = window;
        // The window is never 0: a check of it would be in every transfer.
        assembly ("memory-safe") {
            epoch := and(div(timestamp(), duration), 0xffffffff)
        }
    }
}
