// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreements} from "../interfaces/IAgreements.sol";

/// @title Which terms can be agreed on
/// @notice What a kind does not use must be empty, and whatever silence leads to must be written down: nobody signs
/// something without effect, and no money can come to rest where neither side could move it.
library TermsRules {
    uint256 internal constant WHOLE = 10_000;
    uint256 internal constant SHORTEST = 1 hours;
    uint256 internal constant LONGEST = 3650 days;
    uint256 private constant MAX_SIGNERS = 64;
    uint256 private constant MAX_MILESTONES = 32;

    function check(IAgreements.Terms calldata t) internal view {
        if (t.textHash == 0) revert IAgreements.AgreementMissingText();
        (bool payerSigns, bool payeeSigns) = checkSigners(t);
        if (t.kind == IAgreements.Kind.Plain) return requireNoMoney(t);
        if (!payerSigns) revert IAgreements.AgreementInvalidParty(t.payer);
        if (!payeeSigns || t.payee == t.payer) revert IAgreements.AgreementInvalidParty(t.payee);
        if (t.arbiter == t.payer || t.arbiter == t.payee) revert IAgreements.AgreementInvalidArbiter(t.arbiter);
        if (t.token != address(0) && t.token.code.length == 0) revert IAgreements.AgreementInvalidToken(t.token);
        checkMilestones(t.milestones);
        checkRules(t.rules, t.kind, t.arbiter != address(0));
    }

    function checkSigners(IAgreements.Terms calldata t) private pure returns (bool payerSigns, bool payeeSigns) {
        uint256 count = t.signers.length;
        if (count < 2 || count > MAX_SIGNERS) revert IAgreements.AgreementInvalidSigners();
        address last;
        for (uint256 i; i < count; ++i) {
            address signer = t.signers[i];
            if (signer <= last) revert IAgreements.AgreementInvalidSigners();
            last = signer;
            payerSigns = payerSigns || signer == t.payer;
            payeeSigns = payeeSigns || signer == t.payee;
        }
    }

    function requireNoMoney(IAgreements.Terms calldata t) private pure {
        IAgreements.Rules calldata r = t.rules;
        bool empty = t.milestones.length == 0 &&
            (uint160(t.payer) | uint160(t.payee) | uint160(t.arbiter) | uint160(t.token)) == 0 &&
            (uint8(r.onNoSubmission) | uint8(r.onNoReview) | uint8(r.onRejection)) == 0 &&
            (r.fallbackShare | r.retainedShare | r.reviewTime | r.responseTime | r.rulingTime) == 0;
        if (!empty) revert IAgreements.AgreementUnexpectedMoney();
    }

    function checkMilestones(IAgreements.Milestone[] calldata milestones) private view {
        uint256 count = milestones.length;
        if (count == 0 || count > MAX_MILESTONES) revert IAgreements.AgreementInvalidMilestones(count);
        uint256 sum;
        for (uint256 i; i < count; ++i) {
            (uint256 amount, uint256 due) = (milestones[i].amount, milestones[i].due);
            sum += amount;
            if (amount == 0 || sum > type(uint128).max) revert IAgreements.AgreementInvalidAmount(i);
            if (due <= block.timestamp || due > block.timestamp + LONGEST)
                revert IAgreements.AgreementInvalidDue(i, due);
        }
    }

    function checkRules(IAgreements.Rules calldata r, IAgreements.Kind kind, bool arbitrated) private pure {
        bool work = kind == IAgreements.Kind.Work;
        checkOutcome(r.onNoSubmission, work, arbitrated);
        checkOutcome(r.onNoReview, work, arbitrated);
        checkOutcome(r.onRejection, work, arbitrated);
        if (r.fallbackShare > WHOLE) revert IAgreements.AgreementInvalidShare(r.fallbackShare);
        if (r.retainedShare > (work ? 0 : WHOLE)) revert IAgreements.AgreementInvalidShare(r.retainedShare);
        checkTime(r.reviewTime, true);
        checkTime(r.responseTime, true);
        checkTime(r.rulingTime, arbitrated);
    }

    /// @dev `Wait` only where either side can go to an arbiter, whose ruling time ends everything.
    function checkOutcome(IAgreements.Outcome outcome, bool used, bool arbitrated) private pure {
        bool unset = outcome == IAgreements.Outcome.Unset;
        bool needsArbiter = outcome == IAgreements.Outcome.Wait || outcome == IAgreements.Outcome.Arbiter;
        if (used == unset || (needsArbiter && !arbitrated)) revert IAgreements.AgreementInvalidOutcome(outcome);
    }

    function checkTime(uint256 duration, bool used) private pure {
        bool valid = used ? duration >= SHORTEST && duration <= LONGEST : duration == 0;
        if (!valid) revert IAgreements.AgreementInvalidTime(duration);
    }
}
