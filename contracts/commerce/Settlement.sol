// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommissionEscrow} from "../interfaces/ICommissionEscrow.sol";
import {AllocationLib} from "../libraries/AllocationLib.sol";
import {EscrowLib} from "../libraries/EscrowLib.sol";
import {PartyLib} from "../libraries/PartyLib.sol";
import {WordsLib} from "../libraries/WordsLib.sol";
import {Line, Order, OrderStatus, Part, SETTLED_REFUND_PERIOD, SettledLine} from "../types/EscrowTypes.sol";
import {LadderState} from "../types/LadderState.sol";
import {OrderState, OrderStateLib} from "../types/OrderState.sol";
import {PartyState, PartyStateLib} from "../types/PartyState.sol";
import {PlanState} from "../types/PlanState.sol";
import {SelfPurchase} from "../types/PlanTypes.sol";
import {OrderStore} from "./OrderStore.sol";

/// @title Settlement
/// @notice How orders are shared, and how a share is taken back.
abstract contract Settlement is OrderStore {
    using WordsLib for uint256[];

    /* TYPES */

    /// @dev Neighbouring orders that are shared alike, and what each party has coming from them. `words`
    /// (PartyState) and `sums` go with `line`.
    struct Group {
        bytes32 planKey;
        PlanState plan;
        bytes32 planId;
        address payer;
        address brand;
        address currency;
        uint32 seller;
        uint32 excluded;
        uint256 higherRates;
        uint256 allocation;
        uint256[] line;
        uint256[] words;
        uint256[] sums;
        uint256 fees;
        uint256 brandSum;
    }

    /* CONSTANTS */

    /// @dev How many idle uplines a compressing plan passes over at most.
    uint256 private constant MAX_COMPRESSED = 5;

    /* EXTERNAL WRITES */

    /// @inheritdoc ICommissionEscrow
    function settle(Order[] calldata orders) external returns (uint256 settled) {
        Group memory group;
        for (uint256 i = 0; i < orders.length; ++i) {
            Order calldata order = orders[i];
            bytes32 orderId = _idOf(order);
            OrderState state = _orders[orderId];
            if (state.status() == OrderStatus.SETTLED) continue;
            if (state.status() != OrderStatus.CAPTURED) _checkStatus(orderId, OrderStatus.CAPTURED);
            if (state.has(OrderStateLib.IS_HELD)) revert CommissionEscrow_Held(orderId);
            _join(group, order);
            uint256 maturesAt = state.changedAt() + group.plan.refundWindow() + group.plan.maturity();
            if (block.timestamp < maturesAt) {
                revert CommissionEscrow_NotMature(orderId, maturesAt, block.timestamp);
            }
            _orders[orderId] = state.settled(block.timestamp, _share(group, orderId, state, order));
            ++settled;
        }
        _flush(group);
    }

    /// @inheritdoc ICommissionEscrow
    function refundSettled(Order calldata order, SettledLine[] calldata lines, Part[] calldata parts)
        external
        payable
        nonReentrant
    {
        // Check:
        bytes32 orderId = _idOf(order);
        OrderState state = _checkStatus(orderId, OrderStatus.SETTLED);
        _checkBrand(orderId, order);
        uint256 until = state.changedAt() + SETTLED_REFUND_PERIOD;
        if (block.timestamp >= until) revert CommissionEscrow_RefundOver(orderId, until, block.timestamp);
        uint256[] memory words = EscrowLib.wordsOf(lines);
        if (!state.matches(words.hash())) revert CommissionEscrow_SettlementUnknown(orderId);
        (, PlanState plan) = _planOf(order);

        // Effect:
        uint256 due;
        uint256 taken;
        uint256 given;
        for (uint256 i = 0; i < parts.length; ++i) {
            _checkPart(orderId, order, parts[i]);
            (uint256 slot, uint128 amount) = (2 * uint256(parts[i].line), parts[i].amount);
            uint128 net = uint128(words[slot]);
            if (amount > net) revert CommissionEscrow_PartTooHigh(orderId, parts[i].line, amount, net);
            (uint256 back, uint256 more) = _reverse(order, plan, net, net - amount, words[slot + 1]);
            words[slot] = net - amount;
            (due, taken, given) = (due + amount, taken + back, given + more);
        }
        _orders[orderId] = state.settled(state.changedAt(), words.hash());
        if (order.payerOf() == address(0)) due = 0;
        else _credit(order.currencyOf(), PartyLib.ofAccount(order.payerOf()), due);
        if (taken > given) _credit(order.currencyOf(), PartyLib.ofAccount(order.brandOf()), taken - given);
        else due += given - taken;
        emit SettledOrderRefunded(orderId, msg.sender, parts);

        // Interaction:
        _collect(order.currencyOf(), due);
    }

    /* INTERNAL */

    /// @dev Makes the order one of the group, which is paid out first if the order is shared in another way.
    function _join(Group memory group, Order calldata order) internal {
        if (_isAlike(group, order)) return;
        (bytes32 planKey, PlanState plan) = _planOf(order);
        uint32 seller = order.sellerOf();
        uint32 excluded = _excluded(order, plan, seller);
        _flush(group);
        group.planKey = planKey;
        group.plan = plan;
        group.planId = order.planId;
        group.payer = order.payerOf();
        group.brand = order.brandOf();
        group.currency = order.currencyOf();
        group.seller = seller;
        group.excluded = excluded;
        group.higherRates = plan.topRank() == 0 ? 0 : _higherRates[planKey];
        group.allocation = 0;
        _load(group, plan, seller);
    }

    /// @dev Whether the same rates go to the same parties. A sale that counts can change the next one's ranks.
    function _isAlike(Group memory group, Order calldata order) private pure returns (bool) {
        return order.planId == group.planId && order.sellerOf() == group.seller && order.payerOf() == group.payer
            && order.brandOf() == group.brand && order.currencyOf() == group.currency && !group.plan.countsSales();
    }

    /// @dev Shares each line of an order within the group.
    /// @return digest of how it was shared
    function _share(Group memory group, bytes32 orderId, OrderState state, Order calldata order)
        internal
        returns (bytes32 digest)
    {
        Line[] calldata lines = order.linesOf();
        uint256 count = lines.length;
        uint256[] memory words = new uint256[](2 * count);
        uint256 total;
        for (uint256 i = 0; i < count; ++i) {
            uint128 net = state.isUntouched() ? lines[i].amountOf() : _lineOf(orderId, state, order, i).net();
            words.set(2 * i, net);
            total += net;
        }
        group.brandSum += order.payerOf() == address(0) ? _reserveOf(group.plan, order) : total;
        if (group.plan.countsSales() && !_isDistributor(order)) _count(group, total);
        for (uint256 i = 0; i < count; ++i) {
            uint256 allocation = _allocation(group, lines[i].rates);
            words.set(2 * i + 1, allocation);
            _shareLine(group, orderId, i, words.get(2 * i), allocation);
        }
        return words.hash();
    }

    /// @dev Decides by the plan's own rates once for all neighbours. Only if all rates are zero is it decided anew.
    function _allocation(Group memory group, uint256 ownRates) private pure returns (uint256 allocation) {
        if (ownRates == 0 && group.allocation != 0) return group.allocation;
        allocation = AllocationLib.allocate(group.plan, group.higherRates, ownRates, group.line, group.excluded);
        if (ownRates == 0) group.allocation = allocation;
    }

    /// @dev Pays the group out: each party's word is written once, the brand's last, as debts flow to it.
    function _flush(Group memory group) internal {
        if (group.planKey == 0) return;
        (address brand, address currency) = (group.brand, group.currency);
        mapping(uint256 party => PartyState) storage parties = _parties[currency];
        bool needsStanding = group.plan.needsStanding();
        uint256 brandSum = group.brandSum;
        for (uint256 i = 0; i < group.line.length; ++i) {
            uint256 sum = group.sums.get(i);
            if (sum == 0 && !group.plan.countsSales()) continue;
            uint32 number = uint32(group.line.get(i));
            uint256 party = PartyLib.ofMember(brand, number);
            PartyState before = PartyState.wrap(group.words.get(i));
            (PartyState state, uint256 offset) = _credited(currency, party, before, sum);
            if (needsStanding) _reportRank(brand, currency, number, parties[party], state);
            parties[party] = state;
            brandSum += offset;
            group.sums.set(i, 0);
        }
        if (brandSum | group.fees != 0) _creditBrand(currency, brand, brandSum, group.fees);
        (group.brandSum, group.fees) = (0, 0);
    }

    /// @dev The most that can be due for an order paid outside the chain.
    function _reserveOf(PlanState plan, Order calldata order) internal pure returns (uint256 reserve) {
        uint256 bps = plan.platformFeeBps() + plan.ceilingBps();
        Line[] calldata lines = order.linesOf();
        for (uint256 i = 0; i < lines.length; ++i) {
            reserve += AllocationLib.cumulativeRoundedDown(lines[i].amountOf(), bps);
        }
    }

    /// @dev The payer's own number, where the plan lets it earn nothing on its own orders.
    function _excluded(Order calldata order, PlanState plan, uint32 seller) private view returns (uint32) {
        if (seller == 0 || order.payerOf() == address(0) || plan.treatsSelfPurchase(SelfPurchase.ALLOW)) return 0;
        return _customers[order.brandOf()][order.payerOf()].number();
    }

    /// @dev Whether the payer has a number of its own: no distributor's rank depends on what distributors buy.
    function _isDistributor(Order calldata order) private view returns (bool) {
        return _customers[order.brandOf()][order.payerOf()].number() != 0;
    }

    /// @dev Reads the line from the seller upwards, no further than can matter.
    function _load(Group memory group, PlanState plan, uint32 number) private view {
        uint256 limit = plan.depth();
        if (plan.compresses()) limit += MAX_COMPRESSED;
        uint256[] memory line = new uint256[](limit);
        uint256[] memory words = new uint256[](limit);
        (address brand, address currency) = (group.brand, group.currency);
        mapping(uint256 party => PartyState) storage parties = _parties[currency];
        uint256 length;
        while (number != 0 && length < limit) {
            uint256 party = PartyLib.ofMember(brand, number);
            PartyState state = parties[party];
            if (!state.has(PartyStateLib.HAS_SPONSOR)) state = _introduced(party, state);
            words.set(length, PartyState.unwrap(state));
            line.set(length, number);
            number = state.sponsor();
            ++length;
        }
        line.shorten(length);
        words.shorten(length);
        (group.line, group.words, group.sums) = (line, words, new uint256[](length));
        if (plan.needsStanding()) _setStandings(group, _ladderOf(brand, currency));
    }

    /// @dev A sale counts first and is shared then: who it makes active or promotes has it already.
    function _count(Group memory group, uint256 total) private view {
        LadderState ladder = _ladderOf(group.brand, group.currency);
        uint256 units = ladder.unitsRoundedDown(total);
        uint256 depth = group.plan.depth();
        for (uint256 i = 0; i < group.line.length && i < depth; ++i) {
            PartyState state = PartyState.wrap(group.words[i]);
            group.words[i] = PartyState.unwrap(_counted(ladder, state, i == 0 ? units : 0, units));
        }
        _setStandings(group, ladder);
        group.allocation = 0;
    }

    /// @dev Brings the line to the current period and puts rank and activity into it.
    function _setStandings(Group memory group, LadderState ladder) private view {
        uint256 topRank = group.plan.topRank();
        for (uint256 i = 0; i < group.line.length; ++i) {
            PartyState state = _atPeriod(ladder, PartyState.wrap(group.words[i]));
            group.words[i] = PartyState.unwrap(state);
            uint256 rank = state.rank() < topRank ? state.rank() : topRank;
            uint32 number = uint32(group.line[i]);
            group.line[i] = AllocationLib.upline(number, rank, _isActive(ladder, state));
        }
    }

    /// @dev Adds what one line gives to each party; what is shared goes off the brand's sum.
    function _shareLine(Group memory group, bytes32 orderId, uint256 line, uint256 net, uint256 allocation) private {
        uint256 cumulativeBps = group.plan.platformFeeBps();
        uint256 fee = AllocationLib.cumulativeRoundedDown(net, cumulativeBps);
        uint256 allotted = fee;
        uint256 breakage;
        uint256 next;
        uint256[] memory uplines = group.line;
        uint256[] memory sums = group.sums;
        // Sums of parts of what was paid: nothing overflows.
        unchecked {
            for (uint256 rest = allocation; rest != 0; rest >>= AllocationLib.ENTRY_BITS) {
                cumulativeBps += rest >> 32 & AllocationLib.RATE_MASK;
                uint256 upTo = AllocationLib.cumulativeRoundedDown(net, cumulativeBps);
                uint32 number = uint32(rest);
                if (number == 0) {
                    breakage += upTo - allotted;
                } else {
                    // Entries come in the order of the line.
                    while (uint32(uplines.get(next)) != number) ++next;
                    sums.set(next, sums.get(next) + upTo - allotted);
                }
                allotted = upTo;
            }
            group.fees += fee;
            group.brandSum -= allotted - breakage;
        }
        emit OrderSettled(orderId, line, uint128(net), breakage, allocation);
    }

    /// @dev Takes back from each party what it would not have got for `net` to begin with. A smaller sale can round one
    /// unit more to somebody; it is given.
    function _reverse(Order calldata order, PlanState plan, uint128 netBefore, uint128 net, uint256 allocation)
        private
        returns (uint256 taken, uint256 given)
    {
        (address brand, address currency) = (order.brandOf(), order.currencyOf());
        uint256 cumulativeBps = plan.platformFeeBps();
        uint256 allotted = AllocationLib.cumulativeRoundedDown(netBefore, cumulativeBps);
        uint256 kept = AllocationLib.cumulativeRoundedDown(net, cumulativeBps);
        taken = _clawBack(currency, PartyLib.ofMember(brand, PartyLib.PLATFORM_NUMBER), allotted - kept);
        for (; allocation != 0; allocation >>= AllocationLib.ENTRY_BITS) {
            cumulativeBps += allocation >> 32 & AllocationLib.RATE_MASK;
            uint256 upTo = AllocationLib.cumulativeRoundedDown(netBefore, cumulativeBps);
            uint256 keptUpTo = AllocationLib.cumulativeRoundedDown(net, cumulativeBps);
            (uint256 share, uint256 keptShare) = (upTo - allotted, keptUpTo - kept);
            (allotted, kept) = (upTo, keptUpTo);
            if (uint32(allocation) == 0) continue;
            uint256 party = PartyLib.ofMember(brand, uint32(allocation));
            if (share > keptShare) {
                taken += _clawBack(currency, party, share - keptShare);
            } else if (share < keptShare) {
                given += keptShare - share;
                _credit(currency, party, keptShare - share);
            }
        }
    }
}
