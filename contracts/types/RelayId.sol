// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Number of a relay in the registry. Counts up from 1 and is never used twice; 0 means "none".
type RelayId is uint32;

using {equals as ==, differs as !=} for RelayId global;

RelayId constant NO_RELAY = RelayId.wrap(0);

function equals(RelayId a, RelayId b) pure returns (bool) {
    return RelayId.unwrap(a) == RelayId.unwrap(b);
}

function differs(RelayId a, RelayId b) pure returns (bool) {
    return RelayId.unwrap(a) != RelayId.unwrap(b);
}
