// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {RelayId} from "../types/RelayId.sol";

/// @title Relay registry
/// @notice Who runs relays, where, with which keys and how much SKM at stake.
///
/// Administration: GOVERNOR_ROLE (a TimelockController) sets the stake asked of NEW relays, and nothing else: it can
/// neither remove a relay nor touch or delay a stake. There is no slashing.
///
/// An anchor key proves that it belongs to the operator with an EIP-712 signature, so that nobody can occupy somebody
/// else's key. Domain: {name: "Skrumble RelayRegistry", version: "1", chainId, verifyingContract}. Type, exactly:
///
/// - AnchorKey(address operator)
///
/// The signature may be empty when the anchor key is the operator itself, or is 0 (no anchor role).
/// Endpoints and signing keys are claims of the operator: a client checks the signing key when it connects.
///
/// Roles, a bit each: 1 mailbox, 2 anchor, 4 TURN, 8 bridge, 16 storage.
interface IRelayRegistry {
    /// @param operator Account that registered the relay; the stake returns on its word only.
    /// @param unbondingAt Unix seconds from which the stake can be withdrawn; 0 while active.
    /// @param roles Bit set, see above.
    /// @param anchorKey Account that writes this relay's session anchors; 0 for none.
    /// @param signingKey Ed25519 public key under which it signs storage receipts.
    /// @param stake SKM held for it, in 1e-18 SKM.
    /// @param region Short region name, e.g. "eu-central", 1 to 32 bytes.
    /// @param endpoint Base URL, 1 to 256 bytes.
    struct Relay {
        address operator;
        uint64 unbondingAt;
        uint8 roles;
        address anchorKey;
        bytes32 signingKey;
        uint256 stake;
        string region;
        string endpoint;
    }

    /// @notice What an operator decides about a relay.
    struct RelayConfig {
        uint8 roles;
        address anchorKey;
        bytes32 signingKey;
        string region;
        string endpoint;
    }

    /// @notice A relay with its number.
    struct ListedRelay {
        RelayId id;
        Relay relay;
    }

    event RelayRegistered(RelayId indexed relayId, address indexed operator, uint256 stake);
    event RelayUpdated(RelayId indexed relayId, RelayConfig config);
    event RelayStakeAdded(RelayId indexed relayId, uint256 amount);
    event RelayUnbonding(RelayId indexed relayId, uint64 unbondingAt);
    event RelayWithdrawn(RelayId indexed relayId, address indexed to, uint256 amount);
    event MinimumStakeChanged(uint256 amount);

    error RelayUnknown(RelayId relayId);
    error RelayNotOperator(RelayId relayId, address caller);
    error RelayInvalidRoles(uint8 roles);
    error RelayInvalidText(uint256 length);
    error RelayMissingSigningKey();
    error RelayMissingAnchorKey();
    error RelayAnchorKeyTaken(address anchorKey);
    error RelayInvalidAnchorSignature(address anchorKey);
    error RelayStakeTooLow(uint256 received, uint256 minimum);
    error RelayAlreadyUnbonding(RelayId relayId);
    error RelayNotUnbonding(RelayId relayId);
    error RelayStillBonded(RelayId relayId, uint256 unbondingAt);
    error RelayInvalidDelay();
    error RelayInvalidRecipient();

    /// @notice Register a relay for the caller, taking `stake` SKM (approved before) into custody.
    /// @param anchorSignature Signature (AnchorKey) by `config.anchorKey`, or empty, see above.
    function register(
        RelayConfig calldata config,
        uint256 stake,
        bytes calldata anchorSignature
    ) external returns (RelayId relayId);

    /// @notice Change an active relay. Operator only. `anchorSignature` is needed when the anchor key changes.
    function update(RelayId relayId, RelayConfig calldata config, bytes calldata anchorSignature) external;

    /// @notice Add to the stake of an active relay. Operator only.
    function addStake(RelayId relayId, uint256 amount) external;

    /// @notice Take the relay out of service and begin the unbonding delay. Operator only; nothing can refuse it.
    function requestUnbond(RelayId relayId) external;

    /// @notice Return the whole stake to `to` after the delay and forget the relay. Operator only.
    function withdraw(RelayId relayId, address to) external;

    /// @notice Set the stake asked of new relays, in 1e-18 SKM. GOVERNOR_ROLE only.
    function setMinimumStake(uint256 amount) external;

    /// @notice Reverts with RelayUnknown when there is no such relay.
    function relay(RelayId relayId) external view returns (Relay memory);

    /// @notice Up to `limit` active relays from place `offset`, in no particular order. The order may change when
    /// relays leave, so read the whole list in one block.
    function activeRelays(uint256 offset, uint256 limit) external view returns (ListedRelay[] memory);

    function activeRelayCount() external view returns (uint256);

    /// @notice The relay `anchorKey` writes for; 0 when there is none.
    function relayByAnchorKey(address anchorKey) external view returns (RelayId);

    /// @notice The same, if it is active and has the anchor role; else 0.
    function activeAnchor(address anchorKey) external view returns (RelayId);

    function token() external view returns (IERC20);

    function minimumStake() external view returns (uint256);

    /// @notice Seconds between leaving and withdrawing. Cannot be changed.
    function unbondingDelay() external view returns (uint64);
}
