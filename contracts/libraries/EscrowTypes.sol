// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title EIP-712 struct hashes of an escrow
/// @notice The types are written down in IEscrow.
library EscrowTypes {
    bytes32 internal constant FUND = keccak256("Fund(uint256 first,uint256 count,uint256 step,uint256 deadline)");
    bytes32 internal constant SUBMIT =
        keccak256("Submit(uint256 index,bytes32 evidence,uint256 step,uint256 deadline)");
    bytes32 internal constant ACCEPT = keccak256("Accept(uint256 index,uint256 amount,uint256 step,uint256 deadline)");
    bytes32 internal constant REJECT = keccak256("Reject(uint256 index,bytes32 reason,uint256 step,uint256 deadline)");
    bytes32 internal constant REFUND = keccak256("Refund(uint256 index,uint256 amount,uint256 step,uint256 deadline)");
    bytes32 internal constant DISPUTE =
        keccak256("Dispute(uint256 index,bytes32 reason,uint256 step,uint256 deadline)");
    bytes32 internal constant RULE = keccak256("Rule(uint256 index,uint256 toPayee,uint256 step,uint256 deadline)");
    bytes32 internal constant EXTEND = keccak256("Extend(uint256 index,uint256 due,uint256 step,uint256 deadline)");
    bytes32 internal constant DECLARE_DEFAULT =
        keccak256("DeclareDefault(uint256 index,uint256 step,uint256 deadline)");
    bytes32 internal constant CANCEL = keccak256("Cancel(uint256 toPayee,uint256 step,uint256 deadline)");
    bytes32 internal constant WITHDRAW_TO = keccak256("WithdrawTo(address to,uint256 step,uint256 deadline)");
    bytes32 internal constant SWEEP = keccak256("Sweep(address token,uint256 step,uint256 deadline)");

    /// @dev For the types with one field before step and deadline: `word` is its encoding.
    function hash(bytes32 typeHash, bytes32 word, uint256 step, uint256 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode(typeHash, word, step, deadline));
    }

    /// @dev For the types with two.
    function hash(
        bytes32 typeHash,
        uint256 index,
        bytes32 word,
        uint256 step,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(typeHash, index, word, step, deadline));
    }
}
