// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev A token that keeps a tenth of every transfer, when it is told to.
contract FeeToken is ERC20 {
    bool public takesFee;

    constructor() ERC20("Fee", "FEE") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setTakesFee(bool value) external {
        takesFee = value;
    }

    function _update(address from, address to, uint256 value) internal virtual override {
        if (takesFee && from != address(0) && to != address(0)) {
            super._update(from, address(0), value / 10);
            value -= value / 10;
        }
        super._update(from, to, value);
    }
}
