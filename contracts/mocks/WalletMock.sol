// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @dev A contract wallet that accepts its signer's signatures (EIP-1271), in several tempers.
contract WalletMock is IERC1271 {
    uint8 public constant HONEST = 0;
    uint8 public constant REVERTING = 1;
    uint8 public constant WRONG_VALUE = 2;
    uint8 public constant SHORT_ANSWER = 3;
    /// @dev Wants 32 bytes more than a signature has, as wallets of several signers do.
    uint8 public constant LONG_SIGNATURE = 4;

    address public immutable signer;
    uint8 public temper;

    constructor(address signer_) {
        signer = signer_;
    }

    function setTemper(uint8 temper_) external {
        temper = temper_;
    }

    function isValidSignature(bytes32 hash, bytes memory signature) external view returns (bytes4) {
        if (temper == REVERTING) revert("no");
        if (temper == WRONG_VALUE) return 0xffffffff;
        if (temper == SHORT_ANSWER) {
            assembly ("memory-safe") {
                mstore(0, 1)
                return(0, 4)
            }
        }
        if (temper == LONG_SIGNATURE) {
            if (signature.length != 97) return bytes4(0);
            assembly ("memory-safe") {
                mstore(signature, 65)
            }
        }
        (address recovered, , ) = ECDSA.tryRecover(hash, signature);
        return recovered == signer ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
