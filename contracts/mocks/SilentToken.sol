// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev A token of the old kind: no return values, any number of decimals, accounts it refuses to pay, and a temper.
contract SilentToken {
    uint8 public immutable decimals;

    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;
    mapping(address account => bool) public blocked;
    bool public burnsGas;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function setBlocked(address account, bool value) external {
        blocked[account] = value;
    }

    function setBurnsGas(bool value) external {
        burnsGas = value;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        require(!blocked[to], "blocked");
        while (burnsGas) {}
        if (allowance[from][msg.sender] != type(uint256).max) allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}
