// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IdentityRegistry} from "../../../contracts/identity/IdentityRegistry.sol";
import {IIdentityRegistry} from "../../../contracts/interfaces/IIdentityRegistry.sol";
import {IRedPackets} from "../../../contracts/interfaces/IRedPackets.sol";
import {HashChain} from "../../../contracts/libraries/HashChain.sol";
import {IdentityTypes} from "../../../contracts/libraries/IdentityTypes.sol";
import {AccountMock} from "../../../contracts/mocks/AccountMock.sol";
import {FeeToken} from "../../../contracts/mocks/FeeToken.sol";
import {RebasingToken} from "../../../contracts/mocks/RebasingToken.sol";
import {SilentToken} from "../../../contracts/mocks/SilentToken.sol";
import {RedPackets} from "../../../contracts/social/RedPackets.sol";
import {IdentityId} from "../../../contracts/types/IdentityId.sol";
import {PacketId} from "../../../contracts/types/PacketId.sol";
import {Test} from "../support/Test.sol";

interface IBalance {
    function balanceOf(address account) external view returns (uint256);
}

/// @dev People make, claim, draw, settle, withdraw and refund packets of coin and of three odd tokens, with and without
/// the right, while the tokens change fees, balances and whom they pay. One of the people is a contract with moods.
contract PacketHandler is Test {
    uint256 public constant PEOPLE = 5;
    uint256 public constant MOST_PACKETS = 5;
    /// @dev The person whose wallet is the contract, and the one whom the silent token blocks at times.
    uint256 private constant CONTRACT_PERSON = 4;
    uint256 private constant BLOCKED_PERSON = 3;
    uint256 private constant PACKET_KEY = 77;
    uint256 private constant CHAIN_LENGTH = 100;

    RedPackets public immutable packets;
    SilentToken public immutable silent = new SilentToken(0);
    FeeToken public immutable charging = new FeeToken();
    RebasingToken public immutable rebasing = new RebasingToken();
    AccountMock public immutable account = new AccountMock(vm.addr(ownerKey(CONTRACT_PERSON)));

    /// @dev By packet: what came in, what went out, who claimed, in order.
    mapping(uint256 id => uint256) public cameIn;
    mapping(uint256 id => uint256) public wentOut;
    mapping(uint256 id => uint256[]) public claimants;

    address private immutable _test = msg.sender;

    constructor() {
        IdentityRegistry registry = new IdentityRegistry(1 days, 1 days);
        packets = new RedPackets(registry);
        for (uint256 i; i < PEOPLE; ++i) enrol(registry, i);
        for (uint256 i; i < BLOCKED_PERSON; ++i) {
            address creator = walletAt(i);
            vm.deal(creator, 1e30);
            silent.mint(creator, 1e30);
            charging.mint(creator, 1e30);
            rebasing.mint(creator, 1e30);
            vm.prank(creator);
            silent.approve(address(packets), type(uint256).max);
            vm.prank(creator);
            charging.approve(address(packets), type(uint256).max);
            vm.prank(creator);
            rebasing.approve(address(packets), type(uint256).max);
        }
    }

    function create(uint256 by, uint256 asset, uint256 amount, uint256 shares, bool lucky, uint256 lifetime) external {
        if (count() == MOST_PACKETS) return;
        address token = tokenAt(asset);
        amount = within(amount, 0, asset % 2 == 0 ? 12 : 1e18);
        shares = within(shares, 1, PEOPLE + 1);
        IRedPackets.Terms memory terms = IRedPackets.Terms(
            token,
            amount,
            uint8(shares),
            uint40(now_() + within(lifetime, 1, 3 days)),
            vm.addr(PACKET_KEY),
            lucky ? HashChain.climb(secretOf(count() + 1), CHAIN_LENGTH) : bytes32(0)
        );
        address creator = walletAt(by % BLOCKED_PERSON);
        vm.prank(creator);
        try packets.create{value: token == address(0) ? amount : 0}(terms) returns (PacketId packetId) {
            uint256 id = PacketId.unwrap(packetId);
            equal(id, count(), "numbers count up");
            cameIn[id] = packets.packet(packetId).total;
            holds(cameIn[id] >= shares, "a packet of dust");
        } catch {
            // A fee may take what was enough.
            holds(amount < 2 * shares, "a rightful packet was refused");
        }
    }

    /// @dev `fault`: 0 another packet key, 1 another controller, 2 another recipient, more: none.
    function claim(uint256 pick, uint256 person, uint256 fault) external {
        if (count() == 0) return;
        uint256 id = within(pick, 1, count());
        person %= PEOPLE;
        fault %= 12;
        IRedPackets.Packet memory packet = packetAt(id);
        bool allowed = fault > 2 &&
            now_() < packet.expiresAt &&
            packet.issued < packet.shares &&
            packets.ticket(PacketId.wrap(uint64(id)), idOf(person)).ordinal == 0;
        bytes32 digest = claimDigest(id, person, walletAt(fault == 2 ? person + 1 : person));
        IRedPackets.CompactSignature memory byKey = sign(fault == 0 ? PACKET_KEY + 1 : PACKET_KEY, digest);
        IRedPackets.CompactSignature memory byController = sign(controllerKey(fault == 1 ? person + 1 : person), digest);
        uint256 before = held(id);
        try packets.claim(PacketId.wrap(uint64(id)), idOf(person), byKey, byController) {
            holds(allowed, "claimed without the right");
            claimants[id].push(person);
            wentOut[id] += before - held(id);
        } catch {
            holds(!allowed, "a rightful claim was refused");
        }
    }

    function draw(uint256 pick, uint256 batch, bool guessed) external {
        if (count() == 0) return;
        uint256 id = within(pick, 1, count());
        IRedPackets.Packet memory packet = packetAt(id);
        IdentityId[] memory who = waiting(id, packet, batch);
        bool allowed = packet.lucky && !guessed && who.length > 0;
        for (uint256 i; i < who.length; ++i) {
            uint256 since = packets.ticket(PacketId.wrap(uint64(id)), who[i]).blockNumber;
            if (vm.getBlockNumber() < since + 2 || vm.getBlockNumber() > since + 200) allowed = false;
        }
        bytes32 link = HashChain.climb(secretOf(id), CHAIN_LENGTH - packet.paid - who.length);
        if (guessed) link = keccak256(abi.encode(link, "guess"));
        uint256 before = held(id);
        try packets.draw(PacketId.wrap(uint64(id)), link, who) {
            holds(allowed, "drawn without the right");
            expectShares(id, packet, who.length, 2 * (packet.total / packet.shares));
            wentOut[id] += before - held(id);
        } catch {
            holds(!allowed, "a rightful draw was refused");
        }
    }

    function settle(uint256 pick, uint256 batch) external {
        if (count() == 0) return;
        uint256 id = within(pick, 1, count());
        IRedPackets.Packet memory packet = packetAt(id);
        IdentityId[] memory who = waiting(id, packet, batch);
        bool allowed = who.length > 0;
        if (allowed && packet.lucky) {
            uint256 since = packets.ticket(PacketId.wrap(uint64(id)), who[0]).blockNumber;
            allowed = vm.getBlockNumber() > since + 200;
        }
        uint256 before = held(id);
        try packets.settle(PacketId.wrap(uint64(id)), who) {
            holds(allowed, "settled without the right");
            uint256 mean = packet.left / (packet.shares - packet.paid);
            expectShares(id, packet, who.length, mean + 1);
            wentOut[id] += before - held(id);
        } catch {
            holds(!allowed, "a rightful settlement was refused");
        }
    }

    function withdraw(uint256 pick, uint256 person) external {
        if (count() == 0) return;
        withdrawAs(within(pick, 1, count()), person % PEOPLE);
    }

    function refund(uint256 pick, uint256 by) external {
        if (count() == 0) return;
        refundBy(within(pick, 1, count()), walletAt(by % PEOPLE), walletAt(by / PEOPLE));
    }

    function changeTokens(uint256 scale, bool fee, bool blocked, uint8 temper) external {
        rebasing.setScale(within(scale, 5e17, 2e18));
        charging.setTakesFee(fee);
        silent.setBlocked(walletAt(BLOCKED_PERSON), blocked);
        account.setTemper(temper % 3);
    }

    function wait_(uint256 duration, uint256 blocks) external {
        vm.warp(now_() + within(duration, 1, 1 days));
        vm.roll(vm.getBlockNumber() + (blocks % 4 == 0 ? within(blocks, 150, 260) : within(blocks, 1, 3)));
    }

    /// @dev Whatever happened: after expiry and the time for revealing, everything leaves every packet. For the end of a run:
    /// there would be little to do after it. (The fuzzer may guess the sender; what it finds then has to hold as well.)
    function emptyAll() external {
        if (msg.sender != _test) return;
        vm.warp(now_() + 4 days);
        vm.roll(vm.getBlockNumber() + 201);
        silent.setBlocked(walletAt(BLOCKED_PERSON), false);
        for (uint256 id = 1; id <= count(); ++id) {
            IRedPackets.Packet memory packet = packetAt(id);
            IdentityId[] memory who = waiting(id, packet, type(uint256).max - 1);
            uint256 before = held(id);
            if (who.length > 0) packets.settle(PacketId.wrap(uint64(id)), who);
            wentOut[id] += before - held(id);
            for (uint256 person; person < PEOPLE; ++person) withdrawAs(id, person);
            uint256 leftOver = packet.token == address(0) ? packetAt(id).left : held(id);
            if (leftOver > 0) refundBy(id, packet.creator, packet.creator);
            if (packet.token != address(0)) equal(held(id), 0, "a vault is not empty");
            // Of a token that shrank, claims may outlive it; nothing else does.
            if (packet.token == address(rebasing)) continue;
            equal(packetAt(id).left + packetAt(id).kept, 0, "something is left");
        }
        equal(address(packets).balance, 0, "coin is left");
    }

    function count() public view returns (uint256) {
        return packets.packetCount();
    }

    function packetAt(uint256 id) public view returns (IRedPackets.Packet memory) {
        return packets.packet(PacketId.wrap(uint64(id)));
    }

    /// @dev Of a packet of coin: of all packets of coin.
    function held(uint256 id) public view returns (uint256) {
        address token = packetAt(id).token;
        if (token == address(0)) return address(packets).balance;
        return IBalance(token).balanceOf(packets.vaultOf(PacketId.wrap(uint64(id))));
    }

    function walletAt(uint256 person) public view returns (address) {
        person %= PEOPLE;
        return person == CONTRACT_PERSON ? address(account) : vm.addr(ownerKey(person));
    }

    function idOf(uint256 person) public pure returns (IdentityId) {
        return IdentityId.wrap(uint64(person + 1));
    }

    function withdrawAs(uint256 id, uint256 person) private {
        PacketId packetId = PacketId.wrap(uint64(id));
        uint256 kept = packets.keptFor(packetId, walletAt(person));
        uint256 before = held(id);
        bool allowed = kept > 0 && before > 0;
        vm.prank(walletAt(person));
        try packets.withdraw(packetId, walletAt(0)) {
            holds(allowed, "withdrew without the right");
            wentOut[id] += before - held(id);
            equal(kept - packets.keptFor(packetId, walletAt(person)), kept < before ? kept : before, "what was kept");
        } catch {
            holds(!allowed, "a rightful withdrawal was refused");
        }
    }

    function refundBy(uint256 id, address by, address to) private {
        IRedPackets.Packet memory packet = packetAt(id);
        uint256 before = held(id);
        uint256 due = packet.left;
        if (packet.token != address(0)) due = before > packet.kept ? before - packet.kept : 0;
        bool allowed = (by == packet.creator || to == packet.creator) &&
            packet.issued == packet.paid &&
            (now_() >= packet.expiresAt || packet.paid == packet.shares) &&
            due > 0;
        // The contract and the blocked person may refuse what is sent to them; the creator can send it elsewhere.
        bool refuses = to == walletAt(CONTRACT_PERSON) || to == walletAt(BLOCKED_PERSON);
        vm.prank(by);
        try packets.refund(PacketId.wrap(uint64(id)), to) {
            holds(allowed, "refunded without the right");
            wentOut[id] += before - held(id);
        } catch {
            holds(!allowed || refuses, "a rightful refund was refused");
        }
    }

    function expectShares(uint256 id, IRedPackets.Packet memory before, uint256 many, uint256 most) private view {
        IRedPackets.Packet memory afterwards = packetAt(id);
        equal(afterwards.paid, before.paid + many, "as many as were asked for");
        uint256 paid = before.left - afterwards.left;
        holds(paid >= many, "at least a unit each");
        holds(paid <= many * most, "at most so much each");
        if (afterwards.paid == afterwards.shares) equal(afterwards.left, 0, "the last share is the rest");
    }

    function waiting(
        uint256 id,
        IRedPackets.Packet memory packet,
        uint256 batch
    ) private view returns (IdentityId[] memory who) {
        uint256 pending = packet.issued - packet.paid;
        who = new IdentityId[](batch == type(uint256).max - 1 ? pending : within(batch, 0, pending));
        for (uint256 i; i < who.length; ++i) who[i] = idOf(claimants[id][packet.paid + i]);
    }

    function tokenAt(uint256 index) private view returns (address) {
        index %= 4;
        if (index == 0) return address(0);
        return index == 1 ? address(silent) : index == 2 ? address(charging) : address(rebasing);
    }

    function secretOf(uint256 id) private pure returns (bytes32) {
        return keccak256(abi.encode("secret", id));
    }

    function ownerKey(uint256 person) private pure returns (uint256) {
        return 3_000_000 + person;
    }

    function controllerKey(uint256 person) private pure returns (uint256) {
        return 4_000_000 + (person % PEOPLE);
    }

    function sign(uint256 key, bytes32 digest) private pure returns (IRedPackets.CompactSignature memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return IRedPackets.CompactSignature(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    function claimDigest(uint256 id, uint256 person, address recipient) private view returns (bytes32) {
        bytes32 claimType = keccak256("Claim(uint64 packetId,uint64 identityId,address recipient)");
        bytes32 structHash = keccak256(abi.encode(claimType, id, idOf(person), recipient));
        return digestOf("Skrumble RedPackets", address(packets), structHash);
    }

    function digestOf(string memory name, address verifier, bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                verifier
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    /// @dev Registers a person: commitment, a block later the reveal.
    function enrol(IdentityRegistry registry, uint256 person) private {
        IIdentityRegistry.Registration memory r = IIdentityRegistry.Registration(
            walletAt(person),
            string.concat("person-", string(abi.encodePacked(bytes1(uint8(0x61 + person))))),
            keccak256(abi.encode("public", person)),
            keccak256(abi.encode("agreement", person)),
            vm.addr(controllerKey(person)),
            0,
            now_() + 1 days
        );
        bytes32 nameHash = keccak256(bytes(r.name));
        registry.commit(keccak256(abi.encode(nameHash, r.owner, r.publicId, bytes32(0))));
        pass(1);
        bytes32 structHash = keccak256(
            abi.encode(
                IdentityTypes.REGISTRATION,
                r.owner,
                nameHash,
                r.publicId,
                r.agreementKey,
                r.controller,
                r.deviceRoot,
                r.deadline
            )
        );
        bytes32 digest = digestOf("Skrumble IdentityRegistry", address(registry), structHash);
        (uint8 v, bytes32 sr, bytes32 s) = vm.sign(ownerKey(person), digest);
        registry.registerFor(r, 0, new bytes32[](0), abi.encodePacked(sr, s, v));
    }
}
