// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC3009} from "./IERC3009.sol";

/// @title The SKM utility token
/// @notice ERC-20 with EIP-2612 permit and EIP-3009 transfers by signature (EIP-712 domain name "Skrumble", version "1" for
/// both), a hard cap, and no way to mint other than the emission buckets fixed at deployment. Nobody owns the token: it has no administrator, no pause, no
/// fee and no blocklist.
///
/// It also remembers, per account, the lowest balance over a holding window, so that tiers cannot be had by passing
/// one stack of tokens from wallet to wallet.
interface ISKM is IERC20, IERC3009 {
    /// @notice One named share of the supply, released linearly.
    /// @param name Short ASCII name, left-aligned, e.g. "community"; unique among the buckets.
    /// @param controller Only this account may emit from the bucket.
    /// @param start Unix seconds at which the release begins.
    /// @param duration Seconds from `start` until all of it is released; 0 releases everything at `start`.
    /// @param cap Most that can ever come from the bucket, in 1e-18 SKM. The caps of all buckets add up to `CAP`.
    /// @param emitted What has come from it so far, in 1e-18 SKM.
    struct Bucket {
        bytes32 name;
        address controller;
        uint48 start;
        uint48 duration;
        uint128 cap;
        uint128 emitted;
    }

    /// @notice Tokens left a bucket, the only event under which supply grows.
    event Emitted(uint8 indexed bucket, address indexed to, uint256 amount);
    /// @notice A bucket was handed to another controller by the one it had.
    event BucketControllerChanged(uint8 indexed bucket, address indexed from, address indexed to);

    error SKMInvalidWindow();
    error SKMTooManyBuckets(uint256 count);
    /// @dev Caps must be above zero and add up to `CAP` exactly.
    error SKMInvalidBucketCaps(uint256 total);
    error SKMInvalidBucket(uint8 bucket);
    error SKMInvalidController(address controller);
    error SKMUnknownBucket(uint8 bucket);
    error SKMNotController(uint8 bucket, address caller);
    error SKMNotReleased(uint8 bucket, uint256 releasable, uint256 amount);

    /// @notice Mint `amount` to `to` out of what `bucket` has released. Controller of the bucket only.
    function emitFrom(uint8 bucket, address to, uint256 amount) external;

    /// @notice Hand `bucket` to `controller`. Current controller of the bucket only.
    function setController(uint8 bucket, address controller) external;

    /// @notice Lowest balance of `account` over at least the last `window()` and less than twice that many seconds,
    /// rounded down to 1e-9 SKM. A newcomer's tokens count once a whole window has passed.
    function lowestBalance(address account) external view returns (uint256);

    /// @notice What `bucket` may emit now, in 1e-18 SKM.
    function releasable(uint8 bucket) external view returns (uint256);

    /// @notice All buckets; a bucket's number is its place in this list.
    function buckets() external view returns (Bucket[] memory);

    /// @notice Length of the holding window in seconds.
    function window() external view returns (uint32);

    /// @notice Most SKM that can ever exist, in 1e-18 SKM.
    function CAP() external view returns (uint256);
}
