// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOperatorRewards} from "../../../contracts/interfaces/IOperatorRewards.sol";
import {ISKM} from "../../../contracts/interfaces/ISKM.sol";
import {OperatorRewards} from "../../../contracts/rewards/OperatorRewards.sol";
import {SKM} from "../../../contracts/token/SKM.sol";
import {Test} from "../support/Test.sol";

/// @dev Seven keys, ascending by address; of the first six, four to six attest at a time, and the seventh never does.
contract Attesters is Test {
    uint256 public constant MOST = 6;

    uint256[7] private _keys;

    constructor() {
        for (uint256 i; i < 7; ++i) {
            uint256 key = 8_000_000 + i;
            uint256 at = i;
            for (; at > 0 && vm.addr(_keys[at - 1]) > vm.addr(key); --at) _keys[at] = _keys[at - 1];
            _keys[at] = key;
        }
        // The stranger's address may be anywhere among them.
        uint256 place = uint256(keccak256("place")) % 7;
        uint256 stranger = _keys[place];
        for (uint256 i = place; i < 6; ++i) _keys[i] = _keys[i + 1];
        _keys[6] = stranger;
    }

    function keyOf(uint256 i) external view returns (uint256) {
        return _keys[i];
    }

    /// @dev The first six but `without` at most two of them.
    function list(uint256 without, uint256 another) external view returns (address[] memory chosen) {
        uint256 count;
        for (uint256 i; i < MOST; ++i) if (i != without && i != another) ++count;
        chosen = new address[](count);
        count = 0;
        for (uint256 i; i < MOST; ++i) if (i != without && i != another) chosen[count++] = vm.addr(_keys[i]);
    }
}

/// @dev Anybody claims with right and wrong signatures while the governor changes attesters and caps. All books are its own.
contract RewardHandler is Test {
    uint256 private constant FAULTS = 10;
    uint256 private constant N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    bytes32 private constant DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant REWARD = keccak256("Reward(uint8 kind,address operator,uint256 cumulative,uint64 term)");
    uint256 public constant OPERATORS = 3;
    uint256 public constant DAILY = 100e18;

    Attesters public immutable keys;
    SKM public immutable skm;
    OperatorRewards public immutable rewards;
    OperatorRewards private immutable _elsewhere;
    uint256 private immutable _start;
    address private immutable _test;

    uint256 public paid;
    /// @dev Which of the six attest now.
    bool[6] private _attests;
    uint256 private _count = 6;
    uint256 private _term = 1;
    uint128[2] private _total = [uint128(30e18), 20e18];
    uint128[2] private _each = [uint128(20e18), 15e18];
    mapping(uint256 kind => mapping(address operator => uint256)) public paidTo;
    mapping(uint256 kind => mapping(address operator => uint256)) public attested;
    mapping(uint256 kind => mapping(uint256 day => uint256)) private _daily;
    mapping(uint256 kind => mapping(address operator => mapping(uint256 day => uint256))) private _dailyTo;
    uint256 public mostInADay;
    uint256 public mostInADayToOne;

    constructor(Attesters keys_, SKM skm_, OperatorRewards rewards_, OperatorRewards elsewhere) {
        (keys, skm, rewards, _elsewhere) = (keys_, skm_, rewards_, elsewhere);
        (_start, _test) = (now_(), msg.sender);
        for (uint256 i; i < 6; ++i) _attests[i] = true;
    }

    function operatorAt(uint256 who) public pure returns (address) {
        return vm.addr(9_000_000 + (who % OPERATORS));
    }

    /// @param signers Bit by bit, which of the six sign.
    /// @param fault 0 a stranger among the signers, 1 one twice, 2 out of order, 3 another sum, 4 another operator, 5 another kind,
    /// 6 another contract, 7 the other half's s, 8 no signature, 9 the term before or the next one; more: none.
    function claim(uint256 kind, uint256 who, uint256 sum, uint256 signers, uint256 fault) external {
        kind %= 2;
        fault %= 3 * FAULTS;
        // Mostly all of them: what is refused for want of signers says nothing about the rest.
        signers = signers % 3 == 0 ? (signers >> 8) % 64 : everybody();
        address operator = operatorAt(who);
        sum = within(sum, 0, 120e18);
        bytes[] memory signatures = signed(kind, operator, sum, signers, fault);
        bool allowed = fault >= FAULTS && isEnough(signers);
        if (allowed && sum > attested[kind][operator]) attested[kind][operator] = sum;
        uint256 due = expected(kind, operator, sum);
        equal(rewards.payableNow(IOperatorRewards.Kind(kind), operator, sum), due, "tells what it would pay");
        uint256 had = skm.balanceOf(operator);
        vm.prank(operatorAt((who % OPERATORS) + 1));
        try rewards.claim(IOperatorRewards.Kind(kind), operator, sum, signatures) returns (uint256 amount) {
            holds(allowed, "paid without the right");
            holds(due != 0, "paid where nothing was due");
            equal(amount, due, "all that is owed and fits");
            equal(skm.balanceOf(operator) - had, due, "to the operator");
            note(kind, operator, due);
        } catch {
            holds(!allowed || due == 0, "a rightful claim was refused");
        }
    }

    function setAttesters(uint256 without, uint256 another) external {
        (without, another) = (without % 9, another % 9);
        // Far more than was ever paid, so that only the term that ended refuses it.
        address operator = operatorAt(without);
        bytes[] memory before = signed(0, operator, 1e27, everybody(), FAULTS);
        rewards.setAttesters(keys.list(without, another));
        equal(rewards.term(), ++_term, "a term begins");
        try rewards.claim(IOperatorRewards.Kind.Validator, operator, 1e27, before) {
            holds(false, "paid for what was signed in a former term");
        } catch (bytes memory why) {
            // For its signatures, and not because there was no room just now.
            bytes4 refusal = bytes4(why);
            holds(
                refusal == IOperatorRewards.RewardNotAttester.selector ||
                    refusal == IOperatorRewards.RewardTooFewSignatures.selector,
                "refused for its term"
            );
        }
        _count = 0;
        for (uint256 i; i < 6; ++i) {
            _attests[i] = i != without && i != another;
            if (_attests[i]) ++_count;
        }
    }

    function setCaps(uint256 kind, uint256 total, uint256 each) external {
        kind %= 2;
        _total[kind] = uint128(within(total, 1, rewards.maximum()));
        _each[kind] = uint128(within(each, 1, _total[kind]));
        rewards.setCaps(IOperatorRewards.Kind(kind), IOperatorRewards.Caps(_total[kind], _each[kind]));
    }

    function wait_(uint256 duration) external {
        pass(within(duration, 1, 1 days));
    }

    /// @dev At the end: everything that was ever attested is paid by signatures of those who attest now, in as many days as it takes.
    function drain() external {
        if (msg.sender != _test) return;
        for (uint256 kind; kind < 2; ++kind) {
            (_total[kind], _each[kind]) = (40e18, 40e18);
            rewards.setCaps(IOperatorRewards.Kind(kind), IOperatorRewards.Caps(40e18, 40e18));
        }
        for (uint256 day; day < 20; ++day) {
            pass(1 days);
            for (uint256 i; i < 2 * OPERATORS; ++i) drainOne(i % 2, operatorAt(i / 2));
        }
    }

    function drainOne(uint256 kind, address operator) private {
        uint256 sum = attested[kind][operator];
        if (rewards.payableNow(IOperatorRewards.Kind(kind), operator, sum) == 0) return;
        bytes[] memory signatures = signed(kind, operator, sum, everybody(), FAULTS);
        note(kind, operator, rewards.claim(IOperatorRewards.Kind(kind), operator, sum, signatures));
    }

    function note(uint256 kind, address operator, uint256 amount) private {
        uint256 day = now_() / 1 days;
        paid += amount;
        paidTo[kind][operator] += amount;
        uint256 daily = _daily[kind][day] += amount;
        uint256 dailyTo = _dailyTo[kind][operator][day] += amount;
        if (daily > mostInADay) mostInADay = daily;
        if (dailyTo > mostInADayToOne) mostInADayToOne = dailyTo;
    }

    function expected(uint256 kind, address operator, uint256 sum) private view returns (uint256 due) {
        uint256 day = now_() / 1 days;
        due = less(sum, paidTo[kind][operator]);
        due = smaller(due, less(_total[kind], _daily[kind][day]));
        due = smaller(due, less(_each[kind], _dailyTo[kind][operator][day]));
        due = smaller(due, smaller(DAILY * 100, (DAILY * (now_() - _start)) / 1 days) - paid);
    }

    function everybody() private view returns (uint256 signers) {
        for (uint256 i; i < 6; ++i) if (_attests[i]) signers |= 1 << i;
    }

    /// @dev Nobody among them who does not attest, and more than two thirds of those who do.
    function isEnough(uint256 signers) private view returns (bool) {
        uint256 count;
        for (uint256 i; i < 6; ++i) {
            if ((signers >> i) & 1 == 0) continue;
            if (!_attests[i]) return false;
            ++count;
        }
        return 3 * count > 2 * _count;
    }

    function signed(
        uint256 kind,
        address operator,
        uint256 sum,
        uint256 signers,
        uint256 fault
    ) private view returns (bytes[] memory signatures) {
        if (fault == 3) sum += 1;
        if (fault == 4) operator = vm.addr(1);
        if (fault == 5) kind = 1 - kind;
        uint256 term = _term;
        if (fault == 9) term = sum % 2 == 0 ? term - 1 : term + 1;
        bytes32 digest = digestOf(fault == 6 ? _elsewhere : rewards, kind, operator, sum, term);
        uint256 count;
        for (uint256 i; i < 6; ++i) count += (signers >> i) & 1;
        signatures = new bytes[](count);
        count = 0;
        for (uint256 i; i < 6; ++i) {
            if ((signers >> i) & 1 == 1) signatures[count++] = sign(keys.keyOf(i), digest);
        }
        if (count == 0) return signatures;
        if (fault == 0) signatures[count - 1] = sign(keys.keyOf(6), digest);
        if (fault == 1 && count > 1) signatures[1] = signatures[0];
        if (fault == 2 && count > 1) (signatures[0], signatures[1]) = (signatures[1], signatures[0]);
        if (fault == 7) signatures[0] = mirrored(keys.keyOf(first(signers)), digest);
        if (fault == 8) signatures[0] = "";
    }

    /// @dev As the interface documents it, whatever the contract says of it.
    function digestOf(
        OperatorRewards where,
        uint256 kind,
        address operator,
        uint256 sum,
        uint256 term
    ) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN, keccak256("Skrumble OperatorRewards"), keccak256("1"), block.chainid, address(where))
        );
        bytes32 reward = keccak256(abi.encode(REWARD, kind, operator, sum, term));
        return keccak256(abi.encodePacked(hex"1901", domain, reward));
    }

    function sign(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function mirrored(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, bytes32(N - uint256(s)), v == 27 ? uint8(28) : uint8(27));
    }

    function first(uint256 signers) private pure returns (uint256 i) {
        while ((signers >> i) & 1 == 0) ++i;
    }

    function less(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : 0;
    }

    function smaller(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}

contract OperatorRewardsTest is Test {
    SKM private _skm;
    OperatorRewards private _rewards;
    RewardHandler private _handler;

    function setUp() public {
        Attesters keys = new Attesters();
        ISKM.Bucket[] memory buckets = new ISKM.Bucket[](2);
        buckets[0] = ISKM.Bucket("rest", address(this), uint48(now_()), 0, 1e27 - 10_000e18, 0);
        buckets[1] = ISKM.Bucket("network", address(this), uint48(now_()), 100 days, 10_000e18, 0);
        _skm = new SKM(buckets, 1 days);
        _rewards = create(keys);
        _skm.setController(1, address(_rewards));
        _handler = new RewardHandler(keys, _skm, _rewards, create(keys));
        _rewards.grantRole(_rewards.GOVERNOR_ROLE(), address(_handler));
    }

    function create(Attesters keys) private returns (OperatorRewards) {
        IOperatorRewards.Caps[2] memory caps = [IOperatorRewards.Caps(30e18, 20e18), IOperatorRewards.Caps(20e18, 15e18)];
        return new OperatorRewards(_skm, 1, address(this), 1 days, 40e18, caps, keys.list(6, 6));
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_whatIsPaidIsWhatIsEmitted() public view {
        uint256 paid;
        for (uint256 i; i < _handler.OPERATORS(); ++i) {
            address operator = _handler.operatorAt(i);
            uint256 both;
            for (uint256 kind; kind < 2; ++kind) {
                uint256 claimed = _rewards.claimed(IOperatorRewards.Kind(kind), operator);
                equal(claimed, _handler.paidTo(kind, operator), "as it was paid");
                holds(claimed <= _handler.attested(kind, operator), "no more than was ever attested");
                both += claimed;
            }
            equal(_skm.balanceOf(operator), both, "to each what they claimed");
            paid += both;
        }
        equal(_skm.totalSupply(), paid, "and nothing else was made");
        equal(_skm.buckets()[1].emitted, _handler.paid(), "all of it from the bucket");
        equal(_skm.balanceOf(address(_rewards)), 0, "nothing is held");
    }

    function invariant_aPeriodHasACap() public view {
        holds(_handler.mostInADay() <= _rewards.maximum(), "of a kind");
        holds(_handler.mostInADayToOne() <= _rewards.maximum(), "of an operator");
        for (uint256 kind; kind < 2; ++kind) {
            IOperatorRewards.Caps memory caps = _rewards.capsOf(IOperatorRewards.Kind(kind));
            holds(caps.total <= _rewards.maximum() && caps.each <= caps.total && caps.each != 0, "within bounds");
        }
    }

    /// @dev At the end of every run: a full period loses nobody anything.
    function afterInvariant() public {
        _handler.drain();
        for (uint256 i; i < _handler.OPERATORS(); ++i) {
            address operator = _handler.operatorAt(i);
            for (uint256 kind; kind < 2; ++kind) {
                uint256 claimed = _rewards.claimed(IOperatorRewards.Kind(kind), operator);
                equal(claimed, _handler.attested(kind, operator), "all that was attested");
            }
        }
    }
}
