// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {HashChain} from "../../contracts/libraries/HashChain.sol";

contract HashChainProof {
    function unfoldsAsManyAsAsked(bytes32 last, uint256 count) external pure {
        require(count <= 100);
        bytes32[] memory links = HashChain.unfold(last, count);
        assert(links.length == count);
    }

    function endsWithTheOneGiven(bytes32 last, uint256 count) external pure {
        require(count > 0 && count <= 100);
        bytes32[] memory links = HashChain.unfold(last, count);
        assert(links[count - 1] == last);
    }

    function climbsWithoutAFault(bytes32 link, uint256 steps) external pure {
        bytes32 end = HashChain.climb(link, steps);
        assert(steps > 0 || end == link);
    }
}
