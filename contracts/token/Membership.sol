// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IMembership} from "../interfaces/IMembership.sol";
import {ISKM} from "../interfaces/ISKM.sol";
import {Governed} from "../libraries/Governed.sol";
import {IdentityId, NO_IDENTITY} from "../types/IdentityId.sol";

/// @title Membership
contract Membership is IMembership, Governed {
    using Checkpoints for Checkpoints.Trace160;

    bytes32 public constant FEE_SPENDER_ROLE = keccak256("FEE_SPENDER_ROLE");

    uint256 private constant MAX_TIERS = 16;
    uint256 private constant MAX_TIER_NAME = 32;

    /// @inheritdoc IMembership
    ISKM public immutable skm;

    /// @inheritdoc IMembership
    IIdentityRegistry public immutable identityRegistry;

    Tier[] private _tiers;

    /// @dev Starting credit by identity number: what an identity starts with was settled when it got its number.
    Checkpoints.Trace160 private _startingCredits;

    mapping(IdentityId identityId => uint256) private _spent;

    /// @param skm_ Token whose holding window counts.
    /// @param identityRegistry_ Registry whose identities have credit.
    /// @param governor Account (a TimelockController) that may change the parameters.
    /// @param tiers_ First tiers.
    /// @param startingCredit_ First starting credit, in 1e-18 SKM.
    /// @param feeSpenders First fee spenders.
    constructor(
        ISKM skm_,
        IIdentityRegistry identityRegistry_,
        address governor,
        Tier[] memory tiers_,
        uint256 startingCredit_,
        address[] memory feeSpenders
    ) Governed(governor) {
        skm = skm_;
        identityRegistry = identityRegistry_;
        _setRoleAdmin(FEE_SPENDER_ROLE, GOVERNOR_ROLE);
        for (uint256 i; i < feeSpenders.length; ++i) _grantRole(FEE_SPENDER_ROLE, feeSpenders[i]);
        _setTiers(tiers_);
        _setStartingCredit(startingCredit_);
    }

    /// @inheritdoc IMembership
    function spendCredit(address account, uint256 amount) external onlyRole(FEE_SPENDER_ROLE) {
        IdentityId identityId = identityRegistry.idByOwner(account);
        uint256 available = _creditOf(identityId);
        if (amount > available) revert MembershipInsufficientCredit(account, available, amount);
        _spent[identityId] += amount;
        emit CreditSpent(identityId, account, msg.sender, amount);
    }

    /// @inheritdoc IMembership
    function setTiers(Tier[] calldata tiers_) external onlyRole(GOVERNOR_ROLE) {
        _setTiers(tiers_);
    }

    /// @inheritdoc IMembership
    function setStartingCredit(uint256 amount) external onlyRole(GOVERNOR_ROLE) {
        _setStartingCredit(amount);
    }

    /// @inheritdoc IMembership
    function tierOf(address account) public view returns (uint256 index) {
        uint256 standing = standingOf(account);
        // The first threshold is 0, so the loop ends there at the latest.
        for (index = _tiers.length - 1; _tiers[index].threshold > standing; ) --index;
    }

    /// @inheritdoc IMembership
    function entitlementsOf(address account) external view returns (Entitlements memory) {
        return _tiers[tierOf(account)].entitlements;
    }

    /// @inheritdoc IMembership
    function creditOf(address account) public view returns (uint256) {
        return _creditOf(identityRegistry.idByOwner(account));
    }

    /// @inheritdoc IMembership
    function standingOf(address account) public view returns (uint256) {
        return skm.lowestBalance(account) + creditOf(account);
    }

    /// @inheritdoc IMembership
    function tiers() external view returns (Tier[] memory) {
        return _tiers;
    }

    /// @inheritdoc IMembership
    function startingCredit() external view returns (uint256) {
        return _startingCredits.latest();
    }

    function _creditOf(IdentityId identityId) private view returns (uint256) {
        if (identityId == NO_IDENTITY) return 0;
        // Never negative: what an identity started with does not change, and spending is checked against it.
        return _startingCredits.upperLookupRecent(IdentityId.unwrap(identityId)) - _spent[identityId];
    }

    function _setTiers(Tier[] memory tiers_) private {
        if (tiers_.length == 0 || tiers_.length > MAX_TIERS) revert MembershipInvalidTierCount(tiers_.length);
        delete _tiers;
        for (uint256 i; i < tiers_.length; ++i) {
            uint256 nameLength = bytes(tiers_[i].name).length;
            bool rising = i == 0 ? tiers_[i].threshold == 0 : tiers_[i].threshold > tiers_[i - 1].threshold;
            if (!rising || nameLength == 0 || nameLength > MAX_TIER_NAME) revert MembershipInvalidTier(i);
            _tiers.push(tiers_[i]);
        }
        emit TiersChanged(tiers_);
    }

    function _setStartingCredit(uint256 amount) private {
        if (amount > skm.CAP()) revert MembershipCreditTooLarge(amount);
        uint64 next = identityRegistry.identityCount() + 1;
        // Fits: CAP is far below 2^160.
        _startingCredits.push(next, uint160(amount));
        emit StartingCreditChanged(IdentityId.wrap(next), amount);
    }
}
