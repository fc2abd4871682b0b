// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IdentityId} from "../types/IdentityId.sol";
import {PacketId} from "../types/PacketId.sol";
import {IIdentityRegistry} from "./IIdentityRegistry.sol";

/// @title Red packets
/// @notice A sum in up to 100 shares for the people of a conversation, equal or by luck. Nobody administers it: no role,
/// no owner, no fee, no pause. The message stays in the conversation; nothing of it is here.
///
/// Who may claim: whoever holds the packet key, a secp256k1 key carried in the encrypted message, and has an identity that
/// is not revoked. One share per identity. A claim is signed twice, by the packet key and by the identity's controller (the
/// key on each of its devices, so no wallet is asked), and anybody may submit it. The share goes to the identity's owner
/// wallet and nowhere else, so whoever makes somebody claim has given them a present.
/// Domain: {name: "Skrumble RedPackets", version: "1", chainId, verifyingContract}. Types, exactly:
///
/// - Claim(uint64 packetId,uint64 identityId,address recipient)
/// - Packet(address token,uint256 amount,uint8 shares,uint40 expiresAt,address key,bytes32 chainHead)
///
/// A packet of an EIP-3009 token can be made by signature: what the creator signs is the token's ReceiveWithAuthorization
/// to this contract, whose nonce is the EIP-712 digest of the Packet. So the one signature binds chain, contract and all
/// terms, the token lets it be used once, and whoever submits it can make no other packet of it.
///
/// `recipient` is the owner's wallet at the time of the claim. Signatures are compact (EIP-2098); a high s is refused.
///
/// Equal packets pay with the claim: what is left, divided by the shares left, rounded down.
///
/// Lucky packets pay in two steps, so that nobody knows an amount while they can still do something about it. A claim takes
/// a ticket: a number and a block. A draw pays tickets in the order of their numbers, by the creator's hash chain and the
/// hash of the block after the ticket:
///
///     link(0) = chainHead, link(k - 1) = keccak256(link(k)); the last link, as many as there are shares, is secret
///     random(k) = keccak256(link(k) ‖ blockhash(block of ticket k + 1))
///     seed = the higher 128 bits of random(1): it cuts the sum into parts, see LuckySplit
///     ticket k takes part number (lower 128 bits of random(k)) mod (parts left) of the parts left, in their order
///
/// The creator makes the chain at random, anew for each packet, and reveals link(k) when the block after ticket k is
/// there. A link reveals those before it, so one link draws a whole batch; it reveals none after it. Proposers of blocks do
/// not know the link when they make the block; the creator does not know the block when they make the chain.
/// When the oldest ticket has waited REVEAL_WINDOW blocks, luck is over for this packet: anybody may settle its tickets
/// with equal shares of what is left, and it goes on as an equal packet.
///
/// A payment that fails (the recipient or the token refuses it, or uses up more than 200,000 gas) is kept for the recipient
/// to withdraw. What nobody claimed goes back to the creator after expiry. Each packet's tokens lie in an account of its
/// own: what counts is what arrived there, and a token that changes balances changes those of its own packets only.
interface IRedPackets {
    /// @notice What a creator decides.
    /// @param token ERC-20 contract; 0 for the chain's own coin.
    /// @param amount To be taken from the creator, in base units, at most 2^128 - 1.
    /// @param shares 1 to 100.
    /// @param expiresAt Unix seconds; claims until the second before. At most 365 days ahead.
    /// @param key Address of the packet key.
    /// @param chainHead link(0) of the hash chain; 0 makes an equal packet.
    struct Terms {
        address token;
        uint256 amount;
        uint8 shares;
        uint40 expiresAt;
        address key;
        bytes32 chainHead;
    }

    /// @notice A secp256k1 signature as EIP-2098 has it.
    struct CompactSignature {
        bytes32 r;
        bytes32 vs;
    }

    /// @param creator Who paid, and gets back what is left.
    /// @param token As in Terms.
    /// @param key As in Terms.
    /// @param chainHead As in Terms.
    /// @param total What arrived.
    /// @param left What is not yet paid out, nor kept for somebody.
    /// @param kept What is kept for those whose payment failed.
    /// @param expiresAt As in Terms.
    /// @param shares As in Terms.
    /// @param issued How many have claimed.
    /// @param paid How many of them have their amount: the first ones.
    /// @param lucky Whether tickets are drawn. False for equal packets, and when luck is over.
    /// @param seed 128 bits that decide the parts; 0 before the first draw.
    /// @param taken Bit set of the parts taken.
    struct Packet {
        address creator;
        address token;
        address key;
        bytes32 chainHead;
        uint128 total;
        uint128 left;
        uint256 kept;
        uint40 expiresAt;
        uint8 shares;
        uint8 issued;
        uint8 paid;
        bool lucky;
        uint128 seed;
        uint104 taken;
    }

    /// @param recipient Who is paid.
    /// @param blockNumber Block of the claim.
    /// @param ordinal 1 for the first claim; 0 when there is none.
    struct Ticket {
        address recipient;
        uint40 blockNumber;
        uint8 ordinal;
    }

    event PacketCreated(
        PacketId indexed packetId,
        address indexed creator,
        address indexed token,
        uint256 amount,
        uint8 shares,
        uint40 expiresAt,
        address key,
        bytes32 chainHead
    );
    event PacketClaimed(
        PacketId indexed packetId,
        IdentityId indexed identityId,
        address recipient,
        uint256 ordinal
    );
    /// @notice The amounts of these shares are settled and paid, or kept if PacketPaymentKept says so afterwards.
    event PacketPaid(PacketId indexed packetId, IdentityId[] identityIds, uint256[] amounts);
    event PacketPaymentKept(PacketId indexed packetId, address indexed recipient, uint256 amount);
    event PacketLuckOver(PacketId indexed packetId);
    event PacketWithdrawn(PacketId indexed packetId, address indexed recipient, address to, uint256 amount);
    event PacketRefunded(PacketId indexed packetId, address to, uint256 amount);

    error PacketUnknown(PacketId packetId);
    error PacketInvalidShares(uint256 shares);
    error PacketInvalidExpiry(uint256 expiresAt);
    error PacketMissingKey();
    /// @dev Coin moves by a transaction of its owner only.
    error PacketMissingToken();
    error PacketMissingCreator();
    /// @dev Coin sent along with a token packet, or not as much as the terms say.
    error PacketInvalidValue(uint256 sent, uint256 expected);
    error PacketAmountTooLarge(uint256 amount);
    /// @dev Fewer units arrived than there are shares.
    error PacketDust(uint256 amount, uint256 shares);
    error PacketExpired(PacketId packetId, uint256 expiresAt);
    error PacketEmpty(PacketId packetId);
    error PacketAlreadyClaimed(PacketId packetId, IdentityId identityId);
    /// @dev No such identity, or it is revoked.
    error PacketNotEligible(IdentityId identityId);
    error PacketInvalidSignature(address expectedSigner);
    /// @dev An equal packet, or the creator let the time for revealing pass.
    error PacketLuckIsOver(PacketId packetId);
    error PacketInvalidLink(PacketId packetId, bytes32 link);
    /// @dev Not the ticket whose turn it is.
    error PacketNotNext(PacketId packetId, IdentityId identityId, uint256 ordinal, uint256 next);
    error PacketTooEarlyToDraw(PacketId packetId, uint256 ordinal, uint256 firstBlock);
    error PacketTooLateToDraw(PacketId packetId, uint256 ordinal, uint256 lastBlock);
    error PacketTooEarlyToSettle(PacketId packetId, uint256 firstBlock);
    error PacketNoTickets(PacketId packetId);
    error PacketNothingKept(PacketId packetId, address recipient);
    error PacketInvalidRecipient(address to);
    error PacketNotExpired(PacketId packetId, uint256 expiresAt);
    error PacketTicketsPending(PacketId packetId, uint256 count);
    error PacketNothingLeft(PacketId packetId);

    /// @notice Make a packet of the caller's money: coin sent along, or tokens approved before.
    function create(Terms calldata terms) external payable returns (PacketId packetId);

    /// @notice Make a packet of EIP-3009 tokens on their owner's signature. Anybody may submit.
    /// @param terms What was signed.
    /// @param creator Who signed and pays, and gets back what is left. As true as the token: one that lets itself be moved
    /// without its owner's word makes packets in anybody's name, of its own units.
    /// @param validAfter As signed; see IERC3009.
    /// @param validBefore As signed.
    /// @param signature ReceiveWithAuthorization of `terms.amount` from `creator` to this contract with `nonceOf(terms)`.
    function createFor(
        Terms calldata terms,
        address creator,
        uint256 validAfter,
        uint256 validBefore,
        bytes calldata signature
    ) external returns (PacketId packetId);

    /// @notice Take a share for an identity. Anybody may submit.
    /// @param packetId Which packet.
    /// @param identityId For whom.
    /// @param byKey Signature (Claim) by the packet key.
    /// @param byController Signature (Claim) by the identity's controller.
    function claim(
        PacketId packetId,
        IdentityId identityId,
        CompactSignature calldata byKey,
        CompactSignature calldata byController
    ) external;

    /// @notice Draw the oldest tickets and pay them. Anybody who knows the link; from the second block after the last of
    /// the tickets, at most REVEAL_WINDOW blocks after the first.
    /// @param packetId Which packet.
    /// @param link link(k), where k is the number of the last ticket drawn.
    /// @param identityIds Whose tickets, in the order of their numbers, from the oldest that is not paid.
    function draw(PacketId packetId, bytes32 link, IdentityId[] calldata identityIds) external;

    /// @notice Pay the oldest tickets equal shares of what is left, and end the packet's luck. Anybody; more than
    /// REVEAL_WINDOW blocks after the oldest ticket, or at any time when luck is over.
    /// @param packetId Which packet.
    /// @param identityIds Whose tickets, in the order of their numbers, from the oldest that is not paid.
    function settle(PacketId packetId, IdentityId[] calldata identityIds) external;

    /// @notice Send to `to` what is kept for the caller because its payment failed. If a token has shrunk and there is less
    /// than that, as much as there is.
    function withdraw(PacketId packetId, address to) external;

    /// @notice Send what is left to `to`. After expiry, or when all shares are paid (what a token added since); never while
    /// a ticket waits. By the creator to anybody, by anybody to the creator.
    function refund(PacketId packetId, address to) external;

    /// @notice The nonce with which a packet is authorised: the EIP-712 digest of its terms (Packet).
    function nonceOf(Terms calldata terms) external view returns (bytes32);

    /// @notice Reverts with PacketUnknown when there is no such packet.
    function packet(PacketId packetId) external view returns (Packet memory);

    /// @notice The claim of an identity; zeros when there is none.
    function ticket(PacketId packetId, IdentityId identityId) external view returns (Ticket memory);

    /// @notice What is kept for `recipient`.
    function keptFor(PacketId packetId, address recipient) external view returns (uint256);

    /// @notice The account that holds a packet's tokens. Reverts with PacketUnknown when there is no such packet.
    function vaultOf(PacketId packetId) external view returns (address);

    /// @notice How many packets were made; also the highest number given out.
    function packetCount() external view returns (uint64);

    function identityRegistry() external view returns (IIdentityRegistry);

    /// @notice Blocks a creator has to reveal.
    function REVEAL_WINDOW() external view returns (uint256);
}
