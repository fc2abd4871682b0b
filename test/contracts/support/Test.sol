// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev The cheat codes used here, out of those the Solidity test runner answers to.
interface Vm {
    function warp(uint256 timestamp) external;
    function roll(uint256 blockNumber) external;
    function prank(address sender) external;
    function deal(address account, uint256 balance) external;
    function getBlockTimestamp() external view returns (uint256);
    function getBlockNumber() external view returns (uint256);
    function addr(uint256 privateKey) external pure returns (address);
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function assume(bool condition) external pure;
    function expectRevert() external;
}

/// @title Base of the Solidity tests
/// @dev Time is read through the cheat code: the optimiser may take `block.timestamp` for constant within a function.
abstract contract Test {
    Vm internal constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    bool public constant IS_TEST = true;

    error Differs(string what, uint256 left, uint256 right);
    error Fails(string what);

    function equal(uint256 left, uint256 right, string memory what) internal pure {
        if (left != right) revert Differs(what, left, right);
    }

    function holds(bool condition, string memory what) internal pure {
        if (!condition) revert Fails(what);
    }

    /// @dev Maps any number into [low, high].
    function within(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + (value % (high - low + 1));
    }

    function now_() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    function pass(uint256 duration) internal {
        vm.warp(now_() + duration);
        vm.roll(vm.getBlockNumber() + 1);
    }
}
