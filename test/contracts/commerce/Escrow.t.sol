// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Escrow} from "../../../contracts/commerce/Escrow.sol";
import {IAgreements} from "../../../contracts/interfaces/IAgreements.sol";
import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {TemperToken} from "../../../contracts/mocks/TemperToken.sol";
import {Test} from "../support/Test.sol";
import {EscrowHandler} from "./EscrowHandler.sol";

contract EscrowTest is Test {
    EscrowHandler private _handler;
    TemperToken private _token;

    function setUp() public {
        _handler = new EscrowHandler();
        _token = _handler.token();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_moneyInIsMoneyOutAndMoneyHeld() public view {
        for (uint256 i; i < _handler.count(); ++i) {
            Escrow escrow = _handler.escrows(i);
            uint256 out = _handler.toPayer(escrow) + _handler.toPayee(escrow);
            equal(_handler.paidIn(escrow), out + _handler.remaining(escrow), "paid in");
            equal(_token.balanceOf(address(escrow)), escrow.accounted() + _handler.gifts(escrow), "balance");
            for (uint256 m; m < _handler.MILESTONES(); ++m) {
                IEscrow.MilestoneState memory state = escrow.milestone(m);
                holds(state.remaining <= _handler.amountOf(escrow, m), "no milestone holds more than its amount");
                bool held = state.state != IEscrow.State.Unfunded && state.state != IEscrow.State.Settled;
                holds(held == (state.remaining > 0), "money is held exactly while something can still be done with it");
            }
        }
    }

    function invariant_nobodyElseEverReceives() public view {
        uint256 total = _token.balanceOf(_handler.payer()) + _token.balanceOf(_handler.payee());
        for (uint256 i; i < _handler.count(); ++i) total += _token.balanceOf(address(_handler.escrows(i)));
        equal(total, _token.totalSupply(), "payer, payee and escrows have everything");
    }

    /// @dev Here after every single call, which is why there are fewer of them.
    /// hardhat-config: invariant.runs = 32
    /// hardhat-config: invariant.depth = 48
    function invariant_everythingCanLeaveWithThePayerGone() public {
        for (uint256 i; i < _handler.count(); ++i) _drain(_handler.escrows(i), _handler.payee());
    }

    /// hardhat-config: invariant.runs = 32
    /// hardhat-config: invariant.depth = 48
    function invariant_everythingCanLeaveWithThePayeeGone() public {
        for (uint256 i; i < _handler.count(); ++i) _drain(_handler.escrows(i), _handler.payer());
    }

    /// @dev At the end of every run as well, with one of the two gone.
    function afterInvariant() public {
        for (uint256 i; i < _handler.count(); ++i) {
            Escrow escrow = _handler.escrows(i);
            _drain(escrow, escrow.accounted() % 2 == 0 ? _handler.payee() : _handler.payer());
        }
    }

    /// @dev Everybody but `left` has gone, and long ago: `left` and strangers still get everything out.
    function _drain(Escrow escrow, address left) private {
        _token.setRefused(_handler.payer(), false);
        _token.setRefused(_handler.payee(), false);
        pass(40 * 365 days);
        bool sale = escrow.terms().kind == IAgreements.Kind.Sale;
        for (uint256 i; i < _handler.MILESTONES(); ++i) {
            IEscrow.MilestoneState memory m = escrow.milestone(i);
            (, IAgreements.Outcome outcome) = escrow.timeoutOf(i);
            IEscrow.Authorisation memory auth = IEscrow.Authorisation(left, m.step, type(uint256).max, "");
            bool inDefault = sale && m.state == IEscrow.State.Unfunded;
            if (!inDefault && outcome != IAgreements.Outcome.Wait) continue;
            vm.prank(left);
            if (inDefault) escrow.declareDefault(i, auth);
            else escrow.dispute(i, 0, auth);
        }
        // Once for what the terms say, once more for what they sent to the arbiter.
        for (uint256 round; round < 2; ++round) {
            pass(40 * 365 days);
            for (uint256 i; i < _handler.MILESTONES(); ++i) {
                if (escrow.milestone(i).remaining > 0) escrow.settle(i);
            }
        }
        if (escrow.account(_handler.payer()).owed > 0) escrow.withdraw(_handler.payer());
        if (escrow.account(_handler.payee()).owed > 0) escrow.withdraw(_handler.payee());
        equal(escrow.accounted(), 0, "nothing is held any more");
        equal(_token.balanceOf(address(escrow)), _handler.gifts(escrow), "but what was given by mistake");
    }
}
