// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @dev A contract wallet that acts, signs (EIP-1271) by a signer it can change, and takes coin and tokens that call it, in
/// several tempers.
contract AccountMock is IERC1271 {
    uint8 public constant ACCEPTING = 0;
    uint8 public constant REFUSING = 1;
    uint8 public constant BURNING_GAS = 2;
    uint8 public constant CALLING_BACK = 3;
    uint8 public constant RETURNING_MUCH = 4;

    address public signer;
    uint8 public temper;
    address public target;
    bytes public data;
    bool public called;
    bool public callbackSucceeded;

    constructor(address signer_) {
        signer = signer_;
    }

    receive() external payable {
        take();
    }

    function tokensReceived(uint256) external {
        take();
    }

    function setSigner(address signer_) external {
        signer = signer_;
    }

    function setTemper(uint8 temper_) external {
        temper = temper_;
    }

    function setCallback(address target_, bytes calldata data_) external {
        (target, data, temper) = (target_, data_, CALLING_BACK);
    }

    function act(address to, uint256 value, bytes calldata call) external payable {
        (bool success, bytes memory answer) = to.call{value: value}(call);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }

    function isValidSignature(bytes32 hash, bytes memory signature) external view returns (bytes4) {
        (address recovered, , ) = ECDSA.tryRecover(hash, signature);
        return recovered == signer ? IERC1271.isValidSignature.selector : bytes4(0);
    }

    function take() private {
        if (temper == REFUSING) revert("no");
        while (temper == BURNING_GAS) {}
        if (temper == CALLING_BACK) {
            called = true;
            (callbackSucceeded, ) = target.call(data);
        }
        if (temper == RETURNING_MUCH) {
            assembly ("memory-safe") {
                revert(0, 20000)
            }
        }
    }
}
