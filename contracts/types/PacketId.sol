// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Number of a red packet. Counts up from 1 and is never used twice; 0 means "none".
type PacketId is uint64;
