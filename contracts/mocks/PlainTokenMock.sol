// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "solady/src/tokens/ERC20.sol";

/// @dev Solady's token, the leanest there is, which remembers balances only: beside it SKM's transfer gas is shown.
contract PlainTokenMock is ERC20 {
    constructor() {
        _mint(msg.sender, 1_000_000e18);
    }

    function name() public pure override returns (string memory) {
        return "Plain";
    }

    function symbol() public pure override returns (string memory) {
        return "PLAIN";
    }
}
