// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";

/// @title Parameters behind a governor
/// @dev GOVERNOR_ROLE administers itself and all other roles; nobody has DEFAULT_ADMIN_ROLE. It is meant for a
/// TimelockController, so that every change is announced before it takes effect.
abstract contract Governed is AccessControl {
    bytes32 public constant GOVERNOR_ROLE = keccak256("GOVERNOR_ROLE");

    error GovernedInvalidGovernor();

    constructor(address governor) {
        if (governor == address(0)) revert GovernedInvalidGovernor();
        _setRoleAdmin(GOVERNOR_ROLE, GOVERNOR_ROLE);
        _grantRole(GOVERNOR_ROLE, governor);
    }
}
