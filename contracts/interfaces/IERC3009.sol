// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Transfers by signature
/// @notice EIP-3009: the owner of tokens signs where they go, anybody submits it. Unlike a permit, which allows a spender
/// and leaves the recipient to them, the signature names the recipient and the amount.
///
/// Types, exactly those of the standard, under the token's own EIP-712 domain:
///
/// - TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)
/// - ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)
/// - CancelAuthorization(address authorizer,bytes32 nonce)
///
/// `nonce` is any number that its author has not used before, so authorisations do not wait for each other. It is good
/// once, for a transfer, a receipt or a cancellation. Times are Unix seconds, both ends excluded. The functions that end
/// in `signature` do the same and also take signatures of contract wallets, of any length (EIP-1271). A high s is refused.
interface IERC3009 {
    event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce);
    event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce);

    error ERC3009NotYetValid(uint256 validAfter);
    error ERC3009Expired(uint256 validBefore);
    /// @dev Also when it was cancelled.
    error ERC3009NonceUsed(address authorizer, bytes32 nonce);
    error ERC3009InvalidSignature(address authorizer);
    error ERC3009NotRecipient(address caller, address to);

    /// @notice Move `value` from `from` to `to`, on the signature of `from` (TransferWithAuthorization).
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice The same for signatures of any length.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Take `value` from `from`, on the signature of `from` (ReceiveWithAuthorization). Only `to` may call it, so
    /// that a contract which does more than take the money cannot be overtaken by somebody who submits the transfer alone.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice The same for signatures of any length.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Make a nonce that was not used yet worthless, on the signature of its author (CancelAuthorization).
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice The same for signatures of any length.
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external;

    /// @notice Whether a nonce was used or cancelled.
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool);
}
