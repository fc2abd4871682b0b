// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @dev A contract wallet that can change its signer, and that takes money gladly, not at all, only after burning all gas,
/// or while calling somebody back.
contract PartyMock is IERC1271 {
    uint8 public constant GLAD = 0;
    uint8 public constant REFUSING = 1;
    uint8 public constant BURNING = 2;
    uint8 public constant CALLING = 3;

    address public signer;
    uint8 public temper;
    address public target;
    bytes public data;
    bool public called;
    bool public callSucceeded;

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

    function setCall(address target_, bytes calldata data_) external {
        (temper, target, data) = (CALLING, target_, data_);
    }

    /// @dev Acts as the wallet itself.
    function act(address target_, uint256 value, bytes calldata data_) external payable {
        (bool success, bytes memory answer) = target_.call{value: value}(data_);
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
        if (temper == BURNING) while (true) {}
        if (temper == CALLING) {
            called = true;
            (callSucceeded, ) = target.call(data);
        }
    }
}
