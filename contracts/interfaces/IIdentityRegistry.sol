// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IdentityId} from "../types/IdentityId.sol";

/// @title Identity registry
/// @notice Pseudonym -> public ID, owner wallet and devices. Nobody administers it: no role, no owner, no fee.
///
/// Everything an owner does is an EIP-712 signature that anybody may submit, so wallets are asked to sign and never to
/// send. EOA signatures (65 bytes) and EIP-1271 contract wallets are accepted.
/// Domain: {name: "Skrumble IdentityRegistry", version: "1", chainId, verifyingContract}. Types, exactly:
///
/// - Registration(address owner,string name,bytes32 publicId,bytes32 agreementKey,address controller,bytes32 deviceRoot,uint256 deadline)
/// - Rename(uint64 identityId,string name,uint256 nonce,uint256 deadline)
/// - Rotate(uint64 identityId,bytes32 publicId,bytes32 agreementKey,address controller,bytes32 deviceRoot,uint256 nonce,uint256 deadline)
/// - SetDevices(uint64 identityId,bytes32 deviceRoot,uint256 nonce,uint256 deadline)
/// - SetController(uint64 identityId,address controller,bytes32 deviceRoot,uint256 nonce,uint256 deadline)
/// - Revoke(uint64 identityId,uint256 nonce,uint256 deadline)
/// - SetRecovery(uint64 identityId,address recovery,uint256 nonce,uint256 deadline)
/// - StartRecovery(uint64 identityId,address newOwner,uint256 nonce,uint256 deadline)
/// - CancelRecovery(uint64 identityId,uint256 nonce,uint256 deadline)
/// - AcceptRecovery(uint64 identityId,uint256 nonce,uint256 deadline)
///
/// Nonces: Rename, Rotate, SetController, Revoke, SetRecovery and CancelRecovery use `ownerNonce`; SetDevices uses
/// `deviceNonce`; StartRecovery and AcceptRecovery use `recoveryNonce` (read it again after a start). They are counted
/// apart so that nobody holding a lesser key can make an owner's signature stale. Deadlines are Unix seconds, inclusive.
///
/// Names: 3 to 64 bytes of well-formed UTF-8 without ASCII capitals, spaces, control characters or '.'. ENSIP-15
/// normalisation is the client's duty on every write and every read: a name that is not its own normal form must be
/// ignored.
///
/// Commit and reveal: names and public IDs can be had once, so neither may be shown before it is spoken for.
/// `commit(commitment)` first, the reveal in a later block, at most a day later, with
/// commitment = keccak256(abi.encode(bytes32 keccak256(bytes(name)), address owner, bytes32 publicId, bytes32 secret)).
/// - registerFor: the name and the public ID to be registered;
/// - rename: the new name and the identity's present public ID;
/// - rotate: the identity's present name and the new public ID.
/// The secret is 32 random bytes, new for every commitment. A reveal that reverts has shown its public ID all the same:
/// whoever saw it can commit to it now and have it in the next block. Repeat the reveal at once or derive other keys.
///
/// Device root: device keys (Ed25519, 32 bytes), at most 64, strictly ascending as big-endian numbers;
/// leaf = keccak256(0x00 ‖ key); levels are built by pairing neighbours left to right, a pair hashes to
/// keccak256(min ‖ max), an odd last node moves up unchanged (OpenZeppelin MerkleProof verifies against it); no
/// devices give root 0. The contract computes the root from the list, so the two cannot disagree.
interface IIdentityRegistry {
    /// @param owner Wallet that decides about the identity.
    /// @param keyVersion 1 at registration, one more per rotation.
    /// @param registeredAt Unix seconds.
    /// @param revoked Whether the keys were thrown out and not yet replaced.
    /// @param controller secp256k1 address that may change devices: at first derived from the private ID. 0 while revoked.
    /// @param devicesBlock Block holding the DevicesChanged event with the present device list.
    /// @param publicId Ed25519 public key.
    /// @param agreementKey X25519 public key.
    /// @param deviceRoot Merkle root over the device keys, see above.
    /// @param saltName keccak256 of the name under which the present keys were derived.
    /// @param name The pseudonym.
    struct Identity {
        address owner;
        uint32 keyVersion;
        uint64 registeredAt;
        bool revoked;
        address controller;
        uint64 devicesBlock;
        bytes32 publicId;
        bytes32 agreementKey;
        bytes32 deviceRoot;
        bytes32 saltName;
        string name;
    }

    /// @notice What the owner signs to register; see the EIP-712 types above.
    struct Registration {
        address owner;
        string name;
        bytes32 publicId;
        bytes32 agreementKey;
        address controller;
        bytes32 deviceRoot;
        uint256 deadline;
    }

    /// @notice What the owner signs to replace the keys, besides nonce and deadline.
    struct Keys {
        bytes32 publicId;
        bytes32 agreementKey;
        address controller;
        bytes32 deviceRoot;
    }

    /// @param recovery Account that may start a recovery; 0 when none is set.
    /// @param newOwner Where a started recovery leads; 0 when none is pending.
    /// @param readyAt Unix seconds from which it can be finished.
    struct Recovery {
        address recovery;
        address newOwner;
        uint64 readyAt;
    }

    event Committed(bytes32 indexed commitment);
    event Registered(IdentityId indexed identityId, address indexed owner, bytes32 indexed nameHash, string name);
    event Renamed(IdentityId indexed identityId, bytes32 indexed oldNameHash, bytes32 indexed newNameHash, string name);
    /// @notice Keys in force from now on; also emitted at registration, and when the controller alone is replaced.
    event KeysChanged(
        IdentityId indexed identityId,
        bytes32 indexed publicId,
        uint32 keyVersion,
        bytes32 agreementKey,
        address controller
    );
    /// @notice The whole device list from now on.
    event DevicesChanged(IdentityId indexed identityId, uint32 keyVersion, bytes32 root, bytes32[] devices);
    event Revoked(IdentityId indexed identityId);
    event RecoveryChanged(IdentityId indexed identityId, address indexed recovery);
    event RecoveryStarted(IdentityId indexed identityId, address indexed newOwner, uint64 readyAt);
    event RecoveryCancelled(IdentityId indexed identityId);
    event OwnerChanged(IdentityId indexed identityId, address indexed from, address indexed to);

    error IdentityUnknown(IdentityId identityId);
    error IdentityInvalidDelay();
    error IdentityNameLength(uint256 length);
    error IdentityNameCharacter(uint256 position);
    error IdentityNameTaken(bytes32 nameHash);
    /// @dev Released by a rename not long ago; free again at `freeAt` (Unix seconds).
    error IdentityNameCooling(bytes32 nameHash, uint256 freeAt);
    /// @dev The name left before this one is free at `leaveAt` (Unix seconds); until then only going back to it is
    /// allowed.
    error IdentityRenameTooEarly(IdentityId identityId, uint256 leaveAt);
    error IdentityOwnerTaken(address owner);
    error IdentityPublicIdTaken(bytes32 publicId);
    error IdentityMissingKey();
    error IdentityNoCommitment(bytes32 commitment);
    error IdentityCommitmentTooNew(bytes32 commitment);
    error IdentityCommitmentExpired(bytes32 commitment);
    error IdentityTooManyDevices(uint256 count);
    /// @dev Not in strictly ascending order at this place.
    error IdentityDeviceOrder(uint256 index);
    error IdentityDeviceRootMismatch(bytes32 signed, bytes32 computed);
    error IdentityDeadlinePassed(uint256 deadline);
    error IdentityInvalidSignature(address expectedSigner);
    error IdentityRevoked(IdentityId identityId);
    error IdentityNoRecovery(IdentityId identityId);
    error IdentityRecoveryNotStarted(IdentityId identityId);
    error IdentityRecoveryTooEarly(IdentityId identityId, uint256 readyAt);

    /// @notice Announce a reveal (see above). Anybody. Repeating a live commitment changes nothing, so it cannot be
    /// reset by somebody who saw it.
    function commit(bytes32 commitment) external;

    /// @notice Register an identity by its owner's signature (Registration). Anybody may submit.
    /// @param registration What was signed.
    /// @param secret The secret of the commitment, made in an earlier block at most one day ago.
    /// @param devices Device keys that compute to `registration.deviceRoot`.
    /// @param signature The owner's signature.
    function registerFor(
        Registration calldata registration,
        bytes32 secret,
        bytes32[] calldata devices,
        bytes calldata signature
    ) external returns (IdentityId identityId);

    /// @notice Take another name by the owner's signature (Rename), after a commitment. The old one is free for others
    /// after the cooling-off period; until then only this identity can take it back, and can take no third name
    /// (IdentityRenameTooEarly). So an identity keeps at most two names from others: the one it bears and one it left.
    function rename(
        IdentityId identityId,
        string calldata name,
        bytes32 secret,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Replace all keys by the owner's signature (Rotate), after a commitment to the present name and the new
    /// public ID. Ends a revocation. The public ID must never have been in the registry, not even as this identity's.
    /// @param identityId Whose keys.
    /// @param keys What was signed; the keys are derived under the present name.
    /// @param secret The secret of the commitment, made in an earlier block at most one day ago.
    /// @param devices Device keys that compute to `keys.deviceRoot`.
    /// @param deadline Unix seconds, inclusive.
    /// @param signature The owner's signature.
    function rotate(
        IdentityId identityId,
        Keys calldata keys,
        bytes32 secret,
        bytes32[] calldata devices,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Replace the device list, signed (SetDevices) by the controller or the owner.
    function setDevices(
        IdentityId identityId,
        bytes32[] calldata devices,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Replace the controller and the device list at once, by the owner's signature (SetController) alone. For a
    /// device that is lost: whoever has it has the controller key too. Nothing the old controller signed counts any more.
    /// @param identityId Whose devices.
    /// @param controller The new one, not 0.
    /// @param devices The whole list from now on; its root is what is signed.
    /// @param deadline Unix seconds, inclusive.
    /// @param signature The owner's signature.
    function setController(
        IdentityId identityId,
        address controller,
        bytes32[] calldata devices,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Throw out all devices and the controller by the owner's signature (Revoke) alone, until a rotation.
    function revoke(IdentityId identityId, uint256 deadline, bytes calldata signature) external;

    /// @notice Name the account that may start a recovery, 0 for none, by the owner's signature (SetRecovery). Cancels
    /// a pending recovery.
    function setRecovery(IdentityId identityId, address recovery, uint256 deadline, bytes calldata signature) external;

    /// @notice Begin to move the identity to `newOwner`, by the recovery account's signature (StartRecovery). Starting
    /// again replaces the target and begins the delay anew.
    function startRecovery(
        IdentityId identityId,
        address newOwner,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Veto a pending recovery by the owner's signature (CancelRecovery).
    function cancelRecovery(IdentityId identityId, uint256 deadline, bytes calldata signature) external;

    /// @notice Complete a recovery after the delay, by the new owner's signature (AcceptRecovery), so that nobody is
    /// made the owner of an identity against their will. Keys and devices stay until the new owner rotates or revokes.
    function finishRecovery(IdentityId identityId, uint256 deadline, bytes calldata signature) external;

    /// @notice The identity now bearing `name`; id 0 and an empty identity when there is none.
    function identityOf(string calldata name) external view returns (IdentityId identityId, Identity memory record);

    /// @notice The same by keccak256 of the name.
    function identityByNameHash(
        bytes32 nameHash
    ) external view returns (IdentityId identityId, Identity memory record);

    /// @notice The identity that has or ever had `publicId`: old public IDs still lead to it. Id 0 when there is none.
    function identityByPublicId(
        bytes32 publicId
    ) external view returns (IdentityId identityId, Identity memory record);

    /// @notice The identity owned by `owner`; id 0 when there is none.
    function identityByOwner(address owner) external view returns (IdentityId identityId, Identity memory record);

    /// @notice Number of the identity owned by `owner`; 0 when there is none.
    function idByOwner(address owner) external view returns (IdentityId);

    /// @notice Who may act for an identity now: its owner's wallet and its controller. Zeros when it is revoked or does not
    /// exist. For contracts that need no more than this: it reads two slots instead of ten.
    function activeKeys(IdentityId identityId) external view returns (address owner, address controller);

    /// @notice Reverts with IdentityUnknown when there is no such identity.
    function identity(IdentityId identityId) external view returns (Identity memory);

    /// @notice How many identities exist; also the highest number given out.
    function identityCount() external view returns (uint64);

    /// @notice Whether somebody without an identity could register `name` now. Reverts when the name breaks the rules.
    function isAvailable(string calldata name) external view returns (bool);

    /// @notice Unix seconds of a live commitment and its block, zeros when there is none.
    function commitmentOf(bytes32 commitment) external view returns (uint64 blockNumber, uint64 committedAt);

    function recoveryOf(IdentityId identityId) external view returns (Recovery memory);

    function ownerNonce(IdentityId identityId) external view returns (uint256);

    function deviceNonce(IdentityId identityId) external view returns (uint256);

    function recoveryNonce(IdentityId identityId) external view returns (uint256);

    /// @notice Root of a device list, as the registry computes it.
    function computeDeviceRoot(bytes32[] calldata devices) external pure returns (bytes32);

    /// @notice Seconds an owner has to veto a recovery.
    function recoveryDelay() external view returns (uint64);

    /// @notice Seconds for which a released name is kept from others.
    function nameCooldown() external view returns (uint64);
}
