// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {FinalSales} from "./FinalSales.sol";
import {OrderChanges} from "./OrderChanges.sol";
import {OrderStore} from "./OrderStore.sol";
import {PartyLedger} from "./PartyLedger.sol";
import {Programme} from "./Programme.sol";

/// @title CommissionEscrow
contract CommissionEscrow is FinalSales, OrderChanges {
    constructor(
        IIdentityRegistry identities,
        address platform,
        address planBook,
        address network,
        address checkout,
        address disputes
    ) PartyLedger(identities, platform) Programme(planBook, network) OrderStore(checkout, disputes) {
        if (platform == address(0)) revert CommissionEscrow_PlatformZero();
    }
}
