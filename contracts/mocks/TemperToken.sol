// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev A token with any number of decimals that may answer nothing, refuse somebody, lose or gain units by itself, or
/// call whoever receives it, as ERC-777 does.
contract TemperToken is ERC20 {
    uint8 private immutable _decimals;
    bool public answersNothing;
    bool public callsRecipient;
    mapping(address account => bool) public isRefused;

    error Refused(address account);

    constructor(uint8 decimals_) ERC20("Temper", "TEMPER") {
        _decimals = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @dev As a rebase does to one balance.
    function burn(address from, uint256 amount) external {
        _burn(from, amount);
    }

    function setAnswersNothing(bool value) external {
        answersNothing = value;
    }

    function setCallsRecipient(bool value) external {
        callsRecipient = value;
    }

    function setRefused(address account, bool value) external {
        isRefused[account] = value;
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        super.transfer(to, value);
        return answer();
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        super.transferFrom(from, to, value);
        return answer();
    }

    function answer() private view returns (bool) {
        if (answersNothing) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        return true;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (isRefused[to]) revert Refused(to);
        super._update(from, to, value);
        if (callsRecipient && to.code.length > 0) {
            (bool success, ) = to.call(abi.encodeWithSignature("tokensReceived(uint256)", value));
            if (!success) revert Refused(to);
        }
    }
}
