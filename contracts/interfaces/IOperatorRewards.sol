// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISKM} from "./ISKM.sol";

/// @title Rewards of validators and relays
/// @notice Emits SKM from one bucket, of which it is the controller, to those who run the network. It holds no tokens. What
/// an operator has earned since this contract's first period is attested: by more than two thirds of the attesters, one for
/// each validator, who count it from the chain by the same rule. Anybody submits; the operator alone is paid. An attestation
/// carries the whole sum, so a later one replaces an earlier one, none can be used twice, and what a full period leaves unpaid
/// is paid for the same signatures later, until attesters are named anew.
///
/// The first period is the one, of those that attesters count by, in which SKM's bucket was handed to this contract. What was
/// earned before belongs to the controller before, which could not have paid for that period yet: nothing is paid twice across
/// a hand-over, nor is the past of a network that had no rewards.
///
/// A false sum costs at most what a period allows: there is a cap for each kind and period, and one for each operator in it.
///
/// EIP-712: name "Skrumble OperatorRewards", version "1", Reward(uint8 kind,address operator,uint256 cumulative,uint64 term)
///
/// Administration: GOVERNOR_ROLE (a TimelockController) names attesters, sets caps up to an immutable maximum, and can hand
/// the bucket on to another contract. It cannot emit, nor take what was paid. What was attested and not yet paid is no debt:
/// other attesters may attest less.
interface IOperatorRewards {
    /// @param Validator By blocks proposed.
    /// @param Relay By sessions anchored.
    enum Kind {
        Validator,
        Relay
    }

    /// @param total Most that all operators of a kind are paid in a period, in 1e-18 SKM.
    /// @param each Most that one of them is, above 0 and at most `total`.
    struct Caps {
        uint128 total;
        uint128 each;
    }

    /// @notice `amount` was emitted to `operator`, who has had `claimed` of this kind in all.
    event RewardPaid(Kind indexed kind, address indexed operator, uint256 amount, uint256 claimed);
    /// @notice These and no others attest from now on, and only what is signed for `term` counts.
    event AttestersChanged(address[] attesters, uint64 term);
    event CapsChanged(Kind indexed kind, uint256 total, uint256 each);

    /// @dev Above 0, at most 365 days.
    error RewardInvalidPeriod(uint256 period);
    error RewardInvalidAttesterCount(uint256 count);
    /// @dev Ascending by address, so that none is there twice.
    error RewardAttestersNotAscending(address attester);
    error RewardInvalidCaps(uint256 total, uint256 each);
    error RewardTooFewSignatures(uint256 count, uint256 threshold);
    error RewardTooManySignatures(uint256 count, uint256 most);
    /// @param signer Whom the signature at `index` recovers to; zero where it is none.
    error RewardNotAttester(uint256 index, address signer);
    /// @dev Ascending by signer, so that none counts twice.
    error RewardSignersNotAscending(uint256 index, address signer);
    /// @dev Nothing is owed, or there is no room for it now.
    /// @param owed Attested and not paid, in 1e-18 SKM.
    /// @param room What this period and the bucket leave for this operator, in 1e-18 SKM.
    error RewardNothingToPay(uint256 owed, uint256 room);

    /// @notice Pay `operator` what is attested and unpaid, as far as there is room. Anybody.
    /// @param cumulative All that `operator` has earned of this kind since this contract's first period, in 1e-18 SKM.
    /// @param signatures Of Reward in the term that is now, 65 bytes each, ascending by signer; each of a current attester,
    /// `threshold()` or more.
    /// @return amount Paid now, in 1e-18 SKM; never 0.
    function claim(
        Kind kind,
        address operator,
        uint256 cumulative,
        bytes[] calldata signatures
    ) external returns (uint256 amount);

    /// @notice Name all attesters anew, MIN_ATTESTERS to MAX_ATTESTERS, ascending by address. It begins a term:
    /// whatever was signed before is worth nothing from then on, also by those who are named again, so that naming the same
    /// ones revokes what they signed. GOVERNOR_ROLE only.
    function setAttesters(address[] calldata attesters_) external;

    /// @notice Set what a period allows, at most `maximum()`. GOVERNOR_ROLE only.
    function setCaps(Kind kind, Caps calldata caps) external;

    /// @notice Make another contract the bucket's controller, for good as far as this one is concerned. GOVERNOR_ROLE only.
    function handOver(address controller) external;

    /// @notice What `claim` would pay now, in 1e-18 SKM, were `cumulative` attested; 0 when it would refuse, as it
    /// does without the bucket.
    function payableNow(Kind kind, address operator, uint256 cumulative) external view returns (uint256);

    /// @notice EIP-712's digest that attesters sign in the term that is now.
    function digestOf(Kind kind, address operator, uint256 cumulative) external view returns (bytes32);

    /// @notice All that `operator` was ever paid, in 1e-18 SKM.
    function claimed(Kind kind, address operator) external view returns (uint256);

    /// @notice What operators of this kind were paid in the period that is now, in 1e-18 SKM.
    function paidInPeriod(Kind kind) external view returns (uint256);

    /// @notice What `operator` was paid in the period that is now, in 1e-18 SKM.
    function paidInPeriodTo(Kind kind, address operator) external view returns (uint256);

    function capsOf(Kind kind) external view returns (Caps memory);

    /// @notice Ascending; empty until the first are named, and nobody is paid until then.
    function attesters() external view returns (address[] memory);

    function isAttester(address account) external view returns (bool);

    /// @notice How often attesters were named; 0 until the first are.
    function term() external view returns (uint64);

    /// @notice Signatures that it takes: more than two thirds of the attesters.
    function threshold() external view returns (uint256);

    /// @notice Seconds of a period; a period begins at each multiple of it since 1970.
    function period() external view returns (uint64);

    /// @notice Most that a cap may ever be, in 1e-18 SKM.
    function maximum() external view returns (uint128);

    /// @notice The bucket of SKM that it emits from.
    function bucket() external view returns (uint8);

    function skm() external view returns (ISKM);

    function MIN_ATTESTERS() external view returns (uint256);

    function MAX_ATTESTERS() external view returns (uint256);
}
