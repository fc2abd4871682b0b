// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev A token whose balances grow and shrink by themselves: what is stored is multiplied by a scale.
contract RebasingToken is ERC20 {
    uint256 public scale = 1e18;

    constructor() ERC20("Rebasing", "REBASING") {}

    function mint(address to, uint256 amount) external {
        _mint(to, (amount * 1e18) / scale);
    }

    function setScale(uint256 scale_) external {
        scale = scale_;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return (super.balanceOf(account) * scale) / 1e18;
    }

    /// @dev Rounded up, as such tokens do, so that an amount that was sent is gone.
    function _stored(uint256 amount) private view returns (uint256) {
        return (amount * 1e18 + scale - 1) / scale;
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        _transfer(msg.sender, to, _stored(value));
        return true;
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        _spendAllowance(from, msg.sender, value);
        uint256 stored = _stored(value);
        uint256 held = super.balanceOf(from);
        // The last unit may be worth a little less than it was rounded to.
        _transfer(from, to, stored > held && balanceOf(from) >= value ? held : stored);
        return true;
    }
}
