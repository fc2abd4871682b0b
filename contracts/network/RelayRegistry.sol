// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IRelayRegistry} from "../interfaces/IRelayRegistry.sol";
import {Governed} from "../libraries/Governed.sol";
import {RelayId, NO_RELAY} from "../types/RelayId.sol";

/// @title Relay registry
contract RelayRegistry is IRelayRegistry, Governed, EIP712, ReentrancyGuardTransient {
    using EnumerableSet for EnumerableSet.UintSet;
    using SafeERC20 for IERC20;

    uint8 private constant ROLE_ANCHOR = 2;
    uint8 private constant ALL_ROLES = 31;
    uint256 private constant MAX_REGION = 32;
    uint256 private constant MAX_ENDPOINT = 256;
    bytes32 private constant ANCHOR_KEY = keccak256("AnchorKey(address operator)");

    /// @inheritdoc IRelayRegistry
    IERC20 public immutable token;

    /// @inheritdoc IRelayRegistry
    uint64 public immutable unbondingDelay;

    /// @inheritdoc IRelayRegistry
    uint256 public minimumStake;

    uint32 private _lastId;
    mapping(RelayId relayId => Relay) private _relays;
    mapping(address anchorKey => RelayId) private _byAnchorKey;
    EnumerableSet.UintSet private _active;

    modifier onlyOperator(RelayId relayId) {
        if (_existing(relayId).operator != msg.sender) revert RelayNotOperator(relayId, msg.sender);
        _;
    }

    /// @param token_ SKM.
    /// @param governor Account (a TimelockController) that sets the stake asked of new relays.
    /// @param minimumStake_ First minimum stake, in 1e-18 SKM.
    /// @param unbondingDelay_ Seconds between leaving and withdrawing, at most a year.
    constructor(
        IERC20 token_,
        address governor,
        uint256 minimumStake_,
        uint64 unbondingDelay_
    ) Governed(governor) EIP712("Skrumble RelayRegistry", "1") {
        if (unbondingDelay_ == 0 || unbondingDelay_ > 365 days) revert RelayInvalidDelay();
        token = token_;
        unbondingDelay = unbondingDelay_;
        _setMinimumStake(minimumStake_);
    }

    /// @inheritdoc IRelayRegistry
    function register(
        RelayConfig calldata config,
        uint256 stake,
        bytes calldata anchorSignature
    ) external nonReentrant returns (RelayId relayId) {
        // The stake is known only when it has arrived; the guard keeps a token that calls back from seeing less.
        uint256 received = _receive(stake);
        if (received < minimumStake) revert RelayStakeTooLow(received, minimumStake);
        relayId = RelayId.wrap(++_lastId);
        _active.add(RelayId.unwrap(relayId));
        Relay storage entry = _relays[relayId];
        entry.operator = msg.sender;
        entry.stake = received;
        emit RelayRegistered(relayId, msg.sender, received);
        _configure(relayId, config, anchorSignature);
    }

    /// @inheritdoc IRelayRegistry
    function update(
        RelayId relayId,
        RelayConfig calldata config,
        bytes calldata anchorSignature
    ) external onlyOperator(relayId) {
        _requireActive(relayId);
        _configure(relayId, config, anchorSignature);
    }

    /// @inheritdoc IRelayRegistry
    function addStake(RelayId relayId, uint256 amount) external nonReentrant onlyOperator(relayId) {
        _requireActive(relayId);
        uint256 received = _receive(amount);
        _relays[relayId].stake += received;
        emit RelayStakeAdded(relayId, received);
    }

    /// @inheritdoc IRelayRegistry
    function requestUnbond(RelayId relayId) external onlyOperator(relayId) {
        _requireActive(relayId);
        uint64 unbondingAt = uint64(block.timestamp) + unbondingDelay;
        _relays[relayId].unbondingAt = unbondingAt;
        _active.remove(RelayId.unwrap(relayId));
        emit RelayUnbonding(relayId, unbondingAt);
    }

    /// @inheritdoc IRelayRegistry
    function withdraw(RelayId relayId, address to) external nonReentrant onlyOperator(relayId) {
        if (to == address(0) || to == address(this)) revert RelayInvalidRecipient();
        Relay storage entry = _relays[relayId];
        uint64 unbondingAt = entry.unbondingAt;
        if (unbondingAt == 0) revert RelayNotUnbonding(relayId);
        if (block.timestamp < unbondingAt) revert RelayStillBonded(relayId, unbondingAt);
        uint256 stake = entry.stake;
        _byAnchorKey[entry.anchorKey] = NO_RELAY;
        delete _relays[relayId];
        emit RelayWithdrawn(relayId, to, stake);
        token.safeTransfer(to, stake);
    }

    /// @inheritdoc IRelayRegistry
    function setMinimumStake(uint256 amount) external onlyRole(GOVERNOR_ROLE) {
        _setMinimumStake(amount);
    }

    /// @inheritdoc IRelayRegistry
    function relay(RelayId relayId) external view returns (Relay memory) {
        return _existing(relayId);
    }

    /// @inheritdoc IRelayRegistry
    function activeRelays(uint256 offset, uint256 limit) external view returns (ListedRelay[] memory list) {
        uint256 count = _active.length();
        uint256 left = offset < count ? count - offset : 0;
        list = new ListedRelay[](limit < left ? limit : left);
        for (uint256 i; i < list.length; ++i) {
            RelayId relayId = RelayId.wrap(uint32(_active.at(offset + i)));
            list[i] = ListedRelay(relayId, _relays[relayId]);
        }
    }

    /// @inheritdoc IRelayRegistry
    function activeRelayCount() external view returns (uint256) {
        return _active.length();
    }

    /// @inheritdoc IRelayRegistry
    function relayByAnchorKey(address anchorKey) external view returns (RelayId) {
        return _byAnchorKey[anchorKey];
    }

    /// @inheritdoc IRelayRegistry
    function activeAnchor(address anchorKey) external view returns (RelayId) {
        RelayId relayId = _byAnchorKey[anchorKey];
        Relay storage entry = _relays[relayId];
        bool may = entry.unbondingAt == 0 && entry.roles & ROLE_ANCHOR != 0;
        return may ? relayId : NO_RELAY;
    }

    function _configure(RelayId relayId, RelayConfig calldata config, bytes calldata anchorSignature) private {
        if (config.roles == 0 || config.roles > ALL_ROLES) revert RelayInvalidRoles(config.roles);
        _requireLength(config.region, MAX_REGION);
        _requireLength(config.endpoint, MAX_ENDPOINT);
        if (config.signingKey == 0) revert RelayMissingSigningKey();
        if (config.roles & ROLE_ANCHOR != 0 && config.anchorKey == address(0)) revert RelayMissingAnchorKey();
        Relay storage entry = _relays[relayId];
        if (config.anchorKey != entry.anchorKey) _changeAnchorKey(relayId, config.anchorKey, anchorSignature);
        entry.roles = config.roles;
        entry.signingKey = config.signingKey;
        entry.region = config.region;
        entry.endpoint = config.endpoint;
        emit RelayUpdated(relayId, config);
    }

    function _changeAnchorKey(RelayId relayId, address anchorKey, bytes calldata signature) private {
        _byAnchorKey[_relays[relayId].anchorKey] = NO_RELAY;
        _relays[relayId].anchorKey = anchorKey;
        if (anchorKey == address(0)) return;
        if (_byAnchorKey[anchorKey] != NO_RELAY) revert RelayAnchorKeyTaken(anchorKey);
        _byAnchorKey[anchorKey] = relayId;
        if (anchorKey != msg.sender) {
            bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(ANCHOR_KEY, msg.sender)));
            bool valid = SignatureChecker.isValidSignatureNowCalldata(anchorKey, digest, signature);
            if (!valid) revert RelayInvalidAnchorSignature(anchorKey);
        }
    }

    /// @dev What counts is what arrived, not what was asked for.
    function _receive(uint256 amount) private returns (uint256) {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        return token.balanceOf(address(this)) - before;
    }

    function _setMinimumStake(uint256 amount) private {
        minimumStake = amount;
        emit MinimumStakeChanged(amount);
    }

    function _existing(RelayId relayId) private view returns (Relay storage entry) {
        entry = _relays[relayId];
        if (entry.operator == address(0)) revert RelayUnknown(relayId);
    }

    function _requireActive(RelayId relayId) private view {
        if (_relays[relayId].unbondingAt != 0) revert RelayAlreadyUnbonding(relayId);
    }

    function _requireLength(string calldata text, uint256 most) private pure {
        uint256 length = bytes(text).length;
        if (length == 0 || length > most) revert RelayInvalidText(length);
    }
}
