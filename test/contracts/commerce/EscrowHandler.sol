// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Agreements} from "../../../contracts/commerce/Agreements.sol";
import {Escrow} from "../../../contracts/commerce/Escrow.sol";
import {IAgreements} from "../../../contracts/interfaces/IAgreements.sol";
import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {EscrowTypes} from "../../../contracts/libraries/EscrowTypes.sol";
import {TemperToken} from "../../../contracts/mocks/TemperToken.sol";
import {AgreementId} from "../../../contracts/types/AgreementId.sol";
import {Test} from "../support/Test.sol";

/// @dev Escrows of random terms between the same payer and payee, who fund, work, quarrel and fall silent while the
/// arbiter rules or vanishes, strangers try everything too, and the token refuses people for a while. Every action is
/// signed with a real key, at times somebody else's, and submitted by a stranger. Keeps its own books of what should be so.
contract EscrowHandler is Test {
    uint256 public constant MILESTONES = 2;
    uint256 public constant PAYER = 11;
    uint256 public constant PAYEE = 12;
    uint256 public constant ARBITER = 13;
    uint256 public constant STRANGER = 14;
    uint256 private constant UNITS = 1e30;

    TemperToken public immutable token = new TemperToken(0);
    Agreements public immutable agreements = new Agreements(address(new Escrow()));

    Escrow[] public escrows;
    /// @dev By escrow: what was paid in for milestones, what payer and payee had out of it, what was given to it.
    mapping(Escrow escrow => uint256) public paidIn;
    mapping(Escrow escrow => uint256) public toPayer;
    mapping(Escrow escrow => uint256) public toPayee;
    mapping(Escrow escrow => uint256) public gifts;

    mapping(Escrow escrow => IEscrow.EscrowTerms) private _terms;
    uint256 private _salt;

    constructor() {
        token.mint(payer(), UNITS);
        // One of each from the beginning, half retained, so that short runs reach the late states of both.
        open(0, 0, 6_000, true);
        open(5_000 << 24, 1, 6_000, true);
    }

    function count() public view returns (uint256) {
        return escrows.length;
    }

    function payer() public pure returns (address) {
        return vm.addr(PAYER);
    }

    function payee() public pure returns (address) {
        return vm.addr(PAYEE);
    }

    function arbiter() public pure returns (address) {
        return vm.addr(ARBITER);
    }

    function stranger() public pure returns (address) {
        return vm.addr(STRANGER);
    }

    /// @dev `seed` chooses amounts, outcomes and shares.
    function open(uint256 seed, uint256 kind, uint256 share, bool arbitrated) public {
        if (count() >= 3) return;
        IAgreements.Terms memory t = termsOf(seed, kind % 2 == 0, share, arbitrated);
        AgreementId id = agreements.idOf(t);
        bytes[] memory signatures = new bytes[](2);
        for (uint256 i; i < 2; ++i) {
            signatures[i] = signDigest(t.signers[i] == payer() ? PAYER : PAYEE, AgreementId.unwrap(id));
        }
        address foretold = agreements.escrowOf(t);
        (, address at_) = agreements.conclude(t, signatures);
        holds(at_ == foretold, "the escrow is where it was said to be");
        Escrow escrow = Escrow(payable(at_));
        escrows.push(escrow);
        IEscrow.EscrowTerms memory kept = escrow.terms();
        same(kept, t);
        IEscrow.EscrowTerms storage book = _terms[escrow];
        (book.kind, book.arbiter, book.rules) = (kept.kind, kept.arbiter, kept.rules);
        for (uint256 i; i < MILESTONES; ++i) book.milestones.push(kept.milestones[i]);
        vm.prank(payer());
        token.approve(at_, type(uint256).max);
    }

    function fund(uint256 pick, uint256 first, uint256 many, uint256 key) external {
        Escrow escrow = picked(pick);
        first %= MILESTONES;
        many = within(many, 1, MILESTONES - first);
        key = mostly(key, PAYER);
        bool may = key == PAYER;
        uint256 needed;
        for (uint256 i = first; i < first + many; ++i) {
            may = may && escrow.milestone(i).state == IEscrow.State.Unfunded;
            needed += _terms[escrow].milestones[i].amount;
        }
        uint256 free = token.balanceOf(address(escrow)) - escrow.accounted();
        IEscrow.Authorisation memory auth = authOf(key, escrow.step());
        sign(escrow, key, auth, EscrowTypes.hash(EscrowTypes.FUND, first, bytes32(many), auth.step, auth.deadline));
        uint256[2] memory had = haves(escrow);
        try escrow.fund(first, many, auth) {
            holds(may || free >= needed, "funded without the right");
            uint256 pulled = free >= needed ? 0 : needed - free;
            gifts[escrow] -= needed - pulled;
            paidIn[escrow] += needed;
            uint256[2] memory have = haves(escrow);
            equal(have[0], had[0] - pulled, "only what was missing was taken");
            toPayee[escrow] += have[1] - had[1];
        } catch {
            holds(!may, "a rightful payment was refused");
        }
    }

    function submit(uint256 pick, uint256 index, uint256 key, bytes32 evidence) external {
        Escrow escrow = picked(pick);
        (IEscrow.MilestoneState memory m, bool open_) = stateOf(escrow, index %= MILESTONES);
        key = mostly(key, PAYEE);
        bool right = m.state == IEscrow.State.Funded || m.state == IEscrow.State.Rejected;
        bool may = key == PAYEE && right && open_ && _terms[escrow].kind == IAgreements.Kind.Work;
        IEscrow.Authorisation memory auth = signed(escrow, key, EscrowTypes.SUBMIT, index, evidence);
        try escrow.submit(index, evidence, auth) {
            holds(may, "submitted without the right");
        } catch {
            holds(!may, "a rightful submission was refused");
        }
    }

    function accept(uint256 pick, uint256 index, uint256 amount, uint256 key) external {
        Escrow escrow = picked(pick);
        (IEscrow.MilestoneState memory m, ) = stateOf(escrow, index %= MILESTONES);
        amount = m.remaining == 0 ? amount : within(amount, 0, m.remaining);
        key = mostly(key, PAYER);
        bool may = key == PAYER && amount > 0 && amount <= m.remaining;
        IEscrow.Authorisation memory auth = signed(escrow, key, EscrowTypes.ACCEPT, index, bytes32(amount));
        uint256[2] memory had = haves(escrow);
        try escrow.accept(index, amount, auth) {
            holds(may, "accepted without the right");
            paid(escrow, had, 0, amount);
        } catch {
            holds(!may, "a rightful acceptance was refused");
        }
    }

    function refund(uint256 pick, uint256 index, uint256 amount, uint256 key) external {
        Escrow escrow = picked(pick);
        (IEscrow.MilestoneState memory m, ) = stateOf(escrow, index %= MILESTONES);
        amount = m.remaining == 0 ? amount : within(amount, 0, m.remaining);
        key = mostly(key, PAYEE);
        bool may = key == PAYEE && amount > 0 && amount <= m.remaining;
        IEscrow.Authorisation memory auth = signed(escrow, key, EscrowTypes.REFUND, index, bytes32(amount));
        uint256[2] memory had = haves(escrow);
        try escrow.refund(index, amount, auth) {
            holds(may, "refunded without the right");
            paid(escrow, had, amount, 0);
        } catch {
            holds(!may, "a rightful refund was refused");
        }
    }

    function reject(uint256 pick, uint256 index, uint256 key, bytes32 reason) external {
        Escrow escrow = picked(pick);
        (IEscrow.MilestoneState memory m, bool open_) = stateOf(escrow, index %= MILESTONES);
        key = mostly(key, PAYER);
        bool may = key == PAYER && m.state == IEscrow.State.Submitted && open_;
        IEscrow.Authorisation memory auth = signed(escrow, key, EscrowTypes.REJECT, index, reason);
        try escrow.reject(index, reason, auth) {
            holds(may, "rejected without the right");
        } catch {
            holds(!may, "a rightful rejection was refused");
        }
    }

    function dispute(uint256 pick, uint256 index, uint256 key, bytes32 reason) external {
        Escrow escrow = picked(pick);
        (IEscrow.MilestoneState memory m, bool open_) = stateOf(escrow, index %= MILESTONES);
        key = within(key, PAYER, STRANGER);
        bool held = m.remaining > 0 && m.state != IEscrow.State.Disputed;
        bool may = (key == PAYER || key == PAYEE) && held && open_ && _terms[escrow].arbiter != address(0);
        IEscrow.Authorisation memory auth = signed(escrow, key, EscrowTypes.DISPUTE, index, reason);
        try escrow.dispute(index, reason, auth) {
            holds(may, "disputed without the right");
        } catch {
            holds(!may, "a rightful dispute was refused");
        }
    }

    function rule(uint256 pick, uint256 index, uint256 share, uint256 key) external {
        Escrow escrow = picked(pick);
        (IEscrow.MilestoneState memory m, bool open_) = stateOf(escrow, index %= MILESTONES);
        share = within(share, 0, m.remaining);
        key = mostly(key, ARBITER);
        bool may = key == ARBITER && m.state == IEscrow.State.Disputed && open_;
        IEscrow.Authorisation memory auth = signed(escrow, key, EscrowTypes.RULE, index, bytes32(share));
        uint256[2] memory had = haves(escrow);
        try escrow.rule(index, share, auth) {
            holds(may, "ruled without the right");
            paid(escrow, had, m.remaining - share, share);
        } catch {
            holds(!may, "a rightful ruling was refused");
        }
    }

    /// @dev Silence leads to what the terms say, to the unit, and to nothing before its time.
    function settle(uint256 pick, uint256 index) external {
        Escrow escrow = picked(pick);
        index %= MILESTONES;
        IEscrow.MilestoneState memory m = escrow.milestone(index);
        (uint256 deadline, IAgreements.Outcome outcome) = expected(escrow, m);
        bool acts = outcome != IAgreements.Outcome.Unset && outcome != IAgreements.Outcome.Wait;
        uint256[2] memory had = haves(escrow);
        try escrow.settle(index) {
            holds(acts && now_() > deadline, "settled without a word of the terms");
            if (outcome == IAgreements.Outcome.Arbiter) {
                holds(escrow.milestone(index).state == IEscrow.State.Disputed, "went to the arbiter");
                paid(escrow, had, 0, 0);
                return;
            }
            uint256 share = outcome == IAgreements.Outcome.Refund ? 0 : outcome == IAgreements.Outcome.Release
                ? 10_000
                : _terms[escrow].rules.fallbackShare;
            uint256 forPayee = (uint256(m.remaining) * share) / 10_000;
            paid(escrow, had, m.remaining - forPayee, forPayee);
        } catch {
            holds(!acts || now_() <= deadline, "what the terms say was refused");
        }
    }

    /// @dev At times both, at times one, so that consents are left behind.
    function extend(uint256 pick, uint256 index, uint256 longer, uint256 key, bool both) external {
        consentToExtend(pick, index, longer, key);
        if (both) consentToExtend(pick, index, longer, next(key));
    }

    function consentToExtend(uint256 pick, uint256 index, uint256 longer, uint256 key) private {
        Escrow escrow = picked(pick);
        IEscrow.MilestoneState memory m = escrow.milestone(index %= MILESTONES);
        // Few dates, so that at times both name the same.
        uint256 due = m.due + within(longer, 0, 2) * 30 days;
        key = within(key, PAYER, STRANGER);
        IEscrow.Authorisation memory auth = signed(escrow, key, EscrowTypes.EXTEND, index, bytes32(due));
        try escrow.extend(index, due, auth) returns (bool extended) {
            holds(key == PAYER || key == PAYEE, "extended without the right");
            equal(escrow.milestone(index).due, extended ? due : m.due, "due");
            holds(due > m.due, "only ever later");
        } catch {}
    }

    function declareDefault(uint256 pick, uint256 index, uint256 key) external {
        Escrow escrow = picked(pick);
        IEscrow.MilestoneState memory m = escrow.milestone(index %= MILESTONES);
        key = within(key, PAYER, STRANGER);
        uint256 retained;
        for (uint256 i; i < MILESTONES; ++i) {
            IEscrow.MilestoneState memory each = escrow.milestone(i);
            if (each.state != IEscrow.State.Disputed) retained += each.remaining;
        }
        bool late = m.state == IEscrow.State.Unfunded && now_() > m.due + _terms[escrow].rules.responseTime;
        bool may = (key == PAYER || key == PAYEE) && late && _terms[escrow].kind == IAgreements.Kind.Sale;
        IEscrow.Authorisation memory auth = authOf(key, m.step);
        bytes32 what = EscrowTypes.hash(EscrowTypes.DECLARE_DEFAULT, bytes32(index), auth.step, auth.deadline);
        sign(escrow, key, auth, what);
        uint256[2] memory had = haves(escrow);
        try escrow.declareDefault(index, auth) {
            holds(may, "declared a default without the right");
            uint256 forPayee = (retained * _terms[escrow].rules.fallbackShare) / 10_000;
            paid(escrow, had, retained - forPayee, forPayee);
        } catch {
            holds(!may, "a rightful default was refused");
        }
    }

    /// @dev Seldom, or hardly any milestone would live long.
    function cancel(uint256 pick, uint256 seed, uint256 key, bool both) external {
        if (seed % 8 != 0) return;
        consentToCancel(pick, key);
        if (both) consentToCancel(pick, next(key));
    }

    function consentToCancel(uint256 pick, uint256 key) private {
        Escrow escrow = picked(pick);
        uint256 total = remaining(escrow);
        uint256 forPayee = total / 2;
        key = within(key, PAYER, STRANGER);
        IEscrow.Authorisation memory auth = authOf(key, escrow.step());
        sign(escrow, key, auth, EscrowTypes.hash(EscrowTypes.CANCEL, bytes32(forPayee), auth.step, auth.deadline));
        uint256[2] memory had = haves(escrow);
        try escrow.cancel(forPayee, auth) returns (bool cancelled) {
            holds(key == PAYER || key == PAYEE, "cancelled without the right");
            if (cancelled) paid(escrow, had, total - forPayee, forPayee);
            else paid(escrow, had, 0, 0);
        } catch {
            holds(key != PAYER && key != PAYEE, "a rightful cancellation was refused");
        }
    }

    function withdraw(uint256 pick, bool forPayer, bool willing) external {
        Escrow escrow = picked(pick);
        address owner = forPayer ? payer() : payee();
        if (willing) token.setRefused(owner, false);
        uint256 owed = escrow.account(owner).owed;
        bool may = owed > 0 && !token.isRefused(owner);
        uint256 before = token.balanceOf(owner);
        try escrow.withdraw(owner) {
            holds(may, "withdrew what was not owed");
            equal(token.balanceOf(owner), before + owed, "all that was owed");
            equal(escrow.account(owner).owed, 0, "owed no more");
        } catch {
            holds(!may, "what is owed was refused");
        }
    }

    /// @dev Somebody sends tokens by mistake; the payer, or somebody at the end, sends them on to the payer.
    function give(uint256 pick, uint256 amount) external {
        Escrow escrow = picked(pick);
        amount = within(amount, 0, 1e6);
        token.mint(address(escrow), amount);
        gifts[escrow] += amount;
    }

    function sweep(uint256 pick, uint256 key) external {
        Escrow escrow = picked(pick);
        key = within(key, PAYER, STRANGER);
        IEscrow.Authorisation memory auth = authOf(key, escrow.step());
        bytes32 what = bytes32(uint256(uint160(address(token))));
        sign(escrow, key, auth, EscrowTypes.hash(EscrowTypes.SWEEP, what, auth.step, auth.deadline));
        uint256 before = token.balanceOf(payer());
        try escrow.sweep(address(token), auth) {
            holds(key == PAYER || escrow.isFinished(), "swept without the right");
            equal(token.balanceOf(payer()), before + gifts[escrow], "swept to the payer, and gifts only");
            gifts[escrow] = 0;
        } catch {}
    }

    function refuse(bool forPayer, bool value) external {
        token.setRefused(forPayer ? payer() : payee(), value);
    }

    function wait_(uint256 duration) external {
        pass(within(duration, 1, 12 days));
    }

    function remaining(Escrow escrow) public view returns (uint256 total) {
        for (uint256 i; i < MILESTONES; ++i) total += escrow.milestone(i).remaining;
    }

    function amountOf(Escrow escrow, uint256 index) external view returns (uint256) {
        return _terms[escrow].milestones[index].amount;
    }

    function termsOf(
        uint256 seed,
        bool work,
        uint256 share,
        bool arbitrated
    ) private returns (IAgreements.Terms memory t) {
        t.kind = work ? IAgreements.Kind.Work : IAgreements.Kind.Sale;
        (t.payer, t.payee, t.token) = (payer(), payee(), address(token));
        t.signers = new address[](2);
        (t.signers[0], t.signers[1]) = payer() < payee() ? (payer(), payee()) : (payee(), payer());
        if (arbitrated) (t.arbiter, t.rules.rulingTime) = (arbiter(), 15 days);
        (t.textHash, t.salt, t.signBy) = (keccak256("text"), bytes32(++_salt), uint64(now_()));
        (t.rules.reviewTime, t.rules.responseTime) = (5 days, 3 days);
        t.rules.fallbackShare = uint16(share % 10_001);
        if (work) {
            t.rules.onNoSubmission = outcomeOf(seed, arbitrated);
            t.rules.onNoReview = outcomeOf(seed >> 8, arbitrated);
            t.rules.onRejection = outcomeOf(seed >> 16, arbitrated);
        } else {
            t.rules.retainedShare = uint16((seed >> 24) % 10_001);
        }
        t.milestones = new IAgreements.Milestone[](MILESTONES);
        for (uint256 i; i < MILESTONES; ++i) {
            uint256 amount = within(uint256(keccak256(abi.encode(seed, i))), 1, 1e20);
            t.milestones[i] = IAgreements.Milestone(uint128(amount), uint40(now_() + (i + 1) * 10 days));
        }
    }

    function outcomeOf(uint256 seed, bool arbitrated) private pure returns (IAgreements.Outcome) {
        uint256 number = arbitrated ? within(seed & 255, 1, 5) : within(seed & 255, 2, 4);
        return IAgreements.Outcome(number);
    }

    function same(IEscrow.EscrowTerms memory kept, IAgreements.Terms memory t) private view {
        holds(kept.kind == t.kind && kept.payer == t.payer && kept.payee == t.payee, "kind, payer, payee");
        holds(kept.arbiter == t.arbiter && kept.token == t.token, "arbiter, token");
        holds(kept.agreements == address(agreements), "factory");
        holds(keccak256(abi.encode(kept.rules)) == keccak256(abi.encode(t.rules)), "rules");
        holds(keccak256(abi.encode(kept.milestones)) == keccak256(abi.encode(t.milestones)), "milestones");
    }

    /// @dev The books' own reading of the terms.
    function expected(
        Escrow escrow,
        IEscrow.MilestoneState memory m
    ) private view returns (uint256 deadline, IAgreements.Outcome outcome) {
        IAgreements.Rules memory rules = _terms[escrow].rules;
        if (m.state == IEscrow.State.Disputed) return (m.since + rules.rulingTime, IAgreements.Outcome.Split);
        if (m.state == IEscrow.State.Submitted) return (m.since + rules.reviewTime, rules.onNoReview);
        if (m.state == IEscrow.State.Rejected) return (m.since + rules.responseTime, rules.onRejection);
        if (m.state != IEscrow.State.Funded) return (0, IAgreements.Outcome.Unset);
        if (_terms[escrow].kind == IAgreements.Kind.Work) return (m.due, rules.onNoSubmission);
        for (uint256 i; i < MILESTONES; ++i) {
            IEscrow.MilestoneState memory each = escrow.milestone(i);
            if (each.state == IEscrow.State.Unfunded) return (0, IAgreements.Outcome.Unset);
            if (each.since > deadline) deadline = each.since;
        }
        return (deadline + rules.reviewTime, IAgreements.Outcome.Release);
    }

    function stateOf(
        Escrow escrow,
        uint256 index
    ) private view returns (IEscrow.MilestoneState memory m, bool open_) {
        m = escrow.milestone(index);
        (uint256 deadline, IAgreements.Outcome outcome) = expected(escrow, m);
        open_ = outcome == IAgreements.Outcome.Unset || outcome == IAgreements.Outcome.Wait || now_() <= deadline;
    }

    function picked(uint256 pick) private view returns (Escrow) {
        return escrows[pick % count()];
    }

    /// @dev Leads to another key than `seed` does.
    function next(uint256 seed) private pure returns (uint256) {
        return (seed % 4) + 1;
    }

    /// @dev Somebody else one time in eight.
    function mostly(uint256 seed, uint256 key) private pure returns (uint256) {
        return seed % 8 == 0 ? within(seed >> 3, PAYER, STRANGER) : key;
    }

    /// @dev What payer and payee have, or are owed by the escrow.
    function haves(Escrow escrow) private view returns (uint256[2] memory) {
        return [
            token.balanceOf(payer()) + escrow.account(payer()).owed,
            token.balanceOf(payee()) + escrow.account(payee()).owed
        ];
    }

    function paid(Escrow escrow, uint256[2] memory had, uint256 forPayer, uint256 forPayee) private {
        uint256[2] memory have = haves(escrow);
        equal(have[0], had[0] + forPayer, "the payer's part");
        equal(have[1], had[1] + forPayee, "the payee's part");
        toPayer[escrow] += forPayer;
        toPayee[escrow] += forPayee;
    }

    function authOf(uint256 key, uint256 step) private view returns (IEscrow.Authorisation memory) {
        return IEscrow.Authorisation(vm.addr(key), step, now_() + 20 days, "");
    }

    /// @dev An action of `key` on one milestone at its present step.
    function signed(
        Escrow escrow,
        uint256 key,
        bytes32 typeHash,
        uint256 index,
        bytes32 word
    ) private view returns (IEscrow.Authorisation memory auth) {
        auth = authOf(key, escrow.milestone(index).step);
        sign(escrow, key, auth, EscrowTypes.hash(typeHash, index, word, auth.step, auth.deadline));
    }

    function sign(
        Escrow escrow,
        uint256 key,
        IEscrow.Authorisation memory auth,
        bytes32 structHash
    ) private view {
        bytes32 separator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Skrumble Escrow"),
                keccak256("1"),
                block.chainid,
                address(escrow)
            )
        );
        auth.signature = signDigest(key, keccak256(abi.encodePacked(hex"1901", separator, structHash)));
    }

    function signDigest(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}
