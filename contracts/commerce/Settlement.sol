// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICommissionEscrow} from "../interfaces/ICommissionEscrow.sol";
import {AllocationLib, Upline} from "../libraries/AllocationLib.sol";
import {PartyLib} from "../libraries/PartyLib.sol";
import {Order, OrderStatus, Part, SettledLine} from "../types/EscrowTypes.sol";
import {LadderState} from "../types/LadderState.sol";
import {OrderState, OrderStateLib} from "../types/OrderState.sol";
import {PartyState} from "../types/PartyState.sol";
import {PlanState} from "../types/PlanState.sol";
import {MAX_LEVELS, SelfPurchase} from "../types/PlanTypes.sol";
import {OrderStore} from "./OrderStore.sol";

/// @title Settlement
/// @notice How orders are shared, and how a share is taken back.
abstract contract Settlement is OrderStore {
    /* TYPES */

    /// @dev Neighbouring orders that are shared alike, and what each party has coming from them. `sums` and `words` go
    /// with `line`.
    struct Group {
        bytes32 planKey;
        PlanState plan;
        address brand;
        address currency;
        uint32 seller;
        uint32 excluded;
        uint256 higherRates;
        uint256 allocation;
        Upline[] line;
        PartyState[] words;
        uint256[] sums;
        uint256 fees;
        uint256 brandSum;
    }

    /* CONSTANTS */

    /// @dev How many idle uplines a compressing plan passes over at most.
    uint256 private constant MAX_COMPRESSED = 5;

    /// @dev How long a settled order can be refunded.
    uint256 private constant SETTLED_REFUND_PERIOD = 180 days;

    /* EXTERNAL WRITES */

    /// @inheritdoc ICommissionEscrow
    function settle(Order[] calldata orders) external returns (uint256 settled) {
        Group memory group;
        for (uint256 i = 0; i < orders.length; ++i) {
            bytes32 orderId = _idOf(orders[i]);
            if (_orders[orderId].status() == OrderStatus.SETTLED) continue;
            OrderState state = _checkStatus(orderId, OrderStatus.CAPTURED);
            if (state.has(OrderStateLib.IS_HELD)) revert CommissionEscrow_Held(orderId);
            _join(group, orders[i]);
            uint256 maturesAt = state.changedAt() + group.plan.refundWindow() + group.plan.maturity();
            if (block.timestamp < maturesAt) {
                revert CommissionEscrow_NotMature(orderId, maturesAt, block.timestamp);
            }
            bytes32 digest = _share(group, orderId, state, orders[i]);
            _orders[orderId] = OrderStateLib.settled(block.timestamp, digest);
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
        uint256[] memory words = _wordsOf(lines);
        if (!state.matches(_digest(words))) revert CommissionEscrow_SettlementUnknown(orderId);
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
        _orders[orderId] = OrderStateLib.settled(state.changedAt(), _digest(words));
        if (order.payer == address(0)) due = 0;
        else _credit(order.currency, PartyLib.ofAccount(order.payer), due);
        if (taken > given) _credit(order.currency, PartyLib.ofAccount(order.receiver), taken - given);
        else due += given - taken;
        emit SettledOrderRefunded(orderId, msg.sender, parts);

        // Interaction:
        _collect(order.currency, due);
    }

    /* INTERNAL */

    /// @dev Makes the order one of the group, which is paid out first if the order is shared in another way.
    function _join(Group memory group, Order calldata order) internal {
        (bytes32 planKey, PlanState plan) = _planOf(order);
        uint32 excluded = _excluded(order, plan);
        if (
            planKey == group.planKey && order.seller == group.seller && excluded == group.excluded
                && !plan.countsSales()
        ) return;
        _flush(group);
        group.planKey = planKey;
        group.plan = plan;
        group.brand = order.receiver;
        group.currency = order.currency;
        group.seller = order.seller;
        group.excluded = excluded;
        group.higherRates = plan.topRank() == 0 ? 0 : _higherRates[planKey];
        _load(group);
        if (!plan.countsSales()) {
            group.allocation = AllocationLib.allocate(plan, group.higherRates, 0, group.line, excluded);
        }
    }

    /// @dev Shares each line of an order within the group.
    /// @return digest of how it was shared
    function _share(Group memory group, bytes32 orderId, OrderState state, Order calldata order)
        internal
        returns (bytes32 digest)
    {
        uint256 count = order.lines.length;
        uint256[] memory words = new uint256[](2 * count);
        uint256 total;
        for (uint256 i = 0; i < count; ++i) {
            uint128 net = _lineOf(orderId, state, order, i).net();
            words[2 * i] = net;
            total += net;
        }
        group.brandSum += order.payer == address(0) ? _reserveOf(group.plan, order) : total;
        if (group.plan.countsSales()) _count(group, total);
        for (uint256 i = 0; i < count; ++i) {
            uint256 ownRates = order.lines[i].rates;
            uint256 allocation = ownRates == 0
                ? group.allocation
                : AllocationLib.allocate(group.plan, group.higherRates, ownRates, group.line, group.excluded);
            words[2 * i + 1] = allocation;
            _shareLine(group, orderId, i, uint128(words[2 * i]), allocation);
        }
        return _digest(words);
    }

    /// @dev Pays the group out: each party's word is written once, the brand's last, as debts flow to it.
    function _flush(Group memory group) internal {
        address currency = group.currency;
        for (uint256 i = 0; i < group.line.length; ++i) {
            uint256 sum = group.sums[i];
            if (sum == 0 && !group.plan.countsSales()) continue;
            uint256 party = PartyLib.ofMember(group.brand, group.line[i].number);
            (PartyState state, uint256 offset) = _credited(currency, party, group.words[i], sum);
            group.sums[i] = 0;
            if (group.plan.needsStanding()) {
                _reportRank(group.brand, currency, group.line[i].number, _parties[currency][party], state);
            }
            _parties[currency][party] = state;
            group.brandSum += offset;
        }
        if (group.brandSum | group.fees != 0) _creditBrand(currency, group.brand, group.brandSum, group.fees);
        (group.brandSum, group.fees) = (0, 0);
    }

    /// @dev The most that can be due for an order paid outside the chain.
    function _reserveOf(PlanState plan, Order calldata order) internal pure returns (uint256 reserve) {
        uint256 bps = plan.platformFeeBps() + plan.ceilingBps();
        for (uint256 i = 0; i < order.lines.length; ++i) {
            reserve += uint256(order.lines[i].amount) * bps / AllocationLib.BPS_DENOMINATOR;
        }
    }

    /// @dev The payer's own number, where the plan lets it earn nothing on its own orders.
    function _excluded(Order calldata order, PlanState plan) private view returns (uint32) {
        if (order.seller == 0 || order.payer == address(0) || plan.selfPurchase() == SelfPurchase.ALLOW) return 0;
        return _customers[order.receiver][order.payer].number();
    }

    /// @dev Reads the line from the seller upwards, no further than can matter.
    function _load(Group memory group) private view {
        uint256 limit = group.plan.depth();
        if (group.plan.compresses()) limit += MAX_COMPRESSED;
        group.line = new Upline[](limit);
        group.words = new PartyState[](limit);
        group.sums = new uint256[](limit);
        uint32 number = group.seller;
        uint256 length;
        bool needsStanding = group.plan.needsStanding();
        while (number != 0 && length < limit) {
            PartyState state = _stateOf(group.brand, group.currency, number);
            if (needsStanding) state = _atPeriod(_ladderOf(group.brand, group.currency), state);
            group.words[length] = state;
            group.line[length].number = number;
            number = state.sponsor();
            ++length;
        }
        Upline[] memory line = group.line;
        // Safe: shortens an array in place.
        assembly ("memory-safe") {
            mstore(line, length)
        }
        if (needsStanding) _setStandings(group);
    }

    /// @dev A sale counts first and is shared then: who it makes active or promotes has it already.
    function _count(Group memory group, uint256 total) private {
        LadderState ladder = _ladderOf(group.brand, group.currency);
        uint256 units = ladder.unitsRoundedDown(total);
        uint256 depth = group.plan.depth();
        for (uint256 i = 0; i < group.line.length && i < depth; ++i) {
            group.words[i] = _counted(ladder, group.words[i], i == 0 ? units : 0, units);
        }
        _setStandings(group);
        group.allocation = AllocationLib.allocate(group.plan, group.higherRates, 0, group.line, group.excluded);
    }

    function _setStandings(Group memory group) private view {
        LadderState ladder = _ladderOf(group.brand, group.currency);
        uint256 topRank = group.plan.topRank();
        for (uint256 i = 0; i < group.line.length; ++i) {
            uint256 rank = group.words[i].rank();
            group.line[i].rank = rank < topRank ? rank : topRank;
            group.line[i].isActive = _isActive(ladder, group.words[i]);
        }
    }

    /// @dev Adds what one line gives to each party; what is shared goes off the brand's sum.
    function _shareLine(Group memory group, bytes32 orderId, uint256 line, uint128 net, uint256 allocation) private {
        (uint256 fee, uint256[MAX_LEVELS] memory amounts, uint256 breakage, uint256 shared) =
            AllocationLib.split(net, group.plan.platformFeeBps(), allocation);
        emit OrderSettled(orderId, line, net, breakage, allocation);
        group.fees += fee;
        group.brandSum -= shared;
        uint256 next;
        for (uint256 entry = 0; allocation != 0; ++entry) {
            uint32 number = uint32(allocation);
            allocation >>= AllocationLib.ENTRY_BITS;
            if (number == 0) continue;
            while (group.line[next].number != number) ++next; // entries come in the order of the line
            group.sums[next] += amounts[entry];
        }
    }

    /// @dev Takes back from each party what it would not have got for `net` to begin with. A smaller sale can round one
    /// unit more to somebody; it is given.
    function _reverse(Order calldata order, PlanState plan, uint128 netBefore, uint128 net, uint256 allocation)
        private
        returns (uint256 taken, uint256 given)
    {
        uint256 feeBps = plan.platformFeeBps();
        (uint256 fee, uint256[MAX_LEVELS] memory amounts,,) = AllocationLib.split(netBefore, feeBps, allocation);
        (uint256 feeKept, uint256[MAX_LEVELS] memory kept,,) = AllocationLib.split(net, feeBps, allocation);
        (address brand, address currency) = (order.receiver, order.currency);
        taken = _clawBack(currency, PartyLib.ofMember(brand, PartyLib.PLATFORM_NUMBER), fee - feeKept);
        for (uint256 i = 0; i < MAX_LEVELS; ++i) {
            uint256 party = PartyLib.ofMember(brand, AllocationLib.numberAt(allocation, i));
            if (amounts[i] > kept[i]) {
                taken += _clawBack(currency, party, amounts[i] - kept[i]);
            } else if (amounts[i] < kept[i]) {
                given += kept[i] - amounts[i];
                _credit(currency, party, kept[i] - amounts[i]);
            }
        }
    }

    function _digest(uint256[] memory words) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(words));
    }

    function _wordsOf(SettledLine[] calldata lines) private pure returns (uint256[] memory words) {
        words = new uint256[](2 * lines.length);
        for (uint256 i = 0; i < lines.length; ++i) {
            (words[2 * i], words[2 * i + 1]) = (lines[i].net, lines[i].allocation);
        }
    }
}
