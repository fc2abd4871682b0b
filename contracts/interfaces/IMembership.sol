// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IdentityId} from "../types/IdentityId.sol";
import {IIdentityRegistry} from "./IIdentityRegistry.sol";
import {ISKM} from "./ISKM.sol";

/// @title Membership tiers
/// @notice A tier follows from the lowest SKM balance of an account over the holding window plus the credit of its
/// identity. Holds no tokens and cannot move anybody's.
///
/// Credit is given once per identity, by being registered: there is no function that grants it. It counts towards the
/// tier and pays for per-use features, belongs to the identity (so it follows a recovery to the new owner) and cannot
/// be transferred.
///
/// Administration: GOVERNOR_ROLE (a TimelockController) sets tiers and the credit of future identities and names fee
/// spenders. FEE_SPENDER_ROLE (feature contracts) can use up credit, for the account whose credit it is.
interface IMembership {
    /// @notice What a tier allows.
    /// @param conferenceSize Most people in one call.
    /// @param conferenceMinutes Longest conference, minutes; 0 means no limit.
    /// @param fileBytes Largest file, bytes.
    /// @param storageDays How long stored files are kept, days.
    /// @param storageBytes Most that is stored at once, bytes.
    /// @param records Whether conversations may be kept on record.
    /// @param video Whether video calls may be made.
    struct Entitlements {
        uint16 conferenceSize;
        uint32 conferenceMinutes;
        uint64 fileBytes;
        uint32 storageDays;
        uint64 storageBytes;
        bool records;
        bool video;
    }

    /// @param name Shown to people, 1 to 32 bytes.
    /// @param threshold SKM needed, in 1e-18 SKM. The first tier's is 0; each is above the one before.
    struct Tier {
        string name;
        uint128 threshold;
        Entitlements entitlements;
    }

    event TiersChanged(Tier[] tiers);
    /// @notice Identities numbered `fromIdentity` and above start with `amount`. Earlier ones keep what they had.
    event StartingCreditChanged(IdentityId indexed fromIdentity, uint256 amount);
    event CreditSpent(IdentityId indexed identityId, address indexed account, address indexed spender, uint256 amount);

    error MembershipInvalidTierCount(uint256 count);
    error MembershipInvalidTier(uint256 index);
    error MembershipCreditTooLarge(uint256 amount);
    error MembershipInsufficientCredit(address account, uint256 available, uint256 amount);

    /// @notice Index of the highest tier `account` reaches.
    function tierOf(address account) external view returns (uint256);

    /// @notice What `account` may do.
    function entitlementsOf(address account) external view returns (Entitlements memory);

    /// @notice Credit left for the identity owned by `account`, in 1e-18 SKM; 0 without an identity.
    function creditOf(address account) external view returns (uint256);

    /// @notice Lowest balance over the window plus credit: what the tier is measured by, in 1e-18 SKM.
    function standingOf(address account) external view returns (uint256);

    /// @notice Use up `amount` of the credit of `account`. FEE_SPENDER_ROLE only.
    function spendCredit(address account, uint256 amount) external;

    /// @notice Replace all tiers (1 to 16). GOVERNOR_ROLE only.
    function setTiers(Tier[] calldata tiers) external;

    /// @notice Set what identities registered from now on start with. GOVERNOR_ROLE only.
    function setStartingCredit(uint256 amount) external;

    /// @notice All tiers, lowest first.
    function tiers() external view returns (Tier[] memory);

    /// @notice What an identity registered now would start with, in 1e-18 SKM.
    function startingCredit() external view returns (uint256);

    function skm() external view returns (ISKM);

    function identityRegistry() external view returns (IIdentityRegistry);
}
