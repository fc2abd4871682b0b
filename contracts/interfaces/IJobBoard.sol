// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AgreementId} from "../types/AgreementId.sol";
import {IdentityId} from "../types/IdentityId.sol";
import {JobId} from "../types/JobId.sol";
import {IAgreements} from "./IAgreements.sol";
import {IIdentityRegistry} from "./IIdentityRegistry.sol";

/// @title Job board
/// @notice Which jobs are offered, who was hired for them, and what the two said of each other when it was over. It keeps
/// hashes and states: what a listing or a comment says is kept by relays, and checked against the hash. Applications are
/// not kept here: they go to the poster, sealed.
///
/// Administration: none. Nobody can take a job or a rating away, and no money is ever here.
///
/// People act by the wallet that owns their identity; anybody submits their EIP-712 signature (EIP-1271 for contract
/// wallets), or the wallet calls itself. Domain: {name: "Skrumble JobBoard", version: "1", chainId, verifyingContract}.
/// Types, exactly:
///
/// - Post(uint64 poster,bytes32 listing,uint64 applyBy,uint256 nonce,uint256 deadline)
/// - Edit(uint64 jobId,bytes32 listing,uint64 applyBy,uint256 nonce,uint256 deadline)
/// - Close(uint64 jobId,uint256 nonce,uint256 deadline)
/// - Rate(bytes32 agreementId,uint64 rater,uint8 score,bytes32 comment,uint256 deadline)
///
/// Post, Edit and Close take the next nonce of the poster's identity (`nonceOf`). A rating is given once, which makes its
/// signature good once. Deadlines are Unix seconds, inclusive.
///
/// A hire needs no signature of its own: the salt of the agreement is keccak256(abi.encode(uint64 jobId, bytes32 secret)), so
/// that whoever signed the agreement signed that it is about this job. Until the secret is shown, the salt says nothing.
interface IJobBoard {
    enum State {
        Unset,
        Open,
        Hired,
        Closed
    }

    /// @param poster Whose job it is.
    /// @param postedAt Unix seconds.
    /// @param applyBy Unix seconds: until when the poster looks for people. For people to go by; a hire may come later.
    /// @param listing keccak256 of the listing.
    /// @param agreement Of the first hire; 0 before.
    struct Job {
        IdentityId poster;
        uint64 postedAt;
        uint64 applyBy;
        State state;
        bytes32 listing;
        AgreementId agreement;
    }

    /// @param client The job's poster.
    /// @param byClient Score that the client gave; 0 before.
    /// @param byFreelancer Score that the freelancer gave; 0 before.
    struct Hire {
        JobId jobId;
        IdentityId client;
        IdentityId freelancer;
        uint8 byClient;
        uint8 byFreelancer;
    }

    /// @param rater The other party of the agreement.
    /// @param ratedAt Unix seconds.
    /// @param score 1 to 5.
    /// @param comment keccak256 of the comment; 0 for none.
    struct Rating {
        IdentityId rater;
        uint64 ratedAt;
        uint8 score;
        AgreementId agreementId;
        bytes32 comment;
    }

    event JobPosted(JobId indexed jobId, IdentityId indexed poster, bytes32 listing, uint64 applyBy);
    event JobEdited(JobId indexed jobId, bytes32 listing, uint64 applyBy);
    event JobClosed(JobId indexed jobId);
    event JobHired(JobId indexed jobId, AgreementId indexed agreementId, IdentityId indexed freelancer);
    event PartyRated(AgreementId indexed agreementId, IdentityId indexed ratee, IdentityId rater, uint8 score, bytes32 comment);

    error JobUnknown(JobId jobId);
    error JobNotOpen(JobId jobId, State state);
    error JobMissingListing();
    error JobInvalidApplyBy(uint64 applyBy);
    error JobDeadlinePassed(uint256 deadline);
    error JobInvalidSignature(address expectedSigner);
    /// @dev There is no such identity, or its keys were revoked.
    error JobNobodyActs(IdentityId identityId);
    error JobNotItsAgreement(JobId jobId, AgreementId agreementId);
    error JobAgreementNotConcluded(AgreementId agreementId);
    error JobAlreadyHired(AgreementId agreementId);
    error JobUnregistered(address account);
    error RatingWithoutHire(AgreementId agreementId);
    error RatingNotAParty(AgreementId agreementId, IdentityId rater);
    error RatingTooEarly(AgreementId agreementId);
    error RatingGiven(AgreementId agreementId, IdentityId rater);
    error RatingInvalidScore(uint8 score);

    /// @notice Offer a job, by the signature (Post) of the wallet that owns `poster`.
    /// @param listing keccak256 of the listing, not 0.
    /// @param applyBy Unix seconds, in the future and at most a year ahead.
    function post(
        IdentityId poster,
        bytes32 listing,
        uint64 applyBy,
        uint256 deadline,
        bytes calldata signature
    ) external returns (JobId jobId);

    /// @notice Replace listing and last day of an open job, by the poster's signature (Edit).
    function edit(JobId jobId, bytes32 listing, uint64 applyBy, uint256 deadline, bytes calldata signature) external;

    /// @notice Take an open job from the board, by the poster's signature (Close).
    function close(JobId jobId, uint256 deadline, bytes calldata signature) external;

    /// @notice Record that an agreement is about a job. Anybody who knows `secret`; both parties do. The job's poster pays in
    /// it and the one who is paid is registered. Also for a job that was closed meanwhile: its parties keep their word.
    /// @param terms Of a concluded agreement about work, with the salt described above.
    /// @param secret 32 random bytes, new for every draft.
    function hire(JobId jobId, IAgreements.Terms calldata terms, bytes32 secret) external;

    /// @notice Rate the other party, once, when the escrow of the agreement has settled every milestone. By the signature
    /// (Rate) of the wallet that owns `rater`.
    /// @param score 1 to 5.
    /// @param comment keccak256 of the comment; 0 for none.
    function rate(
        AgreementId agreementId,
        IdentityId rater,
        uint8 score,
        bytes32 comment,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Reverts with JobUnknown when there is no such job.
    function job(JobId jobId) external view returns (Job memory);

    /// @notice How many jobs were ever posted; also the highest number given out.
    function jobCount() external view returns (uint64);

    /// @notice The jobs of the numbers `first` to `first + count - 1`, as many of them as there are; at most 100.
    function jobs(uint64 first, uint64 count) external view returns (Job[] memory);

    /// @notice All zero when there is none.
    function hireOf(AgreementId agreementId) external view returns (Hire memory);

    /// @notice How many ratings an identity was given, and the sum of their scores.
    function reputationOf(IdentityId identityId) external view returns (uint64 count, uint64 total);

    /// @notice The ratings that an identity was given, from number `first` on, the oldest being 0: as many of `count` as there
    /// are; at most 100.
    function ratingsOf(IdentityId identityId, uint64 first, uint64 count) external view returns (Rating[] memory);

    /// @notice Of the next Post, Edit or Close of this identity.
    function nonceOf(IdentityId identityId) external view returns (uint256);

    function identityRegistry() external view returns (IIdentityRegistry);

    function agreements() external view returns (IAgreements);
}
