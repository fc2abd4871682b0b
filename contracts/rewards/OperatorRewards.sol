// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IOperatorRewards} from "../interfaces/IOperatorRewards.sol";
import {ISKM} from "../interfaces/ISKM.sol";
import {Governed} from "../libraries/Governed.sol";

/// @title Rewards of validators and relays
contract OperatorRewards is IOperatorRewards, Governed, EIP712 {
    /// @dev What was paid: ever, and in the last period in which anything was. One slot; amounts are at most SKM's cap, 2^90.
    struct Account {
        uint104 ever;
        uint104 inPeriod;
        uint48 number;
    }

    /// @inheritdoc IOperatorRewards
    uint256 public constant MIN_ATTESTERS = 4;

    /// @inheritdoc IOperatorRewards
    uint256 public constant MAX_ATTESTERS = 64;

    bytes32 private constant REWARD = keccak256("Reward(uint8 kind,address operator,uint256 cumulative,uint64 term)");

    /// @inheritdoc IOperatorRewards
    ISKM public immutable skm;

    /// @inheritdoc IOperatorRewards
    uint8 public immutable bucket;

    /// @inheritdoc IOperatorRewards
    uint64 public immutable period;

    /// @inheritdoc IOperatorRewards
    uint128 public immutable maximum;

    /// @inheritdoc IOperatorRewards
    uint64 public term;

    /// @inheritdoc IOperatorRewards
    mapping(address account => bool) public isAttester;

    address[] private _attesters;
    mapping(Kind kind => Caps) private _caps;
    mapping(Kind kind => Account) private _all;
    mapping(Kind kind => mapping(address operator => Account)) private _operators;

    /// @param skm_ The token, whose bucket has to be handed to this contract.
    /// @param bucket_ The bucket's number.
    /// @param governor Account (a TimelockController) that names attesters and sets caps.
    /// @param period_ Seconds of a period, at most 365 days.
    /// @param maximum_ Most that a cap may ever be, in 1e-18 SKM.
    /// @param caps First caps, of validators and of relays.
    /// @param attesters_ First attesters; with none, nobody is paid until the governor names some.
    constructor(
        ISKM skm_,
        uint8 bucket_,
        address governor,
        uint64 period_,
        uint128 maximum_,
        Caps[2] memory caps,
        address[] memory attesters_
    ) Governed(governor) EIP712("Skrumble OperatorRewards", "1") {
        if (period_ == 0 || period_ > 365 days) revert RewardInvalidPeriod(period_);
        // Reverts when there is no such bucket.
        skm_.releasable(bucket_);
        skm = skm_;
        bucket = bucket_;
        period = period_;
        maximum = maximum_;
        _setCaps(Kind.Validator, caps[0], maximum_);
        _setCaps(Kind.Relay, caps[1], maximum_);
        if (attesters_.length != 0) _setAttesters(attesters_);
    }

    /// @inheritdoc IOperatorRewards
    function claim(
        Kind kind,
        address operator,
        uint256 cumulative,
        bytes[] calldata signatures
    ) external returns (uint256 amount) {
        _requireAttested(digestOf(kind, operator, cumulative), signatures);
        (uint256 owed, uint256 room) = _due(kind, operator, cumulative);
        amount = Math.min(owed, room);
        if (amount == 0) revert RewardNothingToPay(owed, room);
        _record(_all[kind], amount);
        uint256 ever = _record(_operators[kind][operator], amount);
        emit RewardPaid(kind, operator, amount, ever);
        skm.emitFrom(bucket, operator, amount);
    }

    /// @inheritdoc IOperatorRewards
    function setAttesters(address[] calldata attesters_) external onlyRole(GOVERNOR_ROLE) {
        _setAttesters(attesters_);
    }

    /// @inheritdoc IOperatorRewards
    function setCaps(Kind kind, Caps calldata caps) external onlyRole(GOVERNOR_ROLE) {
        _setCaps(kind, caps, maximum);
    }

    /// @inheritdoc IOperatorRewards
    function handOver(address controller) external onlyRole(GOVERNOR_ROLE) {
        skm.setController(bucket, controller);
    }

    /// @inheritdoc IOperatorRewards
    function payableNow(Kind kind, address operator, uint256 cumulative) external view returns (uint256) {
        if (skm.buckets()[bucket].controller != address(this)) return 0;
        (uint256 owed, uint256 room) = _due(kind, operator, cumulative);
        return Math.min(owed, room);
    }

    /// @inheritdoc IOperatorRewards
    function claimed(Kind kind, address operator) external view returns (uint256) {
        return _operators[kind][operator].ever;
    }

    /// @inheritdoc IOperatorRewards
    function paidInPeriod(Kind kind) external view returns (uint256) {
        return _inPeriod(_all[kind]);
    }

    /// @inheritdoc IOperatorRewards
    function paidInPeriodTo(Kind kind, address operator) external view returns (uint256) {
        return _inPeriod(_operators[kind][operator]);
    }

    /// @inheritdoc IOperatorRewards
    function capsOf(Kind kind) external view returns (Caps memory) {
        return _caps[kind];
    }

    /// @inheritdoc IOperatorRewards
    function attesters() external view returns (address[] memory) {
        return _attesters;
    }

    /// @inheritdoc IOperatorRewards
    function digestOf(Kind kind, address operator, uint256 cumulative) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(REWARD, kind, operator, cumulative, term)));
    }

    /// @inheritdoc IOperatorRewards
    /// @dev 1 while there are no attesters, so that nothing is paid without a signature.
    function threshold() public view returns (uint256) {
        return (_attesters.length * 2) / 3 + 1;
    }

    function _requireAttested(bytes32 digest, bytes[] calldata signatures) private view {
        uint256 count = signatures.length;
        uint256 needed = threshold();
        if (count < needed) revert RewardTooFewSignatures(count, needed);
        if (count > MAX_ATTESTERS) revert RewardTooManySignatures(count, MAX_ATTESTERS);
        address last;
        for (uint256 i; i < count; ++i) {
            // What is no signature, or one with a high s, recovers to the zero address, which attests nothing.
            (address signer, , ) = ECDSA.tryRecoverCalldata(digest, signatures[i]);
            if (!isAttester[signer]) revert RewardNotAttester(i, signer);
            if (signer <= last) revert RewardSignersNotAscending(i, signer);
            last = signer;
        }
    }

    function _due(Kind kind, address operator, uint256 cumulative) private view returns (uint256 owed, uint256 room) {
        Account storage account = _operators[kind][operator];
        Caps memory caps = _caps[kind];
        owed = Math.saturatingSub(cumulative, account.ever);
        // Saturating: the governor may have lowered a cap below what this period has paid.
        room = Math.min(
            Math.saturatingSub(caps.total, _inPeriod(_all[kind])),
            Math.saturatingSub(caps.each, _inPeriod(account))
        );
        room = Math.min(room, skm.releasable(bucket));
    }

    function _inPeriod(Account storage account) private view returns (uint256) {
        return account.number == _number() ? account.inPeriod : 0;
    }

    /// @dev Fits: what was ever paid is at most what the bucket releases, and so SKM's cap.
    function _record(Account storage account, uint256 amount) private returns (uint256 ever) {
        uint256 inPeriod = _inPeriod(account) + amount;
        ever = account.ever + amount;
        account.ever = uint104(ever);
        account.inPeriod = uint104(inPeriod);
        account.number = uint48(_number());
    }

    function _number() private view returns (uint256) {
        return block.timestamp / period;
    }

    function _setCaps(Kind kind, Caps memory caps, uint256 most) private {
        if (caps.total > most || caps.each > caps.total || caps.each == 0) {
            revert RewardInvalidCaps(caps.total, caps.each);
        }
        _caps[kind] = caps;
        emit CapsChanged(kind, caps.total, caps.each);
    }

    function _setAttesters(address[] memory attesters_) private {
        uint256 count = attesters_.length;
        if (count < MIN_ATTESTERS || count > MAX_ATTESTERS) revert RewardInvalidAttesterCount(count);
        for (uint256 i; i < _attesters.length; ++i) isAttester[_attesters[i]] = false;
        address last;
        for (uint256 i; i < count; ++i) {
            if (attesters_[i] <= last) revert RewardAttestersNotAscending(attesters_[i]);
            last = attesters_[i];
            isAttester[last] = true;
        }
        _attesters = attesters_;
        emit AttestersChanged(attesters_, ++term);
    }
}
