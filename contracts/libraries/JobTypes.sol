// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AgreementId} from "../types/AgreementId.sol";
import {IdentityId} from "../types/IdentityId.sol";
import {JobId} from "../types/JobId.sol";

/// @title EIP-712 struct hashes of the job board
/// @notice The types are written down in IJobBoard.
library JobTypes {
    bytes32 internal constant POST =
        keccak256("Post(uint64 poster,bytes32 listing,uint64 applyBy,uint256 nonce,uint256 deadline)");
    bytes32 internal constant EDIT =
        keccak256("Edit(uint64 jobId,bytes32 listing,uint64 applyBy,uint256 nonce,uint256 deadline)");
    bytes32 internal constant CLOSE = keccak256("Close(uint64 jobId,uint256 nonce,uint256 deadline)");
    bytes32 internal constant RATE =
        keccak256("Rate(bytes32 agreementId,uint64 rater,uint8 score,bytes32 comment,uint256 deadline)");

    function hashPost(
        IdentityId poster,
        bytes32 listing,
        uint64 applyBy,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(POST, poster, listing, applyBy, nonce, deadline));
    }

    function hashEdit(
        JobId jobId,
        bytes32 listing,
        uint64 applyBy,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(EDIT, jobId, listing, applyBy, nonce, deadline));
    }

    function hashClose(JobId jobId, uint256 nonce, uint256 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode(CLOSE, jobId, nonce, deadline));
    }

    function hashRate(
        AgreementId agreementId,
        IdentityId rater,
        uint8 score,
        bytes32 comment,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(RATE, agreementId, rater, score, comment, deadline));
    }
}
