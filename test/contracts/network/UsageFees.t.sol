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

    People public immutable people;
    SKM public immutable skm;
    Membership public immutable membership;
    UsageFees public immutable fees;

    uint256 public creditSpent;
    uint256 public owed;
    mapping(address payer => mapping(bytes32 salt => bool)) public paid;

    constructor(People people_, SKM skm_, Membership membership_, UsageFees fees_) {
        (people, skm, membership, fees) = (people_, skm_, membership_, fees_);
    }

    /// @dev `fault`: 0 another signer, 1 another beneficiary, 2 more units, 3 a higher price, 4 more credit, more: none.
    function pay(uint256 by, uint256 units, uint256 price, uint256 credit, uint256 salt, uint256 fault) external {
        fault %= 12;
        IUsageFees.Fee memory fee = feeOf(by, units, price, credit, salt);
        uint256 value = uint256(fee.price) * fee.units - fee.credit;
        bytes memory signature = authorise(fault == 0 ? (by % 3) + 1 : by, fee, value);
        spoil(fee, fault);
        uint256 due = fees.priceOf(FEATURE) * fee.units;
        bool allowed = fault > 4 && mayBePaid(fee) && value <= skm.balanceOf(fee.payer);
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
            creditSpent += fromCredit;
        } catch {
            holds(!allowed, "a rightful payment was refused");
        }
    }

    function payFromCredit(uint256 by, uint256 units, uint256 price, uint256 credit, uint256 salt, uint256 fault) external {
        fault %= 12;
        IUsageFees.Fee memory fee = feeOf(by, units, price, credit, salt);
        if (credit % 3 != 0) fee.credit = fee.price * fee.units;
        uint256 key = fault == 0 ? people.walletKey(by) : people.controllerKey(by);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, fees.receiptOf(fee));
        spoil(fee, fault);
        uint256 due = fees.priceOf(FEATURE) * fee.units;
        bool allowed = fault > 4 && mayBePaid(fee) && due <= fee.credit && due <= membership.creditOf(fee.payer);
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

    function withdraw(uint256 by) external {
        address beneficiary = people.walletAt(by);
        uint256 amount = fees.claimable(beneficiary);
        uint256 had = skm.balanceOf(beneficiary);
        vm.prank(beneficiary);
        try fees.withdraw(beneficiary) {
            equal(skm.balanceOf(beneficiary) - had, amount, "all of it");
            owed -= amount;
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

    function spoil(IUsageFees.Fee memory fee, uint256 fault) private pure {
        if (fault == 1) fee.beneficiary = vm.addr(99);
        if (fault == 2) ++fee.units;
        if (fault == 3) fee.price += 1e18;
        if (fault == 4) ++fee.credit;
    }

    function mayBePaid(IUsageFees.Fee memory fee) private view returns (bool) {
        uint256 price = fees.priceOf(FEATURE);
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
        UsageFees fees = new UsageFees(_skm, _membership, address(this), new IUsageFees.Price[](0));
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
        uint256 claimable = fees.claimable(vm.addr(99));
        uint256 held = _skm.balanceOf(address(fees));
        uint256 outside;
        for (uint256 i; i < 3; ++i) {
            claimable += fees.claimable(_people.walletAt(i));
            outside += _skm.balanceOf(_people.walletAt(i));
        }
        equal(held, claimable, "held and owed");
        equal(held, _handler.owed(), "and as it was paid");
        equal(held + outside, 3 * EACH, "nothing made, nothing lost");
    }

    function invariant_creditBecomesNothing() public view {
        uint256 left;
        for (uint256 i; i < 2; ++i) left += _membership.creditOf(_people.walletAt(i));
        equal(left + _handler.creditSpent(), 2 * CREDIT, "credit is spent once");
        equal(_skm.totalSupply(), 3 * EACH, "and makes no SKM");
    }
}
