// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";

import {ICommissionEscrow} from "../interfaces/ICommissionEscrow.sol";
import {AllocationLib} from "../libraries/AllocationLib.sol";
import {PartyLib} from "../libraries/PartyLib.sol";
import {CustomerState, CustomerStateLib} from "../types/CustomerState.sol";
import {Line, Order, OrderStatus} from "../types/EscrowTypes.sol";
import {OrderState, OrderStateLib} from "../types/OrderState.sol";
import {PartyState, PartyStateLib} from "../types/PartyState.sol";
import {PlanState} from "../types/PlanState.sol";
import {SelfPurchase} from "../types/PlanTypes.sol";
import {OrderIntake} from "./OrderIntake.sol";

/// @title FinalSales
/// @notice Sales that are paid and shared at once and leave no order behind.
abstract contract FinalSales is OrderIntake {
    /* STORAGE */

    /// @dev Salts from CustomerStateLib.SALTS on, whose lower ones are in the customer's word. By brand, whose
    /// currencies may forge that a payer paid: none uses up a payer's salts with the others.
    mapping(address brand => mapping(address payer => mapping(uint256 word => uint256 bits))) private _usedSalts;

    /* EXTERNAL WRITES */

    /// @inheritdoc ICommissionEscrow
    function charge(Order calldata order) external payable nonReentrant returns (bytes32 orderId) {
        // Check:
        orderId = _idOf(order);
        _checkPayer(orderId, order);
        (bytes32 planKey, PlanState plan) = _planOf(order);
        if (!plan.isFinal()) revert CommissionEscrow_PlanNotFinal(order.planId);
        uint256 amount = _checkTerms(planKey, plan, order);

        // Effect:
        uint32 ownNumber = _useSalt(order.brandOf(), order.payerOf(), order.salt);
        emit OrderCharged(orderId, order.planId, order.payerOf(), order.sellerOf(), order.salt);
        Line[] calldata lines = order.linesOf();
        if (plan.isFlat() && lines.length == 1) {
            _shareAtOnce(orderId, plan, order, lines[0], plan.treatsSelfPurchase(SelfPurchase.ALLOW) ? 0 : ownNumber);
        } else {
            Group memory group;
            _join(group, order);
            // A constant would make the compiler copy all of _share for it: 1,500 bytes.
            OrderState state = OrderStateLib.pack(OrderStatus.CAPTURED, block.timestamp, OrderStateLib.IS_WHOLE);
            _share(group, orderId, state, order);
            _flush(group);
        }

        // Interaction:
        _collect(order.currencyOf(), amount);
    }

    /* INTERNAL */

    /// @return ownNumber of the payer as a distributor; 0 for none
    function _useSalt(address brand, address payer, uint256 salt) private returns (uint32 ownNumber) {
        mapping(address account => CustomerState) storage customers = _customers[brand];
        CustomerState customer = customers[payer];
        if (salt < CustomerStateLib.SALTS) {
            if (customer.hasUsed(salt)) revert CommissionEscrow_SaltUsed(payer, salt);
            customers[payer] = customer.withUsed(salt);
        } else {
            mapping(uint256 word => uint256 bits) storage used = _usedSalts[brand][payer];
            uint256 bits = used[salt >> 8];
            uint256 bit = 1 << (salt & 0xff);
            if (bits & bit != 0) revert CommissionEscrow_SaltUsed(payer, salt);
            used[salt >> 8] = bits | bit;
        }
        return customer.number();
    }

    /// @dev Shares an order of one line under a plan of fixed rates in one walk up the line: `_join`, `_share` and
    /// `_flush` do the same for any plan and any number of orders, with three walks and memory between them, for 10,000
    /// gas more.
    function _shareAtOnce(bytes32 orderId, PlanState plan, Order calldata order, Line calldata line, uint32 excluded)
        private
    {
        (address brand, address currency) = (order.brandOf(), order.currencyOf());
        mapping(uint256 party => PartyState) storage parties = _parties[currency];
        uint256 net = line.amountOf();
        uint256 rates = line.rates == 0 ? plan.rates() : line.rates;
        uint256 cumulativeBps = plan.platformFeeBps();
        uint256 fee = AllocationLib.cumulativeRoundedDown(net, cumulativeBps);
        uint256 allotted = fee;
        uint256 toBrand;
        uint256 breakage;
        uint256 allocation;
        uint256 number = order.sellerOf();
        // Sums of parts of what was paid, and shifts within a word: nothing overflows.
        unchecked {
            uint256 end = plan.depth() * AllocationLib.ENTRY_BITS;
            for (uint256 shift = 0; shift != end; shift += AllocationLib.ENTRY_BITS) {
                uint256 rate = rates & AllocationLib.RATE_MASK;
                rates >>= AllocationLib.RATE_BITS;
                cumulativeBps += rate;
                uint256 share = AllocationLib.cumulativeRoundedDown(net, cumulativeBps) - allotted;
                allotted += share;
                allocation |= rate << 32 + shift;
                if (number == 0) {
                    breakage += share;
                    continue;
                }
                uint256 party = PartyLib.ofMember(brand, number);
                if (number == excluded) {
                    breakage += share;
                    share = 0;
                } else {
                    allocation |= number << shift;
                }
                uint256 offset;
                (number, offset) = _payUpline(parties, currency, party, share);
                toBrand += offset;
            }
            toBrand += net - allotted + breakage;
        }
        emit OrderSettled(orderId, 0, uint128(net), breakage, allocation);
        if (toBrand | fee != 0) _creditBrand(currency, brand, toBrand, fee);
    }

    /// @return sponsor number of the next upline
    /// @return offset what went to the party's debt: that is the brand's
    function _payUpline(
        mapping(uint256 party => PartyState) storage parties,
        address currency,
        uint256 party,
        uint256 share
    ) private returns (uint32 sponsor, uint256 offset) {
        StorageSlot.Uint256Slot storage word = _wordOf(parties, party);
        PartyState state = PartyState.wrap(word.value);
        if (!state.has(PartyStateLib.HAS_SPONSOR)) state = _introduced(party, state);
        sponsor = state.sponsor();
        if (share == 0) return (sponsor, 0);
        // As `_credited` does first, too: asked here, it saves three calls, 130 gas a sale.
        if (state.canAdd(share)) state = state.plus(share, 0);
        else (state, offset) = _credited(currency, party, state, share);
        word.value = PartyState.unwrap(state);
    }
}
