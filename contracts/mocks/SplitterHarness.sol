// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CommissionSplitter} from "../commerce/CommissionSplitter.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {Limits, Order, PlanRecord, Share} from "../types/CommerceTypes.sol";

/// @title SplitterHarness
/// @notice The splitter with its arithmetic in the open, to be compared with the reference model.
contract SplitterHarness is CommissionSplitter {
    constructor(IIdentityRegistry identities, address platform, Limits memory limits)
        CommissionSplitter(identities, platform, limits)
    {}

    function sharesOf(Order calldata order, PlanRecord calldata plan, uint128 net)
        external
        view
        returns (Share[] memory shares, uint256 breakage)
    {
        return _shares(order, plan, net);
    }
}
