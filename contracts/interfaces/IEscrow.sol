// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AgreementId} from "../types/AgreementId.sol";
import {IAgreements} from "./IAgreements.sol";

/// @title Escrow of one agreement
/// @notice Holds the money of one agreement, milestone by milestone, and gives it to the payer and the payee and to nobody
/// else. It is a minimal clone whose terms are part of its code: neither they nor the code can be changed.
///
/// Administration: none. There is no owner, no pause and no fee.
///
/// Every action is somebody's: their account calls, or anybody submits their EIP-712 signature (EIP-1271 for contract
/// wallets). Domain: {name: "Skrumble Escrow", version: "1", chainId, verifyingContract}. Types, exactly:
///
/// - Fund(uint256 first,uint256 count,uint256 step,uint256 deadline)
/// - Submit(uint256 index,bytes32 evidence,uint256 step,uint256 deadline)
/// - Accept(uint256 index,uint256 amount,uint256 step,uint256 deadline)
/// - Reject(uint256 index,bytes32 reason,uint256 step,uint256 deadline)
/// - Refund(uint256 index,uint256 amount,uint256 step,uint256 deadline)
/// - Dispute(uint256 index,bytes32 reason,uint256 step,uint256 deadline)
/// - Rule(uint256 index,uint256 toPayee,uint256 step,uint256 deadline)
/// - Extend(uint256 index,uint256 due,uint256 step,uint256 deadline)
/// - DeclareDefault(uint256 index,uint256 step,uint256 deadline)
/// - Cancel(uint256 toPayee,uint256 step,uint256 deadline)
/// - WithdrawTo(address to,uint256 step,uint256 deadline)
/// - Sweep(address token,uint256 step,uint256 deadline)
///
/// `step` counts the changes of what the action is about: of the milestone (`milestone`), of all of them (`step`; for Fund,
/// Cancel and Sweep), of the account's withdrawals (`account`). So an action is good once, and only for what its author saw.
///
/// Work: Unfunded -> Funded -> Submitted -> Settled. A rejected milestone is submitted again or disputed. Whoever gives
/// way (the payer accepting, the payee refunding) can do so at any time. When a time has run out, `settle` does what
/// the terms say; until then nobody can, and afterwards nothing else is taken in, unless the terms say `Wait`.
///
/// Sale: each instalment goes to the payee when it is paid, less what is retained. What is retained goes to the payee
/// the review time after the last payment, or is split as the terms say after either side declared a default.
interface IEscrow {
    enum State {
        Unfunded,
        Funded,
        Submitted,
        Rejected,
        Disputed,
        Settled
    }

    /// @param remaining Held for this milestone, in base units.
    /// @param due As in the terms, or later by consent.
    /// @param since Unix seconds: when it was funded, submitted, rejected or disputed.
    /// @param step Counts its changes.
    struct MilestoneState {
        uint128 remaining;
        uint40 due;
        uint40 since;
        uint32 step;
        State state;
    }

    /// @param owed Could not be sent; waits to be withdrawn.
    /// @param step Counts withdrawals.
    struct Account {
        uint128 owed;
        uint64 step;
    }

    /// @param signer Whose action this is.
    /// @param deadline Unix seconds: last moment to submit it; of a consent, last moment for the other side to give theirs.
    /// @param signature By `signer`; not looked at when `signer` calls.
    struct Authorisation {
        address signer;
        uint256 step;
        uint256 deadline;
        bytes signature;
    }

    /// @notice The terms this escrow works by; the full text of each in IAgreements.
    struct EscrowTerms {
        AgreementId agreementId;
        address agreements;
        IAgreements.Kind kind;
        address payer;
        address payee;
        address arbiter;
        address token;
        IAgreements.Rules rules;
        IAgreements.Milestone[] milestones;
    }

    event MilestoneFunded(uint256 indexed index, uint256 amount);
    event MilestoneSubmitted(uint256 indexed index, bytes32 evidence);
    event MilestoneRejected(uint256 indexed index, bytes32 reason);
    event MilestoneReleased(uint256 indexed index, uint256 amount);
    event MilestoneRefunded(uint256 indexed index, uint256 amount);
    event MilestoneExtended(uint256 indexed index, uint256 due);
    event MilestoneDisputed(uint256 indexed index, address indexed by, bytes32 reason);
    event MilestoneSettled(uint256 indexed index, uint256 toPayee, uint256 toPayer);
    event Consented(bytes32 indexed what, address indexed by, uint256 until);
    event EscrowCancelled(uint256 toPayee, uint256 toPayer);
    event SaleDefaulted(uint256 indexed index, uint256 toPayee, uint256 toPayer);
    /// @notice Everything else that these events name was sent.
    event PaymentOwed(address indexed to, uint256 amount);
    event Withdrawn(address indexed owner, address indexed to, uint256 amount);
    event Swept(address indexed token, uint256 amount);

    error EscrowNotAClone();
    error EscrowUnknownMilestone(uint256 index);
    error EscrowWrongState(uint256 index, State state);
    error EscrowWrongKind();
    error EscrowWrongStep(uint256 step, uint256 expected);
    error EscrowNotAllowed(address account);
    error EscrowNoArbiter();
    error EscrowDeadlinePassed(uint256 deadline);
    error EscrowInvalidSignature(address signer);
    error EscrowTooLate(uint256 index, uint256 deadline);
    error EscrowTooEarly(uint256 index, uint256 deadline);
    error EscrowWaits(uint256 index);
    error EscrowAmountTooHigh(uint256 amount, uint256 most);
    error EscrowInvalidAmount();
    error EscrowInvalidDue(uint256 due);
    error EscrowInvalidRecipient(address to);
    error EscrowWrongValue(uint256 value, uint256 most);
    error EscrowUnderfunded(uint256 held, uint256 needed);
    error EscrowNothingOwed(address account);
    error EscrowTransferFailed(address to);

    /// @notice Pay for `count` milestones from `first` on. Money that already lies here counts; what is missing is taken
    /// from `auth.signer`, who is asked only then, or is the value sent along. It has to arrive in full: a token that
    /// takes a fee on the way is refused. Whoever pays, refunds go to the payer.
    function fund(uint256 first, uint256 count, Authorisation calldata auth) external payable;

    /// @notice Work: hand a milestone in. Payee only. `evidence` is a hash of what was handed over in the conversation.
    function submit(uint256 index, bytes32 evidence, Authorisation calldata auth) external;

    /// @notice Give `amount` of a milestone to the payee; all that remains settles it. Payer only, at any time.
    function accept(uint256 index, uint256 amount, Authorisation calldata auth) external;

    /// @notice Work: refuse what was submitted. Payer only, within the review time. `reason` is a hash of the reason.
    function reject(uint256 index, bytes32 reason, Authorisation calldata auth) external;

    /// @notice Give `amount` of a milestone back to the payer; all that remains settles it. Payee only, at any time.
    function refund(uint256 index, uint256 amount, Authorisation calldata auth) external;

    /// @notice Ask the arbiter about a milestone. Payer or payee, while its time has not run out.
    function dispute(uint256 index, bytes32 reason, Authorisation calldata auth) external;

    /// @notice Divide what remains of a disputed milestone between payee and payer. Arbiter only, within the ruling time.
    function rule(uint256 index, uint256 toPayee, Authorisation calldata auth) external;

    /// @notice Do what the terms say when a time has run out. Anybody.
    function settle(uint256 index) external;

    /// @notice Consent to a later due date. Payer and payee, each once, in any order; the second consent moves it. A
    /// rejected milestone can be submitted again until then.
    /// @return extended Whether this was the second consent.
    function extend(uint256 index, uint256 due, Authorisation calldata auth) external returns (bool extended);

    /// @notice Sale: end it because instalment `index` was not paid within the response time after its due date. Payer or
    /// payee. Disputed instalments stay with the arbiter.
    function declareDefault(uint256 index, Authorisation calldata auth) external;

    /// @notice Consent to end everything, `toPayee` of what is held to the payee and the rest to the payer. As `extend`.
    /// @return cancelled Whether this was the second consent.
    function cancel(uint256 toPayee, Authorisation calldata auth) external returns (bool cancelled);

    /// @notice Send an account what could not be sent to it. Anybody. If the token has lost units, what there is.
    function withdraw(address account) external;

    /// @notice The same to another account, by the one it belongs to: a way out for a wallet that cannot receive.
    function withdrawTo(address to, Authorisation calldata auth) external;

    /// @notice Give the payer what lies here and belongs to no milestone and no account: paid too much, sent by mistake,
    /// gained by the token. The payer, or anybody once the escrow is finished (`auth` is then not looked at).
    function sweep(address token, Authorisation calldata auth) external;

    /// @notice Settle every milestone of an escrow whose agreement was not concluded. Its factory only, when it deploys it.
    function lapse() external;

    function terms() external view returns (EscrowTerms memory);

    /// @notice Reverts with EscrowUnknownMilestone when there is none of that number; they count from 0.
    function milestone(uint256 index) external view returns (MilestoneState memory);

    function account(address owner) external view returns (Account memory);

    /// @notice Counts the changes of all milestones.
    function step() external view returns (uint256);

    /// @notice Held for milestones and owed to accounts, in base units.
    function accounted() external view returns (uint256);

    /// @notice Whether every milestone is settled.
    function isFinished() external view returns (bool);

    /// @notice The time that runs for a milestone and what happens after it. `Unset` when none does.
    function timeoutOf(uint256 index) external view returns (uint256 deadline, IAgreements.Outcome outcome);
}
