// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Number of a job on the board. Counts up from 1 and is never used twice; 0 means "none".
type JobId is uint64;
