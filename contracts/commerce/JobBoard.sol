// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IAgreements} from "../interfaces/IAgreements.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IJobBoard} from "../interfaces/IJobBoard.sol";
import {JobTypes} from "../libraries/JobTypes.sol";
import {AgreementId} from "../types/AgreementId.sol";
import {IdentityId, NO_IDENTITY} from "../types/IdentityId.sol";
import {JobId} from "../types/JobId.sol";

/// @title JobBoard
contract JobBoard is IJobBoard, EIP712 {
    uint256 private constant MOST_READ = 100;

    /// @inheritdoc IJobBoard
    IIdentityRegistry public immutable identityRegistry;
    /// @inheritdoc IJobBoard
    IAgreements public immutable agreements;

    /// @inheritdoc IJobBoard
    uint64 public jobCount;
    /// @inheritdoc IJobBoard
    mapping(IdentityId identityId => uint256) public nonceOf;

    mapping(JobId jobId => Job) private _jobs;
    mapping(AgreementId agreementId => Hire) private _hires;
    mapping(IdentityId identityId => Rating[]) private _ratings;
    mapping(IdentityId identityId => uint64) private _totals;

    constructor(IIdentityRegistry identityRegistry_, IAgreements agreements_) EIP712("Skrumble JobBoard", "1") {
        identityRegistry = identityRegistry_;
        agreements = agreements_;
    }

    /// @inheritdoc IJobBoard
    function post(
        IdentityId poster,
        bytes32 listing,
        uint64 applyBy,
        uint256 deadline,
        bytes calldata signature
    ) external returns (JobId jobId) {
        _requireListing(listing, applyBy);
        bytes32 hash = JobTypes.hashPost(poster, listing, applyBy, nonceOf[poster]++, deadline);
        _requireSignature(poster, hash, deadline, signature);
        jobId = JobId.wrap(++jobCount);
        Job storage created = _jobs[jobId];
        created.poster = poster;
        created.postedAt = uint64(block.timestamp);
        created.applyBy = applyBy;
        created.state = State.Open;
        created.listing = listing;
        emit JobPosted(jobId, poster, listing, applyBy);
    }

    /// @inheritdoc IJobBoard
    function edit(JobId jobId, bytes32 listing, uint64 applyBy, uint256 deadline, bytes calldata signature) external {
        Job storage edited = _open(jobId);
        _requireListing(listing, applyBy);
        IdentityId poster = edited.poster;
        bytes32 hash = JobTypes.hashEdit(jobId, listing, applyBy, nonceOf[poster]++, deadline);
        _requireSignature(poster, hash, deadline, signature);
        edited.listing = listing;
        edited.applyBy = applyBy;
        emit JobEdited(jobId, listing, applyBy);
    }

    /// @inheritdoc IJobBoard
    function close(JobId jobId, uint256 deadline, bytes calldata signature) external {
        Job storage closed = _open(jobId);
        IdentityId poster = closed.poster;
        _requireSignature(poster, JobTypes.hashClose(jobId, nonceOf[poster]++, deadline), deadline, signature);
        closed.state = State.Closed;
        emit JobClosed(jobId);
    }

    /// @inheritdoc IJobBoard
    function hire(JobId jobId, IAgreements.Terms calldata terms, bytes32 secret) external {
        Job storage filled = _existing(jobId);
        AgreementId agreementId = agreements.idOf(terms);
        if (_hires[agreementId].client != NO_IDENTITY) revert JobAlreadyHired(agreementId);
        if (agreements.agreement(agreementId).concludedAt == 0) revert JobAgreementNotConcluded(agreementId);
        (address owner, ) = identityRegistry.activeKeys(filled.poster);
        bool fits = terms.kind == IAgreements.Kind.Work && terms.payer == owner;
        if (!fits || terms.salt != keccak256(abi.encode(jobId, secret))) {
            revert JobNotItsAgreement(jobId, agreementId);
        }
        IdentityId freelancer = identityRegistry.idByOwner(terms.payee);
        if (freelancer == NO_IDENTITY) revert JobUnregistered(terms.payee);

        _hires[agreementId] = Hire(jobId, filled.poster, freelancer, 0, 0);
        if (filled.state != State.Hired) {
            filled.state = State.Hired;
            filled.agreement = agreementId;
        }
        emit JobHired(jobId, agreementId, freelancer);
    }

    /// @inheritdoc IJobBoard
    function rate(
        AgreementId agreementId,
        IdentityId rater,
        uint8 score,
        bytes32 comment,
        uint256 deadline,
        bytes calldata signature
    ) external {
        if (score == 0 || score > 5) revert RatingInvalidScore(score);
        Hire storage hired = _hires[agreementId];
        IdentityId client = hired.client;
        IdentityId freelancer = hired.freelancer;
        if (client == NO_IDENTITY) revert RatingWithoutHire(agreementId);
        bool byClient = rater == client;
        if (!byClient && rater != freelancer) revert RatingNotAParty(agreementId, rater);
        if ((byClient ? hired.byClient : hired.byFreelancer) != 0) revert RatingGiven(agreementId, rater);
        if (!IEscrow(agreements.agreement(agreementId).escrow).isFinished()) revert RatingTooEarly(agreementId);
        bytes32 hash = JobTypes.hashRate(agreementId, rater, score, comment, deadline);
        _requireSignature(rater, hash, deadline, signature);

        if (byClient) hired.byClient = score;
        else hired.byFreelancer = score;
        IdentityId ratee = byClient ? freelancer : client;
        _ratings[ratee].push(Rating(rater, uint64(block.timestamp), score, agreementId, comment));
        _totals[ratee] += score;
        emit PartyRated(agreementId, ratee, rater, score, comment);
    }

    /// @inheritdoc IJobBoard
    function job(JobId jobId) external view returns (Job memory) {
        return _existing(jobId);
    }

    /// @inheritdoc IJobBoard
    function jobs(uint64 first, uint64 count) external view returns (Job[] memory found) {
        if (first == 0) revert JobUnknown(JobId.wrap(first));
        uint256 end = uint256(jobCount) + 1;
        found = new Job[](_within(first, count, end));
        for (uint256 i; i < found.length; ++i) {
            found[i] = _jobs[JobId.wrap(uint64(first + i))];
        }
    }

    /// @inheritdoc IJobBoard
    function hireOf(AgreementId agreementId) external view returns (Hire memory) {
        return _hires[agreementId];
    }

    /// @inheritdoc IJobBoard
    function reputationOf(IdentityId identityId) external view returns (uint64 count, uint64 total) {
        return (uint64(_ratings[identityId].length), _totals[identityId]);
    }

    /// @inheritdoc IJobBoard
    function ratingsOf(
        IdentityId identityId,
        uint64 first,
        uint64 count
    ) external view returns (Rating[] memory found) {
        Rating[] storage all = _ratings[identityId];
        found = new Rating[](_within(first, count, all.length));
        for (uint256 i; i < found.length; ++i) {
            found[i] = all[first + i];
        }
    }

    /// @dev How many of `count` places from `first` on lie before `end`.
    function _within(uint256 first, uint256 count, uint256 end) private pure returns (uint256) {
        if (first >= end) return 0;
        uint256 most = end - first < MOST_READ ? end - first : MOST_READ;
        return count < most ? count : most;
    }

    function _existing(JobId jobId) private view returns (Job storage found) {
        found = _jobs[jobId];
        if (found.state == State.Unset) revert JobUnknown(jobId);
    }

    function _open(JobId jobId) private view returns (Job storage found) {
        found = _existing(jobId);
        if (found.state != State.Open) revert JobNotOpen(jobId, found.state);
    }

    function _requireListing(bytes32 listing, uint64 applyBy) private view {
        if (listing == 0) revert JobMissingListing();
        if (applyBy <= block.timestamp || applyBy > block.timestamp + 366 days) revert JobInvalidApplyBy(applyBy);
    }

    /// @dev The wallet that owns the identity now agrees by calling. Contract wallets are asked by static call (EIP-1271).
    function _requireSignature(
        IdentityId identityId,
        bytes32 structHash,
        uint256 deadline,
        bytes calldata signature
    ) private view {
        if (block.timestamp > deadline) revert JobDeadlinePassed(deadline);
        (address owner, ) = identityRegistry.activeKeys(identityId);
        if (owner == address(0)) revert JobNobodyActs(identityId);
        if (owner == msg.sender) return;
        bool valid = SignatureChecker.isValidSignatureNowCalldata(owner, _hashTypedDataV4(structHash), signature);
        if (!valid) revert JobInvalidSignature(owner);
    }
}
