// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAgreements} from "../interfaces/IAgreements.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {EscrowArgs} from "../libraries/EscrowArgs.sol";
import {EscrowTypes} from "../libraries/EscrowTypes.sol";
import {Payout} from "../libraries/Payout.sol";
import {TermsRules} from "../libraries/TermsRules.sol";
import {EscrowStore} from "./EscrowStore.sol";

/// @title Escrow of one agreement
/// @dev Terms, storage, authorisation and reads are in EscrowStore; what ends a whole agreement is at the end.
contract Escrow is EscrowStore {
    using EscrowArgs for bytes;
    using SafeERC20 for IERC20;

    /// @dev So that the chain's own coin can be sent beforehand, or by a wallet that only knows how to send.
    receive() external payable {}

    /// @inheritdoc IEscrow
    function fund(uint256 first, uint256 count, Authorisation calldata auth) external payable nonReentrant {
        bytes memory args = _args();
        uint256 before = _accounted(args);
        uint256 totalStep = _totalStep(args);
        uint256 needed;
        uint256 atOnce;
        for (uint256 index = first; index < first + count; ++index) {
            MilestoneState memory m = _read(args, index);
            _requireState(index, m, State.Unfunded);
            uint256 amount = args.milestone(index).amount;
            uint256 kept = args.isSale() ? (amount * args.retainedShare()) / TermsRules.WHOLE : amount;
            m.remaining = uint128(kept);
            _enter(index, m, kept == 0 ? State.Settled : State.Funded);
            needed += amount;
            atOnce += amount - kept;
            emit MilestoneFunded(index, amount);
        }
        if (needed == 0) revert EscrowInvalidAmount();
        uint256 missing = _missing(args.token(), before, needed);
        if (missing > 0) {
            if (!_isCaller(auth, totalStep)) {
                _requireSignature(
                    auth,
                    EscrowTypes.hash(EscrowTypes.FUND, first, bytes32(count), auth.step, auth.deadline)
                );
            }
            IERC20(args.token()).safeTransferFrom(auth.signer, address(this), missing);
            _requireFunded(args.token(), before + needed);
        }
        _pay(args, args.payee(), atOnce);
    }

    /// @inheritdoc IEscrow
    function submit(uint256 index, bytes32 evidence, Authorisation calldata auth) external nonReentrant {
        (bytes memory args, MilestoneState memory m) = _authorised(EscrowTypes.SUBMIT, index, evidence, auth);
        _requireSigner(auth.signer, args.payee());
        if (args.isSale()) revert EscrowWrongKind();
        if (m.state != State.Rejected) _requireState(index, m, State.Funded);
        _requireInTime(args, index, m);
        _enter(index, m, State.Submitted);
        emit MilestoneSubmitted(index, evidence);
    }

    /// @inheritdoc IEscrow
    function accept(uint256 index, uint256 amount, Authorisation calldata auth) external nonReentrant {
        (bytes memory args, MilestoneState memory m) = _authorised(EscrowTypes.ACCEPT, index, bytes32(amount), auth);
        _requireSigner(auth.signer, args.payer());
        _reduce(index, m, amount);
        emit MilestoneReleased(index, amount);
        _pay(args, args.payee(), amount);
    }

    /// @inheritdoc IEscrow
    function reject(uint256 index, bytes32 reason, Authorisation calldata auth) external nonReentrant {
        (bytes memory args, MilestoneState memory m) = _authorised(EscrowTypes.REJECT, index, reason, auth);
        _requireSigner(auth.signer, args.payer());
        _requireState(index, m, State.Submitted);
        _requireInTime(args, index, m);
        _enter(index, m, State.Rejected);
        emit MilestoneRejected(index, reason);
    }

    /// @inheritdoc IEscrow
    function refund(uint256 index, uint256 amount, Authorisation calldata auth) external nonReentrant {
        (bytes memory args, MilestoneState memory m) = _authorised(EscrowTypes.REFUND, index, bytes32(amount), auth);
        _requireSigner(auth.signer, args.payee());
        _reduce(index, m, amount);
        emit MilestoneRefunded(index, amount);
        _pay(args, args.payer(), amount);
    }

    /// @inheritdoc IEscrow
    function dispute(uint256 index, bytes32 reason, Authorisation calldata auth) external nonReentrant {
        (bytes memory args, MilestoneState memory m) = _authorised(EscrowTypes.DISPUTE, index, reason, auth);
        _requireParty(args, auth.signer);
        if (args.arbiter() == address(0)) revert EscrowNoArbiter();
        _requireHeld(index, m);
        if (m.state == State.Disputed) revert EscrowWrongState(index, m.state);
        _requireInTime(args, index, m);
        _enter(index, m, State.Disputed);
        emit MilestoneDisputed(index, auth.signer, reason);
    }

    /// @inheritdoc IEscrow
    function rule(uint256 index, uint256 toPayee, Authorisation calldata auth) external nonReentrant {
        (bytes memory args, MilestoneState memory m) = _authorised(EscrowTypes.RULE, index, bytes32(toPayee), auth);
        _requireSigner(auth.signer, args.arbiter());
        _requireState(index, m, State.Disputed);
        _requireInTime(args, index, m);
        _divide(args, index, m, toPayee);
    }

    /// @inheritdoc IEscrow
    function settle(uint256 index) external nonReentrant {
        bytes memory args = _args();
        MilestoneState memory m = _read(args, index);
        _requireHeld(index, m);
        (uint256 deadline, IAgreements.Outcome outcome) = _timeout(args, m);
        if (outcome == IAgreements.Outcome.Unset || outcome == IAgreements.Outcome.Wait) revert EscrowWaits(index);
        if (block.timestamp <= deadline) revert EscrowTooEarly(index, deadline);
        if (outcome == IAgreements.Outcome.Arbiter) {
            _enter(index, m, State.Disputed);
            emit MilestoneDisputed(index, address(0), 0);
        } else if (outcome == IAgreements.Outcome.Refund) {
            _divide(args, index, m, 0);
        } else if (outcome == IAgreements.Outcome.Release) {
            _divide(args, index, m, m.remaining);
        } else {
            _divide(args, index, m, _fallback(args, m.remaining));
        }
    }

    /// @inheritdoc IEscrow
    function extend(
        uint256 index,
        uint256 due,
        Authorisation calldata auth
    ) external nonReentrant returns (bool extended) {
        (bytes memory args, MilestoneState memory m) = _authorised(EscrowTypes.EXTEND, index, bytes32(due), auth);
        _requireParty(args, auth.signer);
        if (m.state != State.Unfunded && m.state != State.Rejected) _requireState(index, m, State.Funded);
        if (due <= m.due || due <= block.timestamp || due > block.timestamp + TermsRules.LONGEST) {
            revert EscrowInvalidDue(due);
        }
        // Bound to the step: what was consented to dies with the next change of the milestone.
        extended = _consent(auth, EscrowTypes.hash(EscrowTypes.EXTEND, index, bytes32(due), m.step, 0));
        if (!extended) return false;
        if (m.state == State.Rejected) m.state = State.Funded;
        m.due = uint40(due);
        _write(index, m);
        emit MilestoneExtended(index, due);
    }

    /// @inheritdoc IEscrow
    function declareDefault(uint256 index, Authorisation calldata auth) external nonReentrant {
        bytes memory args = _args();
        MilestoneState memory m = _read(args, index);
        _authorise(EscrowTypes.DECLARE_DEFAULT, m.step, bytes32(index), auth);
        _requireParty(args, auth.signer);
        if (!args.isSale()) revert EscrowWrongKind();
        _requireState(index, m, State.Unfunded);
        uint256 deadline = m.due + args.responseTime();
        if (block.timestamp <= deadline) revert EscrowTooEarly(index, deadline);
        uint256 retained = _close(args, State.Disputed);
        uint256 toPayee = _fallback(args, retained);
        emit SaleDefaulted(index, toPayee, retained - toPayee);
        _pay(args, args.payee(), toPayee);
        _pay(args, args.payer(), retained - toPayee);
    }

    /// @inheritdoc IEscrow
    function cancel(uint256 toPayee, Authorisation calldata auth) external nonReentrant returns (bool cancelled) {
        bytes memory args = _args();
        uint256 totalStep = _totalStep(args);
        _authorise(EscrowTypes.CANCEL, totalStep, bytes32(toPayee), auth);
        _requireParty(args, auth.signer);
        // Bound to all steps: it is about the money that was held when it was consented to.
        cancelled = _consent(auth, EscrowTypes.hash(EscrowTypes.CANCEL, bytes32(toPayee), totalStep, 0));
        if (!cancelled) return false;
        uint256 total = _close(args, State.Settled);
        if (toPayee > total) revert EscrowAmountTooHigh(toPayee, total);
        emit EscrowCancelled(toPayee, total - toPayee);
        _pay(args, args.payee(), toPayee);
        _pay(args, args.payer(), total - toPayee);
    }

    /// @inheritdoc IEscrow
    function lapse() external {
        bytes memory args = _args();
        _requireSigner(msg.sender, args.agreements());
        _close(args, State.Settled);
    }

    /// @inheritdoc IEscrow
    function withdraw(address owner) external nonReentrant {
        _withdraw(_args(), owner, owner);
    }

    /// @inheritdoc IEscrow
    function withdrawTo(address to, Authorisation calldata auth) external nonReentrant {
        bytes32 word = bytes32(uint256(uint160(to)));
        _authorise(EscrowTypes.WITHDRAW_TO, _accounts[auth.signer].step, word, auth);
        if (to == address(0) || to == address(this)) revert EscrowInvalidRecipient(to);
        _withdraw(_args(), auth.signer, to);
    }

    /// @inheritdoc IEscrow
    function sweep(address token, Authorisation calldata auth) external nonReentrant {
        bytes memory args = _args();
        if (!_isFinished(args)) {
            _authorise(EscrowTypes.SWEEP, _totalStep(args), bytes32(uint256(uint160(token))), auth);
            _requireSigner(auth.signer, args.payer());
        }
        uint256 amount = Payout.balance(token);
        uint256 others = token == args.token() ? _accounted(args) : 0;
        amount = amount > others ? amount - others : 0;
        emit Swept(token, amount);
        _send(token, args.payer(), amount);
    }

    /// @dev An action on one milestone, by somebody who did call or sign it; the caller still asks who that is.
    function _authorised(
        bytes32 typeHash,
        uint256 index,
        bytes32 word,
        Authorisation calldata auth
    ) private view returns (bytes memory, MilestoneState memory) {
        bytes memory args = _args();
        MilestoneState memory m = _read(args, index);
        if (!_isCaller(auth, m.step)) {
            _requireSignature(auth, EscrowTypes.hash(typeHash, index, word, auth.step, auth.deadline));
        }
        return (args, m);
    }

    /// @dev The same for what is not about one milestone.
    function _authorise(
        bytes32 typeHash,
        uint256 expectedStep,
        bytes32 word,
        Authorisation calldata auth
    ) private view {
        if (_isCaller(auth, expectedStep)) return;
        _requireSignature(auth, EscrowTypes.hash(typeHash, word, auth.step, auth.deadline));
    }

    /// @dev Units of a token still to be taken from somebody: what lies here unaccounted for counts first. Coins have to be
    /// here already, and nobody makes up for what a token has lost.
    function _missing(address token, uint256 before, uint256 needed) private returns (uint256) {
        bool coin = token == address(0);
        if (msg.value > (coin ? needed : 0)) revert EscrowWrongValue(msg.value, needed);
        uint256 held = Payout.balance(token);
        if (held >= before + needed) return 0;
        if (coin || held < before) revert EscrowUnderfunded(held, before + needed);
        return before + needed - held;
    }

    /// @dev What arrived counts, not what was asked for.
    function _requireFunded(address token, uint256 needed) private view {
        uint256 held = Payout.balance(token);
        if (held < needed) revert EscrowUnderfunded(held, needed);
    }

    function _enter(uint256 index, MilestoneState memory m, State state) private {
        m.state = state;
        m.since = uint40(block.timestamp);
        _write(index, m);
    }

    function _reduce(uint256 index, MilestoneState memory m, uint256 amount) private {
        _requireHeld(index, m);
        if (amount == 0) revert EscrowInvalidAmount();
        if (amount > m.remaining) revert EscrowAmountTooHigh(amount, m.remaining);
        m.remaining -= uint128(amount);
        if (m.remaining == 0) m.state = State.Settled;
        _write(index, m);
    }

    function _divide(bytes memory args, uint256 index, MilestoneState memory m, uint256 toPayee) private {
        uint256 amount = m.remaining;
        if (toPayee > amount) revert EscrowAmountTooHigh(toPayee, amount);
        m.remaining = 0;
        m.state = State.Settled;
        _write(index, m);
        emit MilestoneSettled(index, toPayee, amount - toPayee);
        _pay(args, args.payee(), toPayee);
        _pay(args, args.payer(), amount - toPayee);
    }

    /// @dev Settles all milestones but those in `spared`; returns what they held. (Settled ones hold nothing.)
    function _close(bytes memory args, State spared) private returns (uint256 total) {
        uint256 count = args.milestoneCount();
        for (uint256 index; index < count; ++index) {
            MilestoneState memory m = _read(args, index);
            if (m.state == spared || m.state == State.Settled) continue;
            total += m.remaining;
            m.remaining = 0;
            m.state = State.Settled;
            _write(index, m);
        }
    }

    function _withdraw(bytes memory args, address owner, address to) private {
        address token = args.token();
        uint256 owed = _accounts[owner].owed;
        uint256 held = Payout.balance(token);
        uint256 amount = owed < held ? owed : held;
        if (amount == 0) revert EscrowNothingOwed(owner);
        _accounts[owner].owed = uint128(owed - amount);
        ++_accounts[owner].step;
        emit Withdrawn(owner, to, amount);
        _send(token, to, amount);
    }

    /// @dev All or nothing, with all gas: who asks for this is the one who is paid, or pays for the attempt.
    function _send(address token, address to, uint256 amount) private {
        if (token != address(0)) return IERC20(token).safeTransfer(to, amount);
        (bool sent, ) = to.call{value: amount}("");
        if (!sent) revert EscrowTransferFailed(to);
    }
}
