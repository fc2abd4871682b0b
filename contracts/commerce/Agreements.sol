// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IAgreements} from "../interfaces/IAgreements.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {EscrowArgs} from "../libraries/EscrowArgs.sol";
import {TermsRules} from "../libraries/TermsRules.sol";
import {TermsTypes} from "../libraries/TermsTypes.sol";
import {AgreementId} from "../types/AgreementId.sol";

/// @title Agreements
contract Agreements is IAgreements, EIP712 {
    /// @inheritdoc IAgreements
    address public immutable escrowImplementation;

    /// @inheritdoc IAgreements
    mapping(AgreementId agreementId => mapping(address signer => bool)) public isRetracted;

    mapping(AgreementId agreementId => Agreement) private _agreements;

    /// @param escrowImplementation_ An Escrow, deployed before.
    constructor(address escrowImplementation_) EIP712("Skrumble Agreements", "1") {
        escrowImplementation = escrowImplementation_;
    }

    /// @inheritdoc IAgreements
    function conclude(
        Terms calldata terms,
        bytes[] calldata signatures
    ) external returns (AgreementId agreementId, address escrow) {
        agreementId = idOf(terms);
        if (_agreements[agreementId].concludedAt != 0) revert AgreementExists(agreementId);
        _requireInTime(terms.signBy);
        TermsRules.check(terms);
        uint256 count = terms.signers.length;
        if (signatures.length != count) revert AgreementSignatureCount(signatures.length, count);
        for (uint256 i; i < count; ++i) {
            address signer = terms.signers[i];
            if (isRetracted[agreementId][signer]) revert AgreementIsRetracted(agreementId, signer);
            _requireSignature(signer, AgreementId.unwrap(agreementId), signatures[i]);
        }

        if (terms.kind != Kind.Plain) escrow = _open(agreementId, terms);
        _agreements[agreementId] = Agreement(escrow, uint64(block.timestamp));
        emit AgreementConcluded(agreementId, escrow, terms);
    }

    /// @inheritdoc IAgreements
    function retract(AgreementId agreementId, address signer, uint256 deadline, bytes calldata signature) external {
        _requireInTime(deadline);
        _requireSignature(signer, _hashTypedDataV4(TermsTypes.hashRetract(agreementId, deadline)), signature);
        if (_agreements[agreementId].concludedAt != 0) revert AgreementExists(agreementId);
        isRetracted[agreementId][signer] = true;
        emit AgreementRetracted(agreementId, signer);
    }

    /// @inheritdoc IAgreements
    function reclaim(Terms calldata terms) external returns (address escrow) {
        if (terms.kind == Kind.Plain) revert AgreementUnexpectedMoney();
        if (block.timestamp <= terms.signBy) revert AgreementStillOpen(terms.signBy);
        AgreementId agreementId = idOf(terms);
        if (_agreements[agreementId].escrow != address(0)) revert AgreementExists(agreementId);
        escrow = _open(agreementId, terms);
        _agreements[agreementId].escrow = escrow;
        emit AgreementLapsed(agreementId, escrow);
        IEscrow(escrow).lapse();
    }

    /// @inheritdoc IAgreements
    function agreement(AgreementId agreementId) external view returns (Agreement memory) {
        return _agreements[agreementId];
    }

    /// @inheritdoc IAgreements
    function idOf(Terms calldata terms) public view returns (AgreementId) {
        return AgreementId.wrap(_hashTypedDataV4(TermsTypes.hashTerms(terms)));
    }

    /// @inheritdoc IAgreements
    function escrowOf(Terms calldata terms) external view returns (address) {
        if (terms.kind == Kind.Plain) return address(0);
        AgreementId agreementId = idOf(terms);
        return
            Clones.predictDeterministicAddressWithImmutableArgs(
                escrowImplementation,
                EscrowArgs.pack(agreementId, terms),
                AgreementId.unwrap(agreementId)
            );
    }

    function _open(AgreementId agreementId, Terms calldata terms) private returns (address) {
        return
            Clones.cloneDeterministicWithImmutableArgs(
                escrowImplementation,
                EscrowArgs.pack(agreementId, terms),
                AgreementId.unwrap(agreementId)
            );
    }

    function _requireInTime(uint256 deadline) private view {
        if (block.timestamp > deadline) revert AgreementDeadlinePassed(deadline);
    }

    /// @dev The caller agrees by calling. Contract wallets are asked by static call (EIP-1271).
    function _requireSignature(address signer, bytes32 digest, bytes calldata signature) private view {
        if (signer == msg.sender) return;
        bool valid = SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature);
        if (!valid) revert AgreementInvalidSignature(signer);
    }
}
