// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommissionSplitter} from "../interfaces/ICommissionSplitter.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {ShareLib} from "../libraries/ShareLib.sol";
import {Limits, Order, PlanRecord, Share} from "../types/CommerceTypes.sol";
import {Ledger} from "./Ledger.sol";
import {OrderEscrow} from "./OrderEscrow.sol";
import {PlanRegistry} from "./PlanRegistry.sol";

/// @title CommissionSplitter
contract CommissionSplitter is OrderEscrow, ICommissionSplitter {
    /* IMMUTABLES */

    /// @notice The identity that platform fees are credited to.
    address public immutable PLATFORM;

    /* CONSTRUCTOR */

    constructor(IIdentityRegistry identities, address platform, Limits memory limits)
        Ledger(identities)
        PlanRegistry(limits)
    {
        if (platform == address(0)) revert CommissionSplitter_PlatformZero();
        PLATFORM = platform;
    }

    /* INTERNAL */

    /// @inheritdoc OrderEscrow
    function _split(bytes32 orderId, Order calldata order, PlanRecord memory plan, uint128 net) internal override {
        (Share[] memory shares, uint256 breakage) = _shares(order, plan, net);
        for (uint256 i = 0; i < shares.length; ++i) {
            _credit(shares[i].account, plan.currency, shares[i].amount);
        }
        emit OrderSettled(orderId, order.planId, net, breakage, shares);
    }

    /// @dev Platform first, then the levels upwards, the brand last with all that is left. A payer on the line earns
    /// nothing on its own order.
    function _shares(Order calldata order, PlanRecord memory plan, uint128 net)
        internal
        view
        returns (Share[] memory shares, uint256 breakage)
    {
        address[] memory line = _line(plan.brand, order.distributor, plan.depth);
        uint256 cumulativeBps = plan.platformFeeBps;
        uint256 allotted = ShareLib.cumulativeRoundedDown(net, cumulativeBps);
        shares = new Share[](line.length + 2);
        shares[0] = Share({account: PLATFORM, amount: allotted});

        for (uint256 level = 0; level < plan.depth; ++level) {
            cumulativeBps += _levelBps(plan, level);
            uint256 upTo = ShareLib.cumulativeRoundedDown(net, cumulativeBps);
            uint256 share = upTo - allotted;
            if (level < line.length) shares[level + 1].account = line[level];
            if (level < line.length && line[level] != order.payer) shares[level + 1].amount = share;
            else breakage += share;
            allotted = upTo;
        }
        shares[line.length + 1] = Share({account: plan.brand, amount: net - allotted + breakage});
    }

    /// @dev The seller and its uplines, at most `depth`; the brand at the root is none of them.
    function _line(address brand, address distributor, uint256 depth) internal view returns (address[] memory line) {
        line = new address[](depth);
        uint256 length;
        address account = depth == 0 ? address(0) : distributor;
        while (account != address(0) && account != brand) {
            line[length] = account;
            if (++length == depth) break; // nobody above is paid, so nobody above is read
            account = _sponsorOf(brand, account);
        }
        // Safe: shortens an array in place.
        assembly ("memory-safe") {
            mstore(line, length)
        }
    }
}
