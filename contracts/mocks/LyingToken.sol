// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev A token with the older of EIP-3009's functions only, which asks for nobody's signature, may move nothing or too
/// little, may call back, and answers every other call as if it had done something (WETH does that).
contract LyingToken is ERC20 {
    bool public movesNothing;
    bool public takesFee;
    address public callbackTarget;
    bytes public callbackData;
    bool public callsBackOnTransfer;
    uint256 public callbacks;
    /// @dev Whether any of them did.
    bool public callbackSucceeded;
    bytes public callbackAnswer;

    constructor() ERC20("Lying", "LYING") {}

    fallback() external {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setMovesNothing(bool value) external {
        movesNothing = value;
    }

    function setTakesFee(bool value) external {
        takesFee = value;
    }

    function setCallback(address target, bytes calldata data) external {
        (callbackTarget, callbackData) = (target, data);
    }

    function setCallsBackOnTransfer(bool value) external {
        callsBackOnTransfer = value;
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        if (callsBackOnTransfer) callBack();
        return super.transfer(to, value);
    }

    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256,
        uint256,
        bytes32,
        uint8,
        bytes32,
        bytes32
    ) external {
        callBack();
        if (!movesNothing) _transfer(from, to, takesFee ? value - value / 10 : value);
    }

    function callBack() private {
        if (callbackTarget == address(0)) return;
        bool succeeded;
        (succeeded, callbackAnswer) = callbackTarget.call(callbackData);
        callbackSucceeded = callbackSucceeded || succeeded;
        ++callbacks;
    }
}
