// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreements} from "../interfaces/IAgreements.sol";
import {AgreementId} from "../types/AgreementId.sol";

/// @title The terms of an escrow, as they stand behind the code of its clone
/// @notice A byte of code costs less than a third of a byte of storage to write, and next to nothing to read.
/// `pack` is the factory's. Layout, in bytes: id 32, factory 20, payer 20, payee 20, arbiter 20, token 20, kind 1, three outcomes 1 each, fallback and retained
/// share 2 each, review, response and ruling time 4 each; then for every milestone amount 16 and due date 5.
library EscrowArgs {
    uint256 private constant HEAD = 152;
    uint256 private constant MILESTONE = 21;

    function pack(AgreementId id, IAgreements.Terms calldata t) internal view returns (bytes memory args) {
        IAgreements.Rules calldata r = t.rules;
        args = abi.encodePacked(
            abi.encodePacked(id, address(this), t.payer, t.payee, t.arbiter, t.token, t.kind),
            r.onNoSubmission,
            r.onNoReview,
            r.onRejection,
            r.fallbackShare,
            r.retainedShare,
            r.reviewTime,
            r.responseTime,
            r.rulingTime
        );
        for (uint256 i; i < t.milestones.length; ++i) {
            args = abi.encodePacked(args, t.milestones[i].amount, t.milestones[i].due);
        }
    }

    function agreementId(bytes memory args) internal pure returns (AgreementId) {
        return AgreementId.wrap(bytes32(read(args, 0, 32)));
    }

    function agreements(bytes memory args) internal pure returns (address) {
        return address(uint160(read(args, 32, 20)));
    }

    function payer(bytes memory args) internal pure returns (address) {
        return address(uint160(read(args, 52, 20)));
    }

    function payee(bytes memory args) internal pure returns (address) {
        return address(uint160(read(args, 72, 20)));
    }

    function arbiter(bytes memory args) internal pure returns (address) {
        return address(uint160(read(args, 92, 20)));
    }

    function token(bytes memory args) internal pure returns (address) {
        return address(uint160(read(args, 112, 20)));
    }

    function isSale(bytes memory args) internal pure returns (bool) {
        return IAgreements.Kind(read(args, 132, 1)) == IAgreements.Kind.Sale;
    }

    function onNoSubmission(bytes memory args) internal pure returns (IAgreements.Outcome) {
        return IAgreements.Outcome(read(args, 133, 1));
    }

    function onNoReview(bytes memory args) internal pure returns (IAgreements.Outcome) {
        return IAgreements.Outcome(read(args, 134, 1));
    }

    function onRejection(bytes memory args) internal pure returns (IAgreements.Outcome) {
        return IAgreements.Outcome(read(args, 135, 1));
    }

    function fallbackShare(bytes memory args) internal pure returns (uint256) {
        return read(args, 136, 2);
    }

    function retainedShare(bytes memory args) internal pure returns (uint256) {
        return read(args, 138, 2);
    }

    function reviewTime(bytes memory args) internal pure returns (uint256) {
        return read(args, 140, 4);
    }

    function responseTime(bytes memory args) internal pure returns (uint256) {
        return read(args, 144, 4);
    }

    function rulingTime(bytes memory args) internal pure returns (uint256) {
        return read(args, 148, 4);
    }

    function milestoneCount(bytes memory args) internal pure returns (uint256) {
        return (args.length - HEAD) / MILESTONE;
    }

    /// @dev The caller keeps `index` below the count.
    function milestone(bytes memory args, uint256 index) internal pure returns (IAgreements.Milestone memory) {
        uint256 offset = HEAD + index * MILESTONE;
        return IAgreements.Milestone(uint128(read(args, offset, 16)), uint40(read(args, offset + 16, 5)));
    }

    /// @dev `size` bytes from `offset`, as a number. What a word reads beyond them is shifted out.
    function read(bytes memory args, uint256 offset, uint256 size) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(sub(256, shl(3, size)), mload(add(add(args, 32), offset)))
        }
    }
}
