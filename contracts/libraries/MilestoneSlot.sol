// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEscrow} from "../interfaces/IEscrow.sol";

/// @title The state of a milestone in one storage slot
/// @notice Packed by hand, because the compiler reads and writes the slot once for every field.
/// From the lowest bit: remaining 128, due 40, since 40, step 32, state 8.
library MilestoneSlot {
    function pack(IEscrow.MilestoneState memory m) internal pure returns (uint256) {
        return
            m.remaining |
            (uint256(m.due) << 128) |
            (uint256(m.since) << 168) |
            (uint256(m.step) << 208) |
            (uint256(m.state) << 240);
    }

    function unpack(uint256 slot) internal pure returns (IEscrow.MilestoneState memory) {
        return
            IEscrow.MilestoneState(
                uint128(slot),
                uint40(slot >> 128),
                uint40(slot >> 168),
                uint32(slot >> 208),
                IEscrow.State(slot >> 240)
            );
    }
}
