// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";

/// @title What the chain asks of a pseudonym
/// @notice 3 to 64 bytes of well-formed UTF-8 (RFC 3629) without ASCII capitals, spaces, control characters (C0, DEL,
/// C1) or '.'. Everything else ENSIP-15 asks is checked by clients, which hold its tables.
library NameRules {
    uint256 internal constant MIN_BYTES = 3;
    uint256 internal constant MAX_BYTES = 64;

    /// @notice Reverts when `name` breaks the rules; returns its keccak256 otherwise.
    function check(string calldata name) internal pure returns (bytes32) {
        bytes calldata text = bytes(name);
        if (text.length < MIN_BYTES || text.length > MAX_BYTES) {
            revert IIdentityRegistry.IdentityNameLength(text.length);
        }
        uint256 i;
        while (i < text.length) {
            uint256 size = _characterSize(text, i);
            if (size == 0) revert IIdentityRegistry.IdentityNameCharacter(i);
            i += size;
        }
        return keccak256(text);
    }

    /// @dev Bytes of the character at `i`, 0 when it is malformed or not allowed.
    function _characterSize(bytes calldata text, uint256 i) private pure returns (uint256 size) {
        uint8 lead = uint8(text[i]);
        if (lead < 0x80) return _isAllowedAscii(lead) ? 1 : 0;
        // RFC 3629, section 4: ranges of the second byte exclude overlong forms, surrogates and what is above U+10FFFF.
        uint8 low = 0x80;
        uint8 high = 0xbf;
        if (lead >= 0xc2 && lead <= 0xdf) {
            size = 2;
            if (lead == 0xc2) low = 0xa0; // U+0080 to U+009F are control characters.
        } else if (lead >= 0xe0 && lead <= 0xef) {
            size = 3;
            if (lead == 0xe0) low = 0xa0;
            if (lead == 0xed) high = 0x9f;
        } else if (lead >= 0xf0 && lead <= 0xf4) {
            size = 4;
            if (lead == 0xf0) low = 0x90;
            if (lead == 0xf4) high = 0x8f;
        } else {
            return 0;
        }
        if (i + size > text.length) return 0;
        uint8 second = uint8(text[i + 1]);
        if (second < low || second > high) return 0;
        for (uint256 k = 2; k < size; ++k) {
            if (uint8(text[i + k]) & 0xc0 != 0x80) return 0;
        }
    }

    function _isAllowedAscii(uint8 char) private pure returns (bool) {
        if (char <= 0x20 || char == 0x7f || char == 0x2e) return false;
        return char < 0x41 || char > 0x5a;
    }
}
