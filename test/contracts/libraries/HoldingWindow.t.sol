// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {HoldingWindow} from "../../../contracts/libraries/HoldingWindow.sol";
import {Test} from "../support/Test.sol";

/// @dev The slot against a history kept in full.
contract HoldingWindowTest is Test {
    using HoldingWindow for HoldingWindow.Account;

    HoldingWindow.Account private _account;

    struct Change {
        uint256 time;
        uint256 balance;
    }
    Change[] private _history;

    /// @dev Lowest balance since `from`, by walking the whole history; 0 before its beginning.
    function lowestSince(uint256 from) private view returns (uint256 low) {
        low = type(uint256).max;
        for (uint256 i = _history.length; i > 0; --i) {
            Change memory change = _history[i - 1];
            if (change.balance < low) low = change.balance;
            if (change.time <= from) {
                // Within the second of `from` there may have been several balances, all of them in the window.
                if (change.time < from) return low;
            }
        }
        return 0;
    }

    function testFuzz_lowestIsTheLowestOfTheWindow(uint256[24] memory seeds, uint32 window) public {
        window = uint32(within(window, 1, 30 days));
        uint256 time = within(seeds[0], window, 1 << 34);
        for (uint256 i; i < seeds.length; ++i) {
            // Short steps, long steps and steps of whole epochs.
            uint256 step = within(seeds[i] >> 8, 0, 2);
            if (step == 1) time += within(seeds[i] >> 16, 0, window);
            if (step == 2) time += within(seeds[i] >> 16, 0, 4) * window;
            uint256 balance = within(seeds[i] >> 96, 0, 1e27);
            uint32 epoch = uint32(time / window);
            _account.record(balance, epoch);
            _history.push(Change(time, balance));
            equal(_account.balance, balance, "balance");
            expectLowest(time, window);
            expectLowest(time + within(seeds[i] >> 32, 0, 3 * uint256(window)), window);
        }
    }

    function expectLowest(uint256 time, uint32 window) private view {
        uint32 epoch = uint32(time / window);
        uint256 start = time / window == 0 ? 0 : (time / window - 1) * window;
        uint256 expected = lowestSince(start);
        equal(_account.lowest(epoch), (expected / 1e9) * 1e9, "lowest");
        holds(start + window <= time, "covers at least one window");
        holds(start + 2 * uint256(window) > time, "covers less than two windows");
    }
}
