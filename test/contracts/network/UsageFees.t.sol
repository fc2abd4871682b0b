// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../../../contracts/interfaces/IIdentityRegistry.sol";
import {IMembership} from "../../../contracts/interfaces/IMembership.sol";
import {ISKM} from "../../../contracts/interfaces/ISKM.sol";
import {IUsageFees} from "../../../contracts/interfaces/IUsageFees.sol";
import {UsageFees} from "../../../contracts/network/UsageFees.sol";
import {Membership} from "../../../contracts/token/Membership.sol";
import {SKM} from "../../../contracts/token/SKM.sol";
import {IdentityId} from "../../../contracts/types/IdentityId.sol";
import {Test} from "../support/Test.sol";

/// @dev Stands in for the identity registry: the first two of three people have identities, whose controllers are other keys.
contract People is Test {
    /// @dev As it was when the starting credit was set.
    uint64 public constant identityCount = 0;

    address[3] private _wallets;
    mapping(address owner => IdentityId) public idByOwner;
    mapping(IdentityId id => address) private _controllers;

    constructor() {
        for (uint64 i; i < 3; ++i) {
            _wallets[i] = vm.addr(walletKey(i));
            if (i == 2) continue;
            idByOwner[_wallets[i]] = IdentityId.wrap(i + 1);
            _controllers[IdentityId.wrap(i + 1)] = vm.addr(controllerKey(i));
        }
    }

    function activeKeys(IdentityId id) external view returns (address, address) {
        return (address(0), _controllers[id]);
    }

    function walletAt(uint256 person) public view returns (address) {
        return _wallets[person % 3];
    }

    function walletKey(uint256 person) public pure returns (uint256) {
        return 6_000_000 + (person % 3);
    }

    function controllerKey(uint256 person) public pure returns (uint256) {
        return 7_000_000 + (person % 3);
    }
}

/// @dev People pay fees with right words and wrong ones while the governor changes prices, and providers withdraw.
contract FeeHandler is Test {
    bytes32 private constant RECEIVE =
        keccak256(
            "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
        );
    bytes32 private constant FEATURE = "feature";
    bytes32 private constant ANOTHER = "another";
    /// @dev Of the faults below; any other number spoils nothing.
    uint256 private constant FAULTS = 9;

    People public immutable people;
    SKM public immutable skm;
    Membership public immutable membership;
    UsageFees public immutable fees;

    uint256 public creditSpent;
    uint256 public owed;
    mapping(address beneficiary => uint256) public owedTo;
    mapping(address payer => mapping(bytes32 salt => bool)) public paid;

    constructor(People people_, SKM skm_, Membership membership_, UsageFees fees_) {
        (people, skm, membership, fees) = (people_, skm_, membership_, fees_);
    }

    /// @dev `fault`: 0 another signer, 1 another beneficiary, 2 more units, 3 a higher price, 4 more credit, 5 another payer,
    /// 6 another feature, 7 a later deadline, 8 another salt, more: none.
    function pay(uint256 by, uint256 units, uint256 price, uint256 credit, uint256 salt, uint256 fault) external {
        fault %= 3 * FAULTS;
        IUsageFees.Fee memory fee = feeOf(by, units, price, credit, salt);
        uint256 value = uint256(fee.price) * fee.units - fee.credit;
        bytes memory signature = authorise(fault == 0 ? (by % 3) + 1 : by, fee, value);
        spoil(fee, fault);
        uint256 due = fees.priceOf(fee.feature) * fee.units;
        bool allowed = fault >= FAULTS && mayBePaid(fee) && value <= skm.balanceOf(fee.payer);
        uint256 fromCredit = due < fee.credit ? due : fee.credit;
        allowed = allowed && fromCredit <= membership.creditOf(fee.payer);
        (uint256 had, uint256 hadCredit) = (skm.balanceOf(fee.payer), membership.creditOf(fee.payer));
        try fees.pay(fee, signature) returns (bytes32 receipt) {
            holds(allowed, "paid without the right");
            paid[fee.payer][fee.salt] = true;
            holds(fees.receipts(fee.payer, fee.salt) == receipt, "a receipt");
            uint256 fromWallet = had - skm.balanceOf(fee.payer);
            equal(fromWallet, due - fromCredit, "the price in force, less the credit");
            holds(fromWallet <= value, "never more than was signed");
            equal(hadCredit - membership.creditOf(fee.payer), fromCredit, "credit first");
            owed += fromWallet;
            owedTo[fee.beneficiary] += fromWallet;
            creditSpent += fromCredit;
        } catch {
            holds(!allowed, "a rightful payment was refused");
        }
    }

    function payFromCredit(uint256 by, uint256 units, uint256 price, uint256 credit, uint256 salt, uint256 fault) external {
        fault %= 3 * FAULTS;
        IUsageFees.Fee memory fee = feeOf(by, units, price, credit, salt);
        if (credit % 3 != 0) fee.credit = fee.price * fee.units;
        uint256 key = fault == 0 ? people.walletKey(by) : people.controllerKey(by);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, fees.receiptOf(fee));
        spoil(fee, fault);
        uint256 due = fees.priceOf(fee.feature) * fee.units;
        bool allowed = fault >= FAULTS && mayBePaid(fee) && due <= fee.credit && due <= membership.creditOf(fee.payer);
        uint256 had = skm.balanceOf(fee.payer);
        try fees.payFromCredit(fee, r, bytes32((uint256(v - 27) << 255) | uint256(s))) returns (bytes32) {
            holds(allowed, "paid without the right");
            paid[fee.payer][fee.salt] = true;
            creditSpent += due;
            equal(skm.balanceOf(fee.payer), had, "no SKM by the controller's word");
        } catch {
            holds(!allowed, "a rightful payment was refused");
        }
    }

    function setPrice(uint256 price) external {
        fees.setPrice(FEATURE, within(price, 0, 3) * 1e18);
    }

    function withdraw(uint256 by, uint256 to) external {
        address beneficiary = people.walletAt(by);
        address recipient = people.walletAt(to);
        uint256 amount = fees.claimable(beneficiary);
        uint256 had = skm.balanceOf(recipient);
        vm.prank(beneficiary);
        try fees.withdraw(recipient) {
            equal(skm.balanceOf(recipient) - had, amount, "all of it");
            owed -= amount;
            owedTo[beneficiary] -= amount;
        } catch {
            equal(amount, 0, "exit is never blocked");
        }
    }

    function wait_(uint256 duration) external {
        pass(within(duration, 1, 1 hours));
    }

    function feeOf(
        uint256 by,
        uint256 units,
        uint256 price,
        uint256 credit,
        uint256 salt
    ) private view returns (IUsageFees.Fee memory fee) {
        fee.payer = people.walletAt(by);
        fee.beneficiary = people.walletAt(salt);
        fee.feature = FEATURE;
        fee.units = uint32(within(units, 0, 9));
        fee.price = uint128(within(price, 0, 3) * 1e18);
        fee.credit = uint128(within(credit, 0, uint256(fee.price) * fee.units));
        fee.deadline = uint40(now_() + within(salt, 0, 3));
        fee.salt = bytes32(salt % 50);
    }

    function spoil(IUsageFees.Fee memory fee, uint256 fault) private view {
        if (fault == 1) fee.beneficiary = vm.addr(99);
        if (fault == 2) ++fee.units;
        if (fault == 3) fee.price += 1e18;
        if (fault == 4) ++fee.credit;
        if (fault == 5) fee.payer = people.walletAt(fee.payer == people.walletAt(0) ? 1 : 0);
        if (fault == 6) fee.feature = ANOTHER;
        if (fault == 7) fee.deadline += 1 days;
        if (fault == 8) fee.salt = bytes32(uint256(fee.salt) + 1_000);
    }

    function mayBePaid(IUsageFees.Fee memory fee) private view returns (bool) {
        uint256 price = fees.priceOf(fee.feature);
        return price != 0 && price <= fee.price && fee.units != 0 && now_() < fee.deadline && !paid[fee.payer][fee.salt];
    }

    function authorise(uint256 signer, IUsageFees.Fee memory fee, uint256 value) private view returns (bytes memory) {
        bytes32 receipt = fees.receiptOf(fee);
        bytes32 structHash = keccak256(
            abi.encode(RECEIVE, fee.payer, fees, value, 0, uint256(fee.deadline), receipt)
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", skm.DOMAIN_SEPARATOR(), structHash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(people.walletKey(signer), digest);
        return abi.encodePacked(r, s, v);
    }
}

contract UsageFeesTest is Test {
    uint256 private constant EACH = 200e18;
    uint256 private constant CREDIT = 50e18;

    People private _people;
    SKM private _skm;
    Membership private _membership;
    FeeHandler private _handler;

    function setUp() public {
        _people = new People();
        ISKM.Bucket[] memory buckets = new ISKM.Bucket[](1);
        buckets[0] = ISKM.Bucket("all", address(this), uint48(now_()), 0, 1e27, 0);
        _skm = new SKM(buckets, 1 days);
        for (uint256 i; i < 3; ++i) _skm.emitFrom(0, _people.walletAt(i), EACH);
        IMembership.Tier[] memory tiers = new IMembership.Tier[](1);
        tiers[0].name = "only";
        IIdentityRegistry registry = IIdentityRegistry(address(_people));
        _membership = new Membership(_skm, registry, address(this), tiers, CREDIT, new address[](0));
        // A signature for one feature must not pay for another that is for sale.
        IUsageFees.Price[] memory prices = new IUsageFees.Price[](1);
        prices[0] = IUsageFees.Price("another", 1e18);
        UsageFees fees = new UsageFees(_skm, _membership, address(this), prices);
        _handler = new FeeHandler(_people, _skm, _membership, fees);
        fees.grantRole(fees.GOVERNOR_ROLE(), address(_handler));
        _membership.grantRole(_membership.FEE_SPENDER_ROLE(), address(fees));
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_whatIsHeldIsWhatIsOwed() public view {
        UsageFees fees = _handler.fees();
        equal(fees.claimable(vm.addr(99)), 0, "nothing to whom nobody signed for");
        uint256 claimable;
        uint256 held = _skm.balanceOf(address(fees));
        uint256 outside;
        for (uint256 i; i < 3; ++i) {
            address beneficiary = _people.walletAt(i);
            equal(fees.claimable(beneficiary), _handler.owedTo(beneficiary), "to each what was paid to them");
            claimable += fees.claimable(beneficiary);
            outside += _skm.balanceOf(beneficiary);
        }
        equal(held, claimable, "held and owed");
        equal(held, _handler.owed(), "and as it was paid");
        equal(held + outside, 3 * EACH, "nothing made, nothing lost");
    }

    /// @dev At the end of every run: whatever the governor does, whoever is owed something has all of it.
    function afterInvariant() public {
        UsageFees fees = _handler.fees();
        _membership.revokeRole(_membership.FEE_SPENDER_ROLE(), address(fees));
        fees.setPrice("feature", 0);
        uint256 outside;
        for (uint256 i; i < 3; ++i) {
            address beneficiary = _people.walletAt(i);
            if (fees.claimable(beneficiary) > 0) {
                vm.prank(beneficiary);
                fees.withdraw(beneficiary);
            }
            outside += _skm.balanceOf(beneficiary);
        }
        equal(_skm.balanceOf(address(fees)), 0, "nothing is held any more");
        equal(outside, 3 * EACH, "all of it left");
    }

    function invariant_creditBecomesNothing() public view {
        uint256 left;
        for (uint256 i; i < 2; ++i) left += _membership.creditOf(_people.walletAt(i));
        equal(left + _handler.creditSpent(), 2 * CREDIT, "credit is spent once");
        equal(_skm.totalSupply(), 3 * EACH, "and makes no SKM");
    }
}
