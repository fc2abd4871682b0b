// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAgreements} from "../../contracts/interfaces/IAgreements.sol";
import {EscrowArgs} from "../../contracts/libraries/EscrowArgs.sol";

contract EscrowArgsProof {
    function countsMilestones(bytes memory args, uint256 count) external pure {
        require(count <= 32 && args.length == 152 + 21 * count);
        assert(EscrowArgs.milestoneCount(args) == count);
    }

    function placesMilestonesWithoutAFault(bytes memory args, uint256 index) external pure {
        require(index < 32);
        IAgreements.Milestone memory m = EscrowArgs.milestone(args, index);
        assert(m.amount <= type(uint128).max && m.due <= type(uint40).max);
    }
}
