// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IAgreements} from "../interfaces/IAgreements.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {EscrowArgs} from "../libraries/EscrowArgs.sol";
import {MilestoneSlot} from "../libraries/MilestoneSlot.sol";
import {Payout} from "../libraries/Payout.sol";
import {TermsRules} from "../libraries/TermsRules.sol";

/// @title Escrow: terms, storage, authorisation, reads
abstract contract EscrowStore is IEscrow, EIP712, ReentrancyGuardTransient {
    using EscrowArgs for bytes;

    /// @dev A consent that waits for the other side's.
    struct Consent {
        address by;
        uint64 until;
    }

    address private immutable _implementation = address(this);

    /// @dev As MilestoneSlot packs them.
    mapping(uint256 index => uint256) private _milestones;
    mapping(address owner => Account) internal _accounts;
    mapping(bytes32 what => Consent) private _consents;

    constructor() EIP712("Skrumble Escrow", "1") {}

    /// @inheritdoc IEscrow
    function terms() external view returns (EscrowTerms memory t) {
        bytes memory args = _args();
        t.agreementId = args.agreementId();
        t.agreements = args.agreements();
        t.kind = args.isSale() ? IAgreements.Kind.Sale : IAgreements.Kind.Work;
        t.payer = args.payer();
        t.payee = args.payee();
        t.arbiter = args.arbiter();
        t.token = args.token();
        t.rules = IAgreements.Rules(
            args.onNoSubmission(),
            args.onNoReview(),
            args.onRejection(),
            uint16(args.fallbackShare()),
            uint16(args.retainedShare()),
            uint32(args.reviewTime()),
            uint32(args.responseTime()),
            uint32(args.rulingTime())
        );
        t.milestones = new IAgreements.Milestone[](args.milestoneCount());
        for (uint256 i; i < t.milestones.length; ++i) {
            t.milestones[i] = args.milestone(i);
        }
    }

    /// @inheritdoc IEscrow
    function milestone(uint256 index) external view returns (MilestoneState memory) {
        return _read(_args(), index);
    }

    /// @inheritdoc IEscrow
    function account(address owner) external view returns (Account memory) {
        return _accounts[owner];
    }

    /// @inheritdoc IEscrow
    function step() external view returns (uint256) {
        return _totalStep(_args());
    }

    /// @inheritdoc IEscrow
    function accounted() external view returns (uint256) {
        return _accounted(_args());
    }

    /// @inheritdoc IEscrow
    function isFinished() external view returns (bool) {
        return _isFinished(_args());
    }

    /// @inheritdoc IEscrow
    function timeoutOf(uint256 index) external view returns (uint256 deadline, IAgreements.Outcome outcome) {
        bytes memory args = _args();
        return _timeout(args, _read(args, index));
    }

    /// @dev The implementation itself has no terms and does nothing.
    function _args() internal view returns (bytes memory) {
        if (address(this) == _implementation) revert EscrowNotAClone();
        return Clones.fetchCloneArgs(address(this));
    }

    function _read(bytes memory args, uint256 index) internal view returns (MilestoneState memory) {
        if (index >= args.milestoneCount()) revert EscrowUnknownMilestone(index);
        MilestoneState memory m = MilestoneSlot.unpack(_milestones[index]);
        // Nothing is written when the escrow opens: until a milestone first changes, its terms say when it is due.
        if (m.due == 0) m.due = args.milestone(index).due;
        return m;
    }

    function _write(uint256 index, MilestoneState memory m) internal {
        ++m.step;
        _milestones[index] = MilestoneSlot.pack(m);
    }

    /// @dev What time runs for a milestone, and what happens after it.
    function _timeout(
        bytes memory args,
        MilestoneState memory m
    ) internal view returns (uint256 deadline, IAgreements.Outcome outcome) {
        if (m.state == State.Disputed) return (m.since + args.rulingTime(), IAgreements.Outcome.Split);
        if (args.isSale()) return m.state == State.Funded ? _completion(args) : (0, IAgreements.Outcome.Unset);
        if (m.state == State.Funded) return (m.due, args.onNoSubmission());
        if (m.state == State.Submitted) return (m.since + args.reviewTime(), args.onNoReview());
        if (m.state == State.Rejected) return (m.since + args.responseTime(), args.onRejection());
    }

    /// @dev Sale: what was retained is the payee's the review time after the last payment.
    function _completion(bytes memory args) private view returns (uint256 deadline, IAgreements.Outcome) {
        uint256 count = args.milestoneCount();
        for (uint256 i; i < count; ++i) {
            MilestoneState memory m = MilestoneSlot.unpack(_milestones[i]);
            if (m.state == State.Unfunded) return (0, IAgreements.Outcome.Unset);
            if (m.since > deadline) deadline = m.since;
        }
        return (deadline + args.reviewTime(), IAgreements.Outcome.Release);
    }

    /// @dev Once `settle` may act, nothing else is taken in.
    function _requireInTime(bytes memory args, uint256 index, MilestoneState memory m) internal view {
        (uint256 deadline, IAgreements.Outcome outcome) = _timeout(args, m);
        bool ends = outcome != IAgreements.Outcome.Unset && outcome != IAgreements.Outcome.Wait;
        if (ends && block.timestamp > deadline) revert EscrowTooLate(index, deadline);
    }

    function _fallback(bytes memory args, uint256 amount) internal pure returns (uint256 toPayee) {
        return (amount * args.fallbackShare()) / TermsRules.WHOLE;
    }

    function _totalStep(bytes memory args) internal view returns (uint256 total) {
        uint256 count = args.milestoneCount();
        for (uint256 i; i < count; ++i) total += MilestoneSlot.unpack(_milestones[i]).step;
    }

    /// @dev Summed up anew: funding and cancelling are rare, and a release need not keep a total.
    function _accounted(bytes memory args) internal view returns (uint256 total) {
        total = uint256(_accounts[args.payer()].owed) + _accounts[args.payee()].owed;
        uint256 count = args.milestoneCount();
        for (uint256 i; i < count; ++i) total += MilestoneSlot.unpack(_milestones[i]).remaining;
    }

    function _isFinished(bytes memory args) internal view returns (bool) {
        uint256 count = args.milestoneCount();
        for (uint256 i; i < count; ++i) {
            if (MilestoneSlot.unpack(_milestones[i]).state != State.Settled) return false;
        }
        return true;
    }

    function _requireState(uint256 index, MilestoneState memory m, State state) internal pure {
        if (m.state != state) revert EscrowWrongState(index, m.state);
    }

    /// @dev Money of it is here and not yet anybody's.
    function _requireHeld(uint256 index, MilestoneState memory m) internal pure {
        if (m.state == State.Unfunded || m.state == State.Settled) revert EscrowWrongState(index, m.state);
    }

    function _requireParty(bytes memory args, address signer) internal pure {
        if (signer != args.payer() && signer != args.payee()) revert EscrowNotAllowed(signer);
    }

    function _requireSigner(address signer, address expected) internal pure {
        if (signer != expected) revert EscrowNotAllowed(signer);
    }

    /// @dev Whether the author calls. If not, `_requireSignature` has to follow: nothing is hashed that nobody signed.
    function _isCaller(Authorisation calldata auth, uint256 expectedStep) internal view returns (bool) {
        if (auth.step != expectedStep) revert EscrowWrongStep(auth.step, expectedStep);
        if (block.timestamp > auth.deadline) revert EscrowDeadlinePassed(auth.deadline);
        return auth.signer == msg.sender;
    }

    /// @dev Contract wallets are asked by static call (EIP-1271).
    function _requireSignature(Authorisation calldata auth, bytes32 structHash) internal view {
        bytes32 digest = _hashTypedDataV4(structHash);
        bool valid = SignatureChecker.isValidSignatureNowCalldata(auth.signer, digest, auth.signature);
        if (!valid) revert EscrowInvalidSignature(auth.signer);
    }

    /// @return both Whether the other side had consented to the same, and still does.
    function _consent(Authorisation calldata auth, bytes32 what) internal returns (bool both) {
        Consent memory earlier = _consents[what];
        both = earlier.by != address(0) && earlier.by != auth.signer && block.timestamp <= earlier.until;
        if (both) {
            delete _consents[what];
        } else {
            uint64 until = auth.deadline > type(uint64).max ? type(uint64).max : uint64(auth.deadline);
            _consents[what] = Consent(auth.signer, until);
            emit Consented(what, auth.signer, until);
        }
    }

    /// @dev Sends, or remembers what could not be sent. Callers have written everything else before, and hold the guard.
    function _pay(bytes memory args, address to, uint256 amount) internal {
        if (amount == 0) return;
        if (Payout.trySend(args.token(), to, amount)) return;
        _accounts[to].owed += uint128(amount);
        emit PaymentOwed(to, amount);
    }
}
