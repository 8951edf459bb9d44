// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {NATIVE} from "../types/EscrowTypes.sol";

/// @title Payments that cannot harm the payer
library PaymentLib {
    /// @notice Pays with at most `gasLimit` gas and says whether it went through.
    /// @dev At most one word of what the other side returns is ever copied. A token that returns nothing is believed,
    /// one that returns anything but true is not.
    function tryPay(address currency, address to, uint256 amount, uint256 gasLimit) internal returns (bool isPaid) {
        if (currency == NATIVE) {
            assembly ("memory-safe") {
                isPaid := call(gasLimit, to, amount, 0, 0, 0, 0)
            }
            return isPaid;
        }
        bytes4 selector = IERC20.transfer.selector;
        assembly ("memory-safe") {
            // transfer(to, amount) in free memory; scratch space takes the answer.
            let data := mload(0x40)
            mstore(data, selector)
            mstore(add(data, 0x04), shr(96, shl(96, to)))
            mstore(add(data, 0x24), amount)
            isPaid := call(gasLimit, currency, 0, data, 0x44, 0, 0x20)
            switch returndatasize()
            case 0 { isPaid := and(isPaid, iszero(iszero(extcodesize(currency)))) }
            default { isPaid := and(isPaid, and(gt(returndatasize(), 31), eq(mload(0), 1))) }
        }
    }
}
