// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What everybody signs: the EIP-712 digest of an agreement's terms. No two chains or contracts share one.
type AgreementId is bytes32;
