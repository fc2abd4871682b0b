// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IMembership} from "../interfaces/IMembership.sol";
import {IUsageFees} from "../interfaces/IUsageFees.sol";
import {Governed} from "../libraries/Governed.sol";
import {SignedTransfer} from "../libraries/SignedTransfer.sol";

/// @title Fees for single uses of a feature
contract UsageFees is IUsageFees, Governed, EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @inheritdoc IUsageFees
    uint256 public constant MAX_PRICE = 1_000e18;

    bytes32 private constant FEE =
        keccak256(
            "Fee(address payer,address beneficiary,bytes32 feature,uint32 units,uint128 price,uint128 credit,uint40 deadline,bytes32 salt)"
        );

    /// @inheritdoc IUsageFees
    IERC20 public immutable skm;

    /// @inheritdoc IUsageFees
    IMembership public immutable membership;

    IIdentityRegistry private immutable _identityRegistry;

    /// @inheritdoc IUsageFees
    mapping(bytes32 feature => uint256) public priceOf;

    /// @inheritdoc IUsageFees
    mapping(address payer => mapping(bytes32 salt => bytes32)) public receipts;

    /// @inheritdoc IUsageFees
    mapping(address beneficiary => uint256) public claimable;

    /// @param skm_ The token that fees are paid in.
    /// @param membership_ Whose credit is used; it has to take this contract as a fee spender.
    /// @param governor Account (a TimelockController) that sets prices.
    /// @param prices First prices.
    constructor(
        IERC20 skm_,
        IMembership membership_,
        address governor,
        Price[] memory prices
    ) Governed(governor) EIP712("Skrumble UsageFees", "1") {
        skm = skm_;
        membership = membership_;
        _identityRegistry = membership_.identityRegistry();
        for (uint256 i; i < prices.length; ++i) _setPrice(prices[i].feature, prices[i].price);
    }

    /// @inheritdoc IUsageFees
    function pay(Fee calldata fee, bytes calldata signature) external nonReentrant returns (bytes32 receipt) {
        uint256 total;
        (receipt, total) = _open(fee);
        uint256 signed = uint256(fee.price) * fee.units - fee.credit;
        uint256 arrived = SignedTransfer.take(
            address(skm),
            SignedTransfer.Authorisation(fee.payer, signed, 0, fee.deadline, receipt),
            signature
        );
        if (arrived < signed) revert UsageFeeNotReceived(arrived, signed);
        uint256 credit = Math.min(fee.credit, total);
        uint256 amount = total - credit;
        claimable[fee.beneficiary] += amount;
        _settle(fee, receipt, amount, credit);
        // Where the price fell since it was signed. Of what came with this payment only.
        if (signed > amount) skm.safeTransfer(fee.payer, signed - amount);
    }

    /// @inheritdoc IUsageFees
    function payFromCredit(Fee calldata fee, bytes32 r, bytes32 vs) external nonReentrant returns (bytes32 receipt) {
        uint256 total;
        (receipt, total) = _open(fee);
        if (fee.credit < total) revert UsageFeeNeedsWallet(total - fee.credit);
        (, address controller) = _identityRegistry.activeKeys(_identityRegistry.idByOwner(fee.payer));
        // Asked for itself: a signature that is none recovers to the zero address too.
        if (controller == address(0)) revert UsageFeeNoIdentity(fee.payer);
        (address recovered, , ) = ECDSA.tryRecover(receipt, r, vs);
        if (recovered != controller) revert UsageFeeInvalidSignature(controller);
        _settle(fee, receipt, 0, total);
    }

    /// @inheritdoc IUsageFees
    function withdraw(address to) external nonReentrant {
        if (to == address(0) || to == address(this)) revert UsageFeeInvalidRecipient(to);
        uint256 amount = claimable[msg.sender];
        if (amount == 0) revert UsageFeeNothingToWithdraw(msg.sender);
        claimable[msg.sender] = 0;
        emit FeesWithdrawn(msg.sender, to, amount);
        skm.safeTransfer(to, amount);
    }

    /// @inheritdoc IUsageFees
    function setPrice(bytes32 feature, uint256 price) external onlyRole(GOVERNOR_ROLE) {
        _setPrice(feature, price);
    }

    /// @inheritdoc IUsageFees
    function isPaid(Fee calldata fee) external view returns (bool) {
        return receipts[fee.payer][fee.salt] == receiptOf(fee);
    }

    /// @inheritdoc IUsageFees
    function receiptOf(Fee calldata fee) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(FEE, fee)));
    }

    /// @dev All that does not depend on who signed. What is paid is written down before anybody else is called.
    function _open(Fee calldata fee) private returns (bytes32 receipt, uint256 total) {
        uint256 price = priceOf[fee.feature];
        if (price == 0) revert UsageFeeNotForSale(fee.feature);
        if (price > fee.price) revert UsageFeePriceRose(fee.feature, price, fee.price);
        if (fee.units == 0) revert UsageFeeNoUnits();
        if (fee.beneficiary == address(0) || fee.beneficiary == address(this)) {
            revert UsageFeeInvalidBeneficiary(fee.beneficiary);
        }
        uint256 most = uint256(fee.price) * fee.units;
        if (fee.credit > most) revert UsageFeeCreditTooLarge(fee.credit, most);
        if (block.timestamp >= fee.deadline) revert UsageFeeExpired(fee.deadline);
        if (receipts[fee.payer][fee.salt] != 0) revert UsageFeeAlreadyPaid(fee.payer, fee.salt);
        receipts[fee.payer][fee.salt] = receipt = receiptOf(fee);
        total = price * fee.units;
    }

    function _settle(Fee calldata fee, bytes32 receipt, uint256 amount, uint256 credit) private {
        emit FeePaid(receipt, fee.payer, fee.beneficiary, fee.feature, fee.units, amount, credit);
        if (credit != 0) membership.spendCredit(fee.payer, credit);
    }

    function _setPrice(bytes32 feature, uint256 price) private {
        if (feature == 0) revert UsageFeeInvalidFeature();
        if (price > MAX_PRICE) revert UsageFeePriceTooLarge(price, MAX_PRICE);
        emit PriceChanged(feature, priceOf[feature], price);
        priceOf[feature] = price;
    }
}
