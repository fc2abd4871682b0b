// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../../../contracts/interfaces/IIdentityRegistry.sol";
import {IRedPackets} from "../../../contracts/interfaces/IRedPackets.sol";
import {ISKM} from "../../../contracts/interfaces/ISKM.sol";
import {RedPackets} from "../../../contracts/social/RedPackets.sol";
import {SKM} from "../../../contracts/token/SKM.sol";
import {PacketId} from "../../../contracts/types/PacketId.sol";
import {Test} from "../support/Test.sol";

/// @dev People make packets of SKM by signature, right ones and wrong ones, and take back what nobody claimed. Apart from
/// PacketHandler because both together are more code than one transaction can deploy.
contract SignedPacketHandler is Test {
    uint256 public constant PEOPLE = 3;
    bytes32 private constant RECEIVE =
        keccak256(
            "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
        );

    RedPackets public immutable packets = new RedPackets(IIdentityRegistry(address(0)));
    SKM public immutable skm;

    uint256 public cameIn;
    uint256 public wentOut;
    mapping(address creator => mapping(bytes32 nonce => bool)) public made;

    constructor() {
        ISKM.Bucket[] memory buckets = new ISKM.Bucket[](1);
        buckets[0] = ISKM.Bucket("all", address(this), uint48(now_()), 0, 1e27, 0);
        skm = new SKM(buckets, 1 days);
        for (uint256 i; i < PEOPLE; ++i) skm.emitFrom(0, walletAt(i), 1e20);
    }

    /// @dev `fault`: 0 another signer, 1 another creator, 2 another amount, 3 another key, 4 too late, more: none.
    function create(uint256 by, uint256 amount, uint8 shares, uint256 salt, uint256 fault, address submitter) external {
        fault %= 12;
        IRedPackets.Terms memory terms = IRedPackets.Terms(
            address(skm),
            within(amount, 0, salt % 2 == 0 ? 12 : 2e20),
            uint8(within(shares, 1, 10)),
            uint40(now_() + 1 days),
            vm.addr(1 + (salt % 4)),
            bytes32(salt % 3)
        );
        bytes32 nonce = packets.nonceOf(terms);
        address creator = walletAt(by);
        bool allowed = fault > 4 &&
            !made[creator][nonce] &&
            terms.amount >= terms.shares &&
            terms.amount <= skm.balanceOf(creator);
        uint256 validBefore = fault == 4 ? now_() : now_() + 1;
        bytes memory signature = authorise(fault == 0 ? by % PEOPLE + 1 : by, creator, terms.amount, validBefore, nonce);
        if (fault == 1) creator = walletAt(by % PEOPLE + 1);
        if (fault == 2) ++terms.amount;
        if (fault == 3) terms.key = vm.addr(99);
        uint256 before = skm.balanceOf(creator);
        vm.prank(submitter);
        try packets.createFor(terms, creator, 0, validBefore, signature) returns (PacketId packetId) {
            holds(allowed, "made without the right");
            made[creator][nonce] = true;
            cameIn += terms.amount;
            IRedPackets.Packet memory packet = packets.packet(packetId);
            equal(before - skm.balanceOf(creator), terms.amount, "what was signed for has left");
            equal(packet.total, terms.amount, "and is in the packet");
            holds(packet.creator == creator, "of who signed");
        } catch {
            holds(!allowed, "a rightful signature was refused");
        }
    }

    function refund(uint256 pick, uint256 to) external {
        uint256 count = packets.packetCount();
        if (count == 0) return;
        PacketId packetId = PacketId.wrap(uint64(within(pick, 1, count)));
        IRedPackets.Packet memory packet = packets.packet(packetId);
        bool allowed = packet.left > 0 && now_() >= packet.expiresAt && walletAt(to) == packet.creator;
        try packets.refund(packetId, walletAt(to)) {
            holds(allowed, "refunded without the right");
            wentOut += packet.left;
        } catch {
            holds(!allowed, "a rightful refund was refused");
        }
    }

    function wait_(uint256 duration) external {
        pass(within(duration, 1, 1 days));
    }

    function walletAt(uint256 person) public pure returns (address) {
        return vm.addr(keyOf(person));
    }

    function keyOf(uint256 person) private pure returns (uint256) {
        return 5_000_000 + (person % PEOPLE);
    }

    function authorise(
        uint256 signer,
        address from,
        uint256 value,
        uint256 validBefore,
        bytes32 nonce
    ) private view returns (bytes memory) {
        bytes32 structHash = keccak256(abi.encode(RECEIVE, from, packets, value, 0, validBefore, nonce));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", skm.DOMAIN_SEPARATOR(), structHash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(signer), digest);
        return abi.encodePacked(r, s, v);
    }
}

contract SignedPacketsTest is Test {
    SignedPacketHandler private _handler;

    function setUp() public {
        _handler = new SignedPacketHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev At the end of every run: anybody sends everything back when the packets have expired.
    function afterInvariant() public {
        pass(1 days);
        RedPackets packets = _handler.packets();
        uint256 back;
        for (uint64 id = 1; id <= packets.packetCount(); ++id) {
            PacketId packetId = PacketId.wrap(id);
            IRedPackets.Packet memory packet = packets.packet(packetId);
            if (packet.left > 0) packets.refund(packetId, packet.creator);
            equal(_handler.skm().balanceOf(packets.vaultOf(packetId)), 0, "a vault is empty");
        }
        for (uint256 i; i < _handler.PEOPLE(); ++i) back += _handler.skm().balanceOf(_handler.walletAt(i));
        equal(back, _handler.skm().totalSupply(), "everything is back");
    }

    function invariant_moneyIsInTheVaultsAndNowhereElse() public view {
        uint256 held;
        for (uint64 id = 1; id <= _handler.packets().packetCount(); ++id) {
            PacketId packetId = PacketId.wrap(id);
            uint256 left = _handler.packets().packet(packetId).left;
            equal(_handler.skm().balanceOf(_handler.packets().vaultOf(packetId)), left, "a vault holds what its packet owes");
            held += left;
        }
        equal(_handler.cameIn(), _handler.wentOut() + held, "in = out + held");
        equal(_handler.skm().balanceOf(address(_handler.packets())), 0, "nothing outside the vaults");
    }
}
