// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreements} from "../../../contracts/interfaces/IAgreements.sol";
import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {EscrowArgs} from "../../../contracts/libraries/EscrowArgs.sol";
import {MilestoneSlot} from "../../../contracts/libraries/MilestoneSlot.sol";
import {AgreementId} from "../../../contracts/types/AgreementId.sol";
import {Test} from "../support/Test.sol";

/// @dev What is packed by hand comes out again as it went in, each field for itself.
contract PackingTest is Test {
    function pack(AgreementId id, IAgreements.Terms calldata terms) external view returns (bytes memory) {
        return EscrowArgs.pack(id, terms);
    }

    /// @dev A number of its own for every field, over the field's whole width.
    function chance(uint256 seed, uint256 field) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, field)));
    }

    function termsOf(uint256 seed, uint256 count) private pure returns (IAgreements.Terms memory t) {
        t.kind = IAgreements.Kind(chance(seed, 0) % 3);
        t.payer = address(uint160(chance(seed, 1)));
        t.payee = address(uint160(chance(seed, 2)));
        t.arbiter = address(uint160(chance(seed, 3)));
        t.token = address(uint160(chance(seed, 4)));
        t.rules = IAgreements.Rules(
            IAgreements.Outcome(chance(seed, 5) % 6),
            IAgreements.Outcome(chance(seed, 6) % 6),
            IAgreements.Outcome(chance(seed, 7) % 6),
            uint16(chance(seed, 8)),
            uint16(chance(seed, 9)),
            uint32(chance(seed, 10)),
            uint32(chance(seed, 11)),
            uint32(chance(seed, 12))
        );
        t.milestones = new IAgreements.Milestone[](count);
        for (uint256 i; i < count; ++i) {
            t.milestones[i] = IAgreements.Milestone(uint128(chance(seed, 20 + i)), uint40(chance(seed, 60 + i)));
        }
    }

    function testFuzz_termsBehindTheCodeOfACloneAreTheTerms(uint256 seed, uint8 milestones) public view {
        uint256 count = within(milestones, 0, 32);
        AgreementId id = AgreementId.wrap(bytes32(chance(seed, 13)));
        IAgreements.Terms memory t = termsOf(seed, count);
        bytes memory args = this.pack(id, t);
        holds(AgreementId.unwrap(EscrowArgs.agreementId(args)) == AgreementId.unwrap(id), "id");
        holds(EscrowArgs.agreements(args) == address(this), "factory");
        holds(EscrowArgs.payer(args) == t.payer, "payer");
        holds(EscrowArgs.payee(args) == t.payee, "payee");
        holds(EscrowArgs.arbiter(args) == t.arbiter, "arbiter");
        holds(EscrowArgs.token(args) == t.token, "token");
        holds(EscrowArgs.isSale(args) == (t.kind == IAgreements.Kind.Sale), "kind");
        holds(EscrowArgs.onNoSubmission(args) == t.rules.onNoSubmission, "no submission");
        holds(EscrowArgs.onNoReview(args) == t.rules.onNoReview, "no review");
        holds(EscrowArgs.onRejection(args) == t.rules.onRejection, "rejection");
        equal(EscrowArgs.fallbackShare(args), t.rules.fallbackShare, "fallback share");
        equal(EscrowArgs.retainedShare(args), t.rules.retainedShare, "retained share");
        equal(EscrowArgs.reviewTime(args), t.rules.reviewTime, "review time");
        equal(EscrowArgs.responseTime(args), t.rules.responseTime, "response time");
        equal(EscrowArgs.rulingTime(args), t.rules.rulingTime, "ruling time");
        equal(EscrowArgs.milestoneCount(args), count, "milestones");
        for (uint256 i; i < count; ++i) {
            IAgreements.Milestone memory m = EscrowArgs.milestone(args, i);
            equal(m.amount, t.milestones[i].amount, "amount");
            equal(m.due, t.milestones[i].due, "due");
        }
    }

    function testFuzz_aMilestoneComesOutOfItsSlot(
        uint128 remaining,
        uint40 due,
        uint40 since,
        uint32 step,
        uint8 state
    ) public pure {
        IEscrow.State given = IEscrow.State(state % 6);
        uint256 slot = MilestoneSlot.pack(IEscrow.MilestoneState(remaining, due, since, step, given));
        IEscrow.MilestoneState memory m = MilestoneSlot.unpack(slot);
        equal(m.remaining, remaining, "remaining");
        equal(m.due, due, "due");
        equal(m.since, since, "since");
        equal(m.step, step, "step");
        holds(m.state == given, "state");
        holds(slot >> 248 == 0, "nothing beyond");
    }
}
