// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreements} from "../interfaces/IAgreements.sol";
import {AgreementId} from "../types/AgreementId.sol";

/// @title EIP-712 struct hashes of agreements
/// @notice The types are written down in IAgreements.
library TermsTypes {
    bytes32 internal constant TERMS =
        keccak256(
            "Terms(uint8 kind,address[] signers,address payer,address payee,address arbiter,address token,bytes32 textHash,bytes32 salt,uint64 signBy,Rules rules,Milestone[] milestones)Milestone(uint128 amount,uint40 due)Rules(uint8 onNoSubmission,uint8 onNoReview,uint8 onRejection,uint16 fallbackShare,uint16 retainedShare,uint32 reviewTime,uint32 responseTime,uint32 rulingTime)"
        );
    bytes32 internal constant RULES =
        keccak256(
            "Rules(uint8 onNoSubmission,uint8 onNoReview,uint8 onRejection,uint16 fallbackShare,uint16 retainedShare,uint32 reviewTime,uint32 responseTime,uint32 rulingTime)"
        );
    bytes32 internal constant MILESTONE = keccak256("Milestone(uint128 amount,uint40 due)");
    bytes32 internal constant RETRACT = keccak256("Retract(bytes32 agreementId,uint256 deadline)");

    function hashTerms(IAgreements.Terms calldata t) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    TERMS,
                    t.kind,
                    keccak256(abi.encodePacked(t.signers)),
                    t.payer,
                    t.payee,
                    t.arbiter,
                    t.token,
                    t.textHash,
                    t.salt,
                    t.signBy,
                    keccak256(abi.encode(RULES, t.rules)),
                    hashMilestones(t.milestones)
                )
            );
    }

    function hashRetract(AgreementId agreementId, uint256 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode(RETRACT, agreementId, deadline));
    }

    function hashMilestones(IAgreements.Milestone[] calldata milestones) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](milestones.length);
        for (uint256 i; i < hashes.length; ++i) {
            hashes[i] = keccak256(abi.encode(MILESTONE, milestones[i]));
        }
        return keccak256(abi.encodePacked(hashes));
    }
}
