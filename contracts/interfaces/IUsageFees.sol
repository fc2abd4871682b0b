// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IMembership} from "./IMembership.sol";

/// @title Fees for single uses of a feature
/// @notice A table of prices, and payments by signature to whoever provides the use. What is paid for, to whom, the
/// highest price, the part that comes from credit, and until when are all inside what is signed: a price that rises in
/// between takes nothing, one that falls gives the difference back in the same transaction. Anybody may submit a payment.
///
/// A fee is paid from the credit of the payer's identity, from the SKM of the payer's wallet, or both:
/// - `payFromCredit`: by the identity's controller, which clients hold, so that nobody is asked;
/// - `pay`: by one signature of the wallet, EIP-3009's `receiveWithAuthorization` of SKM to this contract, valid after 0 and
///   before `fee.deadline`, of `fee.price * fee.units - fee.credit`, whose nonce is `receiptOf(fee)`.
///
/// Credit is not SKM: the beneficiary can claim the part paid in SKM, and nothing for the part paid from credit. Credit is given
/// for registering, which costs nothing but work; if it could become SKM, names would be registered to turn it into some.
///
/// EIP-712: name "Skrumble UsageFees", version "1",
/// Fee(address payer,address beneficiary,bytes32 feature,uint32 units,uint128 price,uint128 credit,uint40 deadline,bytes32 salt)
///
/// Administration: GOVERNOR_ROLE (a TimelockController) sets prices. It cannot touch what was paid, nor keep anybody from
/// withdrawing it.
interface IUsageFees {
    /// @notice What is signed.
    /// @param payer Wallet that pays, and whose identity's credit is used.
    /// @param beneficiary Who provides the use and can claim what is paid in SKM.
    /// @param feature As in the table.
    /// @param units Number of uses, 1 or more.
    /// @param price Most that one unit may cost, in 1e-18 SKM.
    /// @param credit Most that is taken from credit, before any SKM, in 1e-18 SKM; at most `price * units`.
    /// @param deadline Unix seconds from which on the payment is refused.
    /// @param salt One for each use that is paid for. A payer pays once for a salt: what was signed anew, at another price or
    /// after a deadline, is not paid beside what was signed before.
    struct Fee {
        address payer;
        address beneficiary;
        bytes32 feature;
        uint32 units;
        uint128 price;
        uint128 credit;
        uint40 deadline;
        bytes32 salt;
    }

    /// @param feature Short ASCII name, left-aligned, e.g. "gated-file".
    /// @param price Of one unit, in 1e-18 SKM.
    struct Price {
        bytes32 feature;
        uint256 price;
    }

    /// @notice `feature` costs `price` a unit from now on, and `before` until now; 0 means that it is not for sale.
    event PriceChanged(bytes32 indexed feature, uint256 before, uint256 price);
    /// @notice Everything of `receipt`, which is EIP-712's digest of the fee, was paid.
    /// @param amount Part in SKM, which the beneficiary can claim, in 1e-18 SKM.
    /// @param credit Part from credit, which nobody can claim, in 1e-18 SKM.
    event FeePaid(
        bytes32 indexed receipt,
        address indexed payer,
        address indexed beneficiary,
        bytes32 feature,
        uint32 units,
        uint256 amount,
        uint256 credit
    );
    event FeesWithdrawn(address indexed beneficiary, address indexed to, uint256 amount);

    error UsageFeeInvalidFeature();
    error UsageFeePriceTooLarge(uint256 price, uint256 most);
    error UsageFeeNotForSale(bytes32 feature);
    error UsageFeePriceRose(bytes32 feature, uint256 price, uint256 signed);
    error UsageFeeNoUnits();
    error UsageFeeInvalidBeneficiary(address beneficiary);
    error UsageFeeCreditTooLarge(uint256 credit, uint256 most);
    error UsageFeeExpired(uint256 deadline);
    error UsageFeeAlreadyPaid(address payer, bytes32 salt);
    /// @dev The token brought less than the wallet signed for.
    error UsageFeeNotReceived(uint256 arrived, uint256 expected);
    /// @dev More than credit is needed, so the wallet has to sign.
    error UsageFeeNeedsWallet(uint256 amount);
    error UsageFeeNoIdentity(address payer);
    error UsageFeeInvalidSignature(address controller);
    error UsageFeeNothingToWithdraw(address beneficiary);
    error UsageFeeInvalidRecipient(address to);

    /// @notice Pay `fee` by the wallet's signature. Anybody; once.
    /// @param signature The payer's of EIP-3009, as above; contract wallets may sign with any length.
    /// @return receipt `receiptOf(fee)`.
    function pay(Fee calldata fee, bytes calldata signature) external returns (bytes32 receipt);

    /// @notice Pay `fee` from credit alone. Anybody; once.
    /// @param r Of the signature of Fee by the controller of the payer's identity.
    /// @param vs Of the same, as in EIP-2098.
    /// @return receipt `receiptOf(fee)`.
    function payFromCredit(Fee calldata fee, bytes32 r, bytes32 vs) external returns (bytes32 receipt);

    /// @notice Take all that was paid to the caller.
    function withdraw(address to) external;

    /// @notice Set what one unit of `feature` costs, at most MAX_PRICE; 0 takes it off sale. GOVERNOR_ROLE only.
    function setPrice(bytes32 feature, uint256 price) external;

    /// @notice Price of one unit, in 1e-18 SKM; 0 when `feature` is not for sale.
    function priceOf(bytes32 feature) external view returns (uint256);

    /// @notice EIP-712's digest of `fee`: what the controller signs, the nonce of what the wallet signs, and the receipt.
    function receiptOf(Fee calldata fee) external view returns (bytes32);

    /// @notice Whether exactly `fee` was paid: what a provider asks who is shown it.
    function isPaid(Fee calldata fee) external view returns (bool);

    /// @notice Receipt of what `payer` paid under `salt`; 0 when nothing was.
    function receipts(address payer, bytes32 salt) external view returns (bytes32);

    /// @notice What `beneficiary` can withdraw, in 1e-18 SKM.
    function claimable(address beneficiary) external view returns (uint256);

    /// @notice Most that a unit may ever cost, in 1e-18 SKM.
    function MAX_PRICE() external view returns (uint256);

    function skm() external view returns (IERC20);

    function membership() external view returns (IMembership);
}
