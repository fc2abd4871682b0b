// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {JobBoard} from "../../../contracts/commerce/JobBoard.sol";
import {IJobBoard} from "../../../contracts/interfaces/IJobBoard.sol";
import {AgreementId} from "../../../contracts/types/AgreementId.sol";
import {IdentityId} from "../../../contracts/types/IdentityId.sol";
import {Test} from "../support/Test.sol";
import {JobHandler} from "./JobHandler.sol";

contract JobBoardTest is Test {
    JobHandler private _handler;
    JobBoard private _board;

    function setUp() public {
        _handler = new JobHandler();
        _board = _handler.board();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_jobsAreAsTheirPostersAndPartiesLeftThem() public view {
        uint256 count = _handler.jobs();
        equal(_board.jobCount(), count, "jobs");
        IJobBoard.Job[] memory all = _board.jobs(1, 100);
        equal(all.length, count, "one page has all of them");
        for (uint256 i; i < count; ++i) {
            IJobBoard.Job memory job = _board.job(_handler.jobAt(i));
            holds(job.poster == _handler.idOf(_handler.posters(i)), "a poster stays");
            holds(job.listing == _handler.listings(i) && all[i].listing == job.listing, "listing");
            equal(uint256(job.state), uint256(_handler.states(i)), "state");
            holds((AgreementId.unwrap(job.agreement) != 0) == (job.state == IJobBoard.State.Hired), "hired by what");
        }
    }

    function invariant_ratingsAreThoseOfFinishedHiresOnceEach() public view {
        uint256[] memory counts = new uint256[](_handler.PEOPLE());
        uint256[] memory totals = new uint256[](_handler.PEOPLE());
        for (uint256 i; i < _handler.deals(); ++i) {
            JobHandler.Deal memory d = _handler.deal(i);
            IJobBoard.Hire memory hire = _board.hireOf(d.id);
            holds((hire.client == _handler.idOf(d.client)) == d.hired, "a hire is of its client");
            equal(hire.byClient, d.byClient, "by the client");
            equal(hire.byFreelancer, d.byFreelancer, "by the freelancer");
            holds(hire.byClient + hire.byFreelancer == 0 || (d.hired && d.finished), "rated when it was over");
            if (d.byClient > 0) ++counts[d.freelancer];
            if (d.byFreelancer > 0) ++counts[d.client];
            totals[d.freelancer] += d.byClient;
            totals[d.client] += d.byFreelancer;
        }
        for (uint256 person; person < counts.length; ++person) {
            IdentityId id = _handler.idOf(person);
            (uint64 count, uint64 total) = _board.reputationOf(id);
            equal(count, counts[person], "ratings");
            equal(total, totals[person], "their sum");
            equal(_board.ratingsOf(id, 0, 100).length, count, "all can be read");
        }
    }
}
