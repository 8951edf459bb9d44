// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommissionEscrow} from "../interfaces/ICommissionEscrow.sol";

/// @title BulkNetwork
/// @notice Stands in the place of the network and writes many distributors at once, without their signatures.
contract BulkNetwork {
    /// @notice Writes `count` distributors from number `first` on, each under the one before, the first under
    /// `sponsor`.
    function writeLine(ICommissionEscrow escrow, address brand, uint32 first, uint32 count, uint32 sponsor) external {
        for (uint32 number = first; number < first + count; ++number) {
            _write(escrow, brand, number, sponsor);
            sponsor = number;
        }
    }

    /// @notice Writes `count` distributors from number `first` on, all under `sponsor`.
    function writeStar(ICommissionEscrow escrow, address brand, uint32 first, uint32 count, uint32 sponsor) external {
        for (uint32 number = first; number < first + count; ++number) {
            _write(escrow, brand, number, sponsor);
        }
    }

    function _write(ICommissionEscrow escrow, address brand, uint32 number, uint32 sponsor) private {
        address account = address(uint160(uint256(keccak256(abi.encode(brand, number)))));
        escrow.setMember(brand, number, account, account, sponsor, false);
        escrow.setNumber(brand, account, number);
    }
}
