// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IdentityId} from "../types/IdentityId.sol";

/// @title EIP-712 struct hashes of the identity registry
/// @notice The types are written down in IIdentityRegistry.
library IdentityTypes {
    bytes32 internal constant REGISTRATION =
        keccak256(
            "Registration(address owner,string name,bytes32 publicId,bytes32 agreementKey,address controller,bytes32 deviceRoot,uint256 deadline)"
        );
    bytes32 internal constant RENAME =
        keccak256("Rename(uint64 identityId,string name,uint256 nonce,uint256 deadline)");
    bytes32 internal constant ROTATE =
        keccak256(
            "Rotate(uint64 identityId,bytes32 publicId,bytes32 agreementKey,address controller,bytes32 deviceRoot,uint256 nonce,uint256 deadline)"
        );
    bytes32 internal constant SET_DEVICES =
        keccak256("SetDevices(uint64 identityId,bytes32 deviceRoot,uint256 nonce,uint256 deadline)");
    bytes32 internal constant SET_CONTROLLER =
        keccak256(
            "SetController(uint64 identityId,address controller,bytes32 deviceRoot,uint256 nonce,uint256 deadline)"
        );
    bytes32 internal constant REVOKE = keccak256("Revoke(uint64 identityId,uint256 nonce,uint256 deadline)");
    bytes32 internal constant SET_RECOVERY =
        keccak256("SetRecovery(uint64 identityId,address recovery,uint256 nonce,uint256 deadline)");
    bytes32 internal constant START_RECOVERY =
        keccak256("StartRecovery(uint64 identityId,address newOwner,uint256 nonce,uint256 deadline)");
    bytes32 internal constant CANCEL_RECOVERY =
        keccak256("CancelRecovery(uint64 identityId,uint256 nonce,uint256 deadline)");
    bytes32 internal constant ACCEPT_RECOVERY =
        keccak256("AcceptRecovery(uint64 identityId,uint256 nonce,uint256 deadline)");

    function hashRegistration(
        IIdentityRegistry.Registration calldata r,
        bytes32 nameHash
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    REGISTRATION,
                    r.owner,
                    nameHash,
                    r.publicId,
                    r.agreementKey,
                    r.controller,
                    r.deviceRoot,
                    r.deadline
                )
            );
    }

    function hashRotate(
        IdentityId identityId,
        IIdentityRegistry.Keys calldata k,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    ROTATE,
                    identityId,
                    k.publicId,
                    k.agreementKey,
                    k.controller,
                    k.deviceRoot,
                    nonce,
                    deadline
                )
            );
    }

    function hashSetController(
        IdentityId identityId,
        address controller,
        bytes32 deviceRoot,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(SET_CONTROLLER, identityId, controller, deviceRoot, nonce, deadline));
    }

    /// @dev For the types whose only fields are identity, nonce and deadline.
    function hashBare(
        bytes32 typeHash,
        IdentityId identityId,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(typeHash, identityId, nonce, deadline));
    }

    /// @dev For the types with one more field: `word` is its encoding.
    function hashWith(
        bytes32 typeHash,
        IdentityId identityId,
        bytes32 word,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(typeHash, identityId, word, nonce, deadline));
    }
}
