// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommissionEscrow} from "../interfaces/ICommissionEscrow.sol";
import {IEscrowBound} from "../interfaces/IEscrowBound.sol";

/// @title EscrowBound
abstract contract EscrowBound is IEscrowBound {
    /* IMMUTABLES */

    address private immutable DEPLOYER;

    /* STORAGE */

    /// @inheritdoc IEscrowBound
    // solhint-disable-next-line var-name-mixedcase -- written once, constant for everyone after deployment
    ICommissionEscrow public ESCROW;

    /* CONSTRUCTOR */

    constructor() {
        DEPLOYER = msg.sender;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc IEscrowBound
    function bindEscrow(ICommissionEscrow escrow) external {
        if (msg.sender != DEPLOYER) revert EscrowBound_NotDeployer(msg.sender, DEPLOYER);
        if (address(ESCROW) != address(0)) revert EscrowBound_AlreadyBound(address(ESCROW));
        address named = _namedBy(escrow);
        if (named != address(this)) revert EscrowBound_NotNamed(address(escrow), named);
        ESCROW = escrow;
        emit EscrowBound(address(escrow));
    }

    /* INTERNAL */

    /// @dev Which contract the escrow names in the place of this one.
    function _namedBy(ICommissionEscrow escrow) internal view virtual returns (address);
}
