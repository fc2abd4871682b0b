// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A balance and its lowest value over a rolling window, in one storage slot
/// @notice Time is cut into epochs of one window each. The slot keeps the lowest balance of the epoch of the last
/// change and of the epoch before it; the lower of the two covers at least one whole window and less than two.
library HoldingWindow {
    /// @param balance In base units; at most 2^96 - 1.
    /// @param epoch Epoch of the last change.
    /// @param previousLow Lowest balance of the epoch before `epoch`, in `UNIT`s, rounded down.
    /// @param currentLow Lowest balance of `epoch` so far, in `UNIT`s, rounded down.
    struct Account {
        uint96 balance;
        uint32 epoch;
        uint64 previousLow;
        uint64 currentLow;
    }

    /// @dev Base units per recorded unit: 2^96 / 1e9 would not fit 64 bits, but 1e27 / 1e9 = 1e18 does.
    uint256 internal constant UNIT = 1e9;

    /// @notice Set the balance, remembering lows.
    /// @param balance New balance; the caller keeps it below 2^64 * UNIT.
    /// @param epoch Present epoch, never below the one recorded.
    function record(Account storage self, uint256 balance, uint32 epoch) internal {
        Account memory account = self;
        uint64 held = uint64(account.balance / UNIT);
        uint64 low = uint64(balance / UNIT);
        if (account.epoch == epoch) {
            if (low < account.currentLow) account.currentLow = low;
        } else {
            // An epoch without changes had one balance throughout: the one held until now.
            account.previousLow = isNext(account.epoch, epoch) ? account.currentLow : held;
            account.currentLow = low < held ? low : held;
            account.epoch = epoch;
        }
        account.balance = uint96(balance);
        (self.balance, self.epoch, self.previousLow, self.currentLow) =
            (account.balance, account.epoch, account.previousLow, account.currentLow);
    }

    /// @notice Lowest balance since the beginning of the epoch before `epoch`, in base units.
    function lowest(Account storage self, uint32 epoch) internal view returns (uint256) {
        uint64 low = self.currentLow;
        if (self.epoch == epoch) {
            if (self.previousLow < low) low = self.previousLow;
        } else if (!isNext(self.epoch, epoch)) {
            low = uint64(self.balance / UNIT);
        }
        return low * UNIT;
    }

    function isNext(uint32 earlier, uint32 later) private pure returns (bool) {
        unchecked {
            // Wraps on purpose, so that a short window does not stop working when epochs pass 2^32.
            return earlier + 1 == later;
        }
    }
}
