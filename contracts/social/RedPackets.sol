// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IRedPackets} from "../interfaces/IRedPackets.sol";
import {HashChain} from "../libraries/HashChain.sol";
import {LuckySplit} from "../libraries/LuckySplit.sol";
import {Payout} from "../libraries/Payout.sol";
import {SignedTransfer} from "../libraries/SignedTransfer.sol";
import {IdentityId} from "../types/IdentityId.sol";
import {PacketId} from "../types/PacketId.sol";
import {PacketVault} from "./PacketVault.sol";
import {PacketStore} from "./PacketStore.sol";

/// @title Red packets
/// @dev Storage and reads are in PacketStore, the cutting and picking of shares in LuckySplit.
contract RedPackets is PacketStore, EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @inheritdoc IRedPackets
    uint256 public constant REVEAL_WINDOW = 200;

    uint256 private constant MAX_SHARES = 100;
    uint256 private constant MAX_LIFETIME = 365 days;
    bytes32 private constant PACKET =
        keccak256(
            "Packet(address token,uint256 amount,uint8 shares,uint40 expiresAt,address key,bytes32 chainHead)"
        );
    bytes32 private constant CLAIM = keccak256("Claim(uint64 packetId,uint64 identityId,address recipient)");

    /// @inheritdoc IRedPackets
    IIdentityRegistry public immutable identityRegistry;

    /// @param identityRegistry_ Registry whose identities may claim.
    constructor(IIdentityRegistry identityRegistry_) EIP712("Skrumble RedPackets", "1") {
        identityRegistry = identityRegistry_;
    }

    /// @inheritdoc IRedPackets
    function create(Terms calldata terms) external payable nonReentrant returns (PacketId packetId) {
        packetId = _number(terms);
        _open(packetId, terms, msg.sender, _receive(packetId, terms.token, terms.amount));
    }

    /// @inheritdoc IRedPackets
    function createFor(
        Terms calldata terms,
        address creator,
        uint256 validAfter,
        uint256 validBefore,
        bytes calldata signature
    ) external nonReentrant returns (PacketId packetId) {
        if (terms.token == address(0)) revert PacketMissingToken();
        if (creator == address(0)) revert PacketMissingCreator();
        packetId = _number(terms);
        PacketVault vault = _deployVault(packetId, terms.token);
        SignedTransfer.Authorisation memory authorisation = SignedTransfer.Authorisation(
            creator,
            terms.amount,
            validAfter,
            validBefore,
            nonceOf(terms)
        );
        uint256 arrived = SignedTransfer.take(terms.token, authorisation, signature);
        IERC20(terms.token).safeTransfer(address(vault), arrived);
        _open(packetId, terms, creator, IERC20(terms.token).balanceOf(address(vault)));
    }

    /// @inheritdoc IRedPackets
    function claim(
        PacketId packetId,
        IdentityId identityId,
        CompactSignature calldata byKey,
        CompactSignature calldata byController
    ) external nonReentrant {
        Record storage record = _records[packetId];
        Gate memory gate = record.gate;
        if (gate.key == address(0)) revert PacketUnknown(packetId);
        if (block.timestamp >= gate.expiresAt) revert PacketExpired(packetId, gate.expiresAt);
        Ticket storage taken = _tickets[packetId][identityId];
        if (taken.ordinal != 0) revert PacketAlreadyClaimed(packetId, identityId);
        if (gate.issued == gate.shares) revert PacketEmpty(packetId);
        (address owner, address controller) = identityRegistry.activeKeys(identityId);
        if (controller == address(0)) revert PacketNotEligible(identityId);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(CLAIM, packetId, identityId, owner)));
        _requireSignature(gate.key, digest, byKey);
        _requireSignature(controller, digest, byController);

        uint8 ordinal = gate.issued + 1;
        record.gate.issued = ordinal;
        (taken.recipient, taken.blockNumber, taken.ordinal) = (owner, uint40(block.number), ordinal);
        emit PacketClaimed(packetId, identityId, owner, ordinal);
        if (gate.lucky) return;
        Purse memory purse = record.purse;
        // Where luck is over, older tickets may be waiting to be settled; this one then waits behind them.
        if (purse.paid + 1 != ordinal) return;
        (IdentityId[] memory identityIds, address[] memory recipients, uint256[] memory amounts) = (
            new IdentityId[](1),
            new address[](1),
            new uint256[](1)
        );
        (identityIds[0], recipients[0], amounts[0]) = (identityId, owner, _takeEqualShare(purse));
        record.purse = purse;
        emit PacketPaid(packetId, identityIds, amounts);
        _payAll(packetId, record.token, recipients, amounts);
    }

    /// @inheritdoc IRedPackets
    function draw(PacketId packetId, bytes32 link, IdentityId[] calldata identityIds) external nonReentrant {
        Record storage record = _records[packetId];
        Purse memory purse = _purseWithTickets(packetId, identityIds.length);
        if (!purse.lucky) revert PacketLuckIsOver(packetId);
        bytes32[] memory links = HashChain.unfold(link, identityIds.length);
        if (HashChain.climb(links[0], uint256(purse.paid) + 1) != record.chainHead) {
            revert PacketInvalidLink(packetId, link);
        }
        Luck memory luck = record.luck;
        uint256[] memory amounts = new uint256[](identityIds.length);
        address[] memory recipients = new address[](identityIds.length);
        for (uint256 i; i < amounts.length; ++i) {
            Ticket memory next = _nextTicket(packetId, identityIds[i], purse.paid);
            bytes32 random = Hashes.efficientKeccak256(links[i], _hashAfter(packetId, next));
            if (next.ordinal == 1) {
                luck.seed = uint128(uint256(random) >> 128);
                record.luck = luck;
            }
            (recipients[i], amounts[i]) = (next.recipient, _takePart(purse, luck, uint128(uint256(random))));
        }
        record.purse = purse;
        emit PacketPaid(packetId, identityIds, amounts);
        _payAll(packetId, record.token, recipients, amounts);
    }

    /// @inheritdoc IRedPackets
    function settle(PacketId packetId, IdentityId[] calldata identityIds) external nonReentrant {
        Record storage record = _records[packetId];
        Purse memory purse = _purseWithTickets(packetId, identityIds.length);
        uint256[] memory amounts = new uint256[](identityIds.length);
        address[] memory recipients = new address[](identityIds.length);
        for (uint256 i; i < amounts.length; ++i) {
            Ticket memory next = _nextTicket(packetId, identityIds[i], purse.paid);
            if (purse.lucky) {
                uint256 firstBlock = next.blockNumber + REVEAL_WINDOW + 1;
                if (block.number < firstBlock) revert PacketTooEarlyToSettle(packetId, firstBlock);
                // For good: a creator who withholds a link because of what it would bring has no second choice.
                (purse.lucky, record.gate.lucky) = (false, false);
                emit PacketLuckOver(packetId);
            }
            (recipients[i], amounts[i]) = (next.recipient, _takeEqualShare(purse));
        }
        record.purse = purse;
        emit PacketPaid(packetId, identityIds, amounts);
        _payAll(packetId, record.token, recipients, amounts);
    }

    /// @inheritdoc IRedPackets
    function withdraw(PacketId packetId, address to) external nonReentrant {
        uint256 kept = _kept[packetId][msg.sender];
        if (kept == 0) revert PacketNothingKept(packetId, msg.sender);
        Record storage record = _records[packetId];
        address token = record.token;
        uint256 amount = token == address(0) ? kept : Math.min(kept, _balance(packetId, token));
        if (amount == 0) revert PacketNothingLeft(packetId);
        _kept[packetId][msg.sender] = kept - amount;
        record.kept -= amount;
        emit PacketWithdrawn(packetId, msg.sender, to, amount);
        _send(packetId, token, to, amount);
    }

    /// @inheritdoc IRedPackets
    function refund(PacketId packetId, address to) external nonReentrant {
        Record storage record = _existing(packetId);
        Gate memory gate = record.gate;
        Purse memory purse = record.purse;
        if (to != record.creator && msg.sender != record.creator) revert PacketInvalidRecipient(to);
        if (gate.issued != purse.paid) revert PacketTicketsPending(packetId, gate.issued - purse.paid);
        if (block.timestamp < gate.expiresAt && purse.paid < purse.shares) {
            revert PacketNotExpired(packetId, gate.expiresAt);
        }
        address token = record.token;
        // Of a token, all that nobody else is owed: also what rebasing or a gift added, and no more than there is.
        uint256 amount = token == address(0)
            ? purse.left
            : Math.saturatingSub(_balance(packetId, token), record.kept);
        if (amount == 0) revert PacketNothingLeft(packetId);
        record.purse.left = 0;
        emit PacketRefunded(packetId, to, amount);
        _send(packetId, token, to, amount);
    }

    /// @inheritdoc IRedPackets
    function nonceOf(Terms calldata terms) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(PACKET, terms)));
    }

    function _number(Terms calldata terms) private returns (PacketId) {
        if (terms.shares == 0 || terms.shares > MAX_SHARES) revert PacketInvalidShares(terms.shares);
        if (terms.expiresAt <= block.timestamp || terms.expiresAt > block.timestamp + MAX_LIFETIME) {
            revert PacketInvalidExpiry(terms.expiresAt);
        }
        if (terms.key == address(0)) revert PacketMissingKey();
        return PacketId.wrap(++packetCount);
    }

    /// @dev The amount is known only when it has arrived; the guard keeps a token that calls back from seeing less.
    function _open(PacketId packetId, Terms calldata terms, address creator, uint256 amount) private {
        if (amount > type(uint128).max) revert PacketAmountTooLarge(amount);
        if (amount < terms.shares) revert PacketDust(amount, terms.shares);
        bool lucky = terms.chainHead != 0;
        Record storage record = _records[packetId];
        record.gate = Gate(terms.key, terms.expiresAt, terms.shares, 0, lucky);
        record.purse = Purse(uint128(amount), 0, terms.shares, 0, lucky);
        record.luck.total = uint128(amount);
        record.token = terms.token;
        record.creator = creator;
        record.chainHead = terms.chainHead;
        emit PacketCreated(
            packetId,
            creator,
            terms.token,
            amount,
            terms.shares,
            terms.expiresAt,
            terms.key,
            terms.chainHead
        );
    }

    /// @dev What counts is what arrived, not what was asked for.
    function _receive(PacketId packetId, address token, uint256 amount) private returns (uint256) {
        uint256 expected = token == address(0) ? amount : 0;
        if (msg.value != expected) revert PacketInvalidValue(msg.value, expected);
        if (token == address(0)) return amount;
        PacketVault vault = _deployVault(packetId, token);
        IERC20(token).safeTransferFrom(msg.sender, address(vault), amount);
        return IERC20(token).balanceOf(address(vault));
    }

    function _deployVault(PacketId packetId, address token) private returns (PacketVault) {
        return new PacketVault{salt: _salt(packetId)}(IERC20(token));
    }

    /// @dev Hash of the block after the ticket's, which the ticket's own block could not know.
    function _hashAfter(PacketId packetId, Ticket memory next) private view returns (bytes32) {
        uint256 firstBlock = uint256(next.blockNumber) + 2;
        uint256 lastBlock = next.blockNumber + REVEAL_WINDOW;
        if (block.number < firstBlock) revert PacketTooEarlyToDraw(packetId, next.ordinal, firstBlock);
        if (block.number > lastBlock) revert PacketTooLateToDraw(packetId, next.ordinal, lastBlock);
        // Never 0: within the 256 blocks whose hashes are known.
        return blockhash(next.blockNumber + 1);
    }

    function _takePart(Purse memory purse, Luck memory luck, uint128 random) private pure returns (uint256 amount) {
        unchecked {
            // No underflow: a ticket is next, so `paid` is below `shares`; parts add up to the total, and none is taken
            // twice, so `amount` is at most `left`.
            uint256 position = LuckySplit.pick(purse.taken, purse.shares, purse.shares - purse.paid, random);
            amount = LuckySplit.amountAt(luck.total, purse.shares, luck.seed, position);
            purse.taken |= uint104(1 << position);
            purse.left -= uint128(amount);
            ++purse.paid;
        }
    }

    function _takeEqualShare(Purse memory purse) private pure returns (uint256 amount) {
        amount = purse.left / (purse.shares - purse.paid);
        // Fits: not more than `left`.
        purse.left -= uint128(amount);
        ++purse.paid;
    }

    /// @dev Only after all state is written.
    function _payAll(
        PacketId packetId,
        address token,
        address[] memory recipients,
        uint256[] memory amounts
    ) private {
        address vault = _vaultFor(packetId, token);
        for (uint256 i; i < amounts.length; ++i) {
            _pay(packetId, token, vault, recipients[i], amounts[i]);
        }
    }

    function _pay(PacketId packetId, address token, address vault, address recipient, uint256 amount) private {
        bool paid = token == address(0)
            ? Payout.trySend(token, recipient, amount)
            : Payout.trySendFrom(token, vault, recipient, amount);
        if (paid) return;
        _kept[packetId][recipient] += amount;
        _records[packetId].kept += amount;
        emit PacketPaymentKept(packetId, recipient, amount);
    }

    /// @dev A payment on the payee's own word: when it fails, the call fails.
    function _send(PacketId packetId, address token, address to, uint256 amount) private {
        if (to == address(0) || to == address(this)) revert PacketInvalidRecipient(to);
        if (token == address(0)) Address.sendValue(payable(to), amount);
        else IERC20(token).safeTransferFrom(_vaultFor(packetId, token), to, amount);
    }

    function _balance(PacketId packetId, address token) private view returns (uint256) {
        return IERC20(token).balanceOf(_vaultFor(packetId, token));
    }

    function _requireSignature(address signer, bytes32 digest, CompactSignature calldata signature) private pure {
        (address recovered, , ) = ECDSA.tryRecover(digest, signature.r, signature.vs);
        if (recovered != signer) revert PacketInvalidSignature(signer);
    }
}
