// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AgreementId} from "../types/AgreementId.sol";

/// @title Agreements
/// @notice Records what people agreed on, and opens an escrow when money is part of it. Everybody signs the same terms;
/// whoever has the last signature puts all of them on chain in one transaction, and only then does anything exist.
///
/// Administration: none. Nothing can be changed, stopped or taken back, and nobody is paid for any of it.
///
/// EIP-712 domain: {name: "Skrumble Agreements", version: "1", chainId, verifyingContract}. Types, exactly:
///
/// - Terms(uint8 kind,address[] signers,address payer,address payee,address arbiter,address token,bytes32 textHash,bytes32 salt,uint64 signBy,Rules rules,Milestone[] milestones)
///   with Milestone(uint128 amount,uint40 due)
///   and Rules(uint8 onNoSubmission,uint8 onNoReview,uint8 onRejection,uint16 fallbackShare,uint16 retainedShare,uint32 reviewTime,uint32 responseTime,uint32 rulingTime)
/// - Retract(bytes32 agreementId,uint256 deadline)
///
/// The readable text stays with the people; its hash is in the terms. A signature is an offer until `signBy`, and can be
/// retracted until the agreement is concluded. Contract wallets sign by EIP-1271.
interface IAgreements {
    /// @notice Plain: no money. Work: milestones are submitted and accepted. Sale: the price is paid in instalments.
    enum Kind {
        Plain,
        Work,
        Sale
    }

    /// @notice What somebody's silence leads to. `Unset` is refused, so that none is chosen by forgetting it. `Wait`:
    /// nothing, either side may still go to the arbiter. `Split`: `fallbackShare` to the payee, the rest to the payer.
    enum Outcome {
        Unset,
        Wait,
        Refund,
        Release,
        Split,
        Arbiter
    }

    /// @param amount In base units of the token, above 0.
    /// @param due Unix seconds: Work, last moment to submit; Sale, last moment to pay. At most ten years ahead.
    struct Milestone {
        uint128 amount;
        uint40 due;
    }

    /// @notice Times in seconds, an hour to ten years; shares in 1/10,000. What a kind does not use is 0.
    /// @param onNoSubmission Work: nothing submitted by the due date.
    /// @param onNoReview Work: the payer neither accepts nor rejects within `reviewTime` of a submission.
    /// @param onRejection Work: the payee neither submits again nor disputes within `responseTime` of a rejection.
    /// @param fallbackShare The payee's share of a `Split`, of a dispute without ruling, and of what a sale retained when
    /// the payer is in default.
    /// @param retainedShare Sale: share of each instalment kept in escrow until all are paid.
    /// @param reviewTime For the payer. Work: after a submission. Sale: after the last payment, to dispute or release what was
    /// retained, before it is the payee's.
    /// @param responseTime Work: for the payee, after a rejection. Sale: for the payer, after a due date.
    /// @param rulingTime For the arbiter, after a dispute began. 0 without an arbiter.
    struct Rules {
        Outcome onNoSubmission;
        Outcome onNoReview;
        Outcome onRejection;
        uint16 fallbackShare;
        uint16 retainedShare;
        uint32 reviewTime;
        uint32 responseTime;
        uint32 rulingTime;
    }

    /// @param signers Everybody who signs, ascending: 2 to 64 accounts, payer and payee among them.
    /// @param arbiter May split a disputed milestone between payer and payee; 0 for none. Need not sign: one who vanishes is
    /// foreseen anyway. One who is listed among the signers has to.
    /// @param token ERC-20 that is paid in; 0 for the chain's own coin.
    /// @param textHash keccak256 of the canonical text, in UTF-8.
    /// @param salt Random, so that the same text can be agreed on again and its hash says nothing to outsiders.
    /// @param signBy Unix seconds: last moment to conclude.
    /// @param milestones 1 to 32, their sum below 2^128; none in a plain agreement.
    struct Terms {
        Kind kind;
        address[] signers;
        address payer;
        address payee;
        address arbiter;
        address token;
        bytes32 textHash;
        bytes32 salt;
        uint64 signBy;
        Rules rules;
        Milestone[] milestones;
    }

    /// @param escrow Contract that holds the money; 0 for a plain agreement.
    /// @param concludedAt Unix seconds; 0 when there is no such agreement, also when it lapsed.
    struct Agreement {
        address escrow;
        uint64 concludedAt;
    }

    event AgreementConcluded(AgreementId indexed agreementId, address indexed escrow, Terms terms);
    event AgreementRetracted(AgreementId indexed agreementId, address indexed signer);
    event AgreementLapsed(AgreementId indexed agreementId, address indexed escrow);

    error AgreementExists(AgreementId agreementId);
    error AgreementIsRetracted(AgreementId agreementId, address signer);
    error AgreementDeadlinePassed(uint256 deadline);
    error AgreementStillOpen(uint256 signBy);
    error AgreementInvalidSignature(address signer);
    error AgreementSignatureCount(uint256 signatures, uint256 signers);
    error AgreementInvalidSigners();
    error AgreementMissingText();
    error AgreementUnexpectedMoney();
    error AgreementInvalidParty(address account);
    error AgreementInvalidArbiter(address account);
    error AgreementInvalidToken(address token);
    error AgreementInvalidMilestones(uint256 count);
    error AgreementInvalidAmount(uint256 index);
    error AgreementInvalidDue(uint256 index, uint256 due);
    error AgreementInvalidOutcome(Outcome outcome);
    error AgreementInvalidShare(uint256 share);
    error AgreementInvalidTime(uint256 duration);

    /// @notice Record the agreement, and deploy its escrow when there is money in it. Anybody, with everybody's signatures.
    /// @param signatures One per signer, in the order of `terms.signers`. The caller's own is not looked at.
    /// @return agreementId What was signed.
    /// @return escrow Where to pay, as `escrowOf` said before; 0 for a plain agreement.
    function conclude(
        Terms calldata terms,
        bytes[] calldata signatures
    ) external returns (AgreementId agreementId, address escrow);

    /// @notice Make a signature of `signer` under terms that are not concluded worthless, for ever.
    /// @param signature Signature (Retract) by `signer`; not looked at when `signer` calls.
    function retract(AgreementId agreementId, address signer, uint256 deadline, bytes calldata signature) external;

    /// @notice Open the escrow of terms that were not concluded in time, with every milestone settled: all that it can do is
    /// `sweep` to the payer what was sent to its address too early. Anybody, after `signBy`.
    function reclaim(Terms calldata terms) external returns (address escrow);

    /// @notice What is recorded; all zero when nothing is.
    function agreement(AgreementId agreementId) external view returns (Agreement memory);

    function isRetracted(AgreementId agreementId, address signer) external view returns (bool);

    /// @notice The digest to sign.
    function idOf(Terms calldata terms) external view returns (AgreementId);

    /// @notice Where the escrow of these terms is or will be; 0 for a plain agreement. Money can be sent there before it
    /// opens: `fund` counts it, and `reclaim` returns it should the agreement never be concluded.
    function escrowOf(Terms calldata terms) external view returns (address);

    /// @notice Code that every escrow runs.
    function escrowImplementation() external view returns (address);
}
