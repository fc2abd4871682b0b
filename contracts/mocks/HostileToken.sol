// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FeeToken} from "./FeeToken.sol";

/// @dev A token that keeps a tenth of every transfer, or answers false, or calls back in the middle of a transfer.
contract HostileToken is FeeToken {
    bool public answersFalse;
    address public callbackTarget;
    bytes public callbackData;
    bool public callbackSucceeded;

    function setAnswersFalse(bool value) external {
        answersFalse = value;
    }

    function setCallback(address target, bytes calldata data) external {
        callbackTarget = target;
        callbackData = data;
    }

    /// @dev Lets the token itself act as an operator, so that its callback is authorised.
    function act(address target, bytes calldata data) external {
        (bool success, bytes memory answer) = target.call(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }

    function approveFrom(address owner, address spender, uint256 amount) external {
        _approve(owner, spender, amount);
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        if (answersFalse) return false;
        return super.transfer(to, value);
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        if (answersFalse) return false;
        return super.transferFrom(from, to, value);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (callbackTarget != address(0) && from != address(0)) {
            (callbackSucceeded, ) = callbackTarget.call(callbackData);
        }
        super._update(from, to, value);
    }
}
