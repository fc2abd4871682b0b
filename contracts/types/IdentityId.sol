// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Number of an identity in the registry. Counts up from 1 and is never used twice; 0 means "none".
type IdentityId is uint64;

using {equals as ==, differs as !=} for IdentityId global;

IdentityId constant NO_IDENTITY = IdentityId.wrap(0);

function equals(IdentityId a, IdentityId b) pure returns (bool) {
    return IdentityId.unwrap(a) == IdentityId.unwrap(b);
}

function differs(IdentityId a, IdentityId b) pure returns (bool) {
    return IdentityId.unwrap(a) != IdentityId.unwrap(b);
}
