// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IProgramme} from "../interfaces/IProgramme.sol";
import {EscrowLib} from "../libraries/EscrowLib.sol";
import {PartyLib} from "../libraries/PartyLib.sol";
import {CustomerState} from "../types/CustomerState.sol";
import {LadderState} from "../types/LadderState.sol";
import {MemberState, MemberStateLib} from "../types/MemberState.sol";
import {PartyState, PartyStateLib} from "../types/PartyState.sol";
import {PlanState} from "../types/PlanState.sol";
import {HIGHER_RANKS} from "../types/PlanTypes.sol";
import {PartyLedger} from "./PartyLedger.sol";

/// @title Programme
abstract contract Programme is IProgramme, PartyLedger {
    /* IMMUTABLES */

    /// @notice Where plans are published; it alone writes them here.
    address public immutable PLAN_BOOK;

    /// @notice Where distributors join; it alone writes them here.
    address public immutable NETWORK;

    /* STORAGE */

    /// @dev By EscrowLib.planKey.
    mapping(bytes32 planKey => PlanState) internal _plans;

    /// @dev Rates of rank 1 to 3, 70 bits each.
    mapping(bytes32 planKey => uint256 rates) internal _higherRates;

    mapping(bytes32 planKey => uint256 limit) internal _dailyReportLimits;

    mapping(address brand => mapping(address currency => LadderState)) internal _ladders;

    mapping(uint256 party => MemberState) internal _members;

    /// @dev Of distributors that are paid at another address than their account.
    mapping(uint256 party => address payout) private _payouts;

    mapping(address brand => mapping(address account => CustomerState)) internal _customers;

    /* CONSTRUCTOR */

    constructor(address planBook, address network) {
        PLAN_BOOK = planBook;
        NETWORK = network;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc IProgramme
    function setPlan(bytes32 planKey, PlanState plan, uint256 higherRates, uint256 dailyReportLimit) external {
        _checkPlanBook();
        _plans[planKey] = plan;
        _higherRates[planKey] = higherRates;
        _dailyReportLimits[planKey] = dailyReportLimit;
    }

    /// @inheritdoc IProgramme
    function setActiveUntil(bytes32 planKey, uint256 end) external {
        _checkPlanBook();
        _plans[planKey] = _plans[planKey].withActiveUntil(end);
    }

    /// @inheritdoc IProgramme
    function setLadder(address brand, address currency, LadderState ladder) external {
        _checkPlanBook();
        _ladders[brand][currency] = ladder;
    }

    /// @inheritdoc IProgramme
    function setMember(address brand, uint32 number, address account, address payout, uint32 sponsor, bool isSuspended)
        external
    {
        _checkNetwork();
        uint256 party = PartyLib.ofMember(brand, number);
        bool hasPayout = payout != account;
        _members[party] = MemberStateLib.pack(account, sponsor, isSuspended, hasPayout);
        if (hasPayout) _payouts[party] = payout;
    }

    /// @inheritdoc IProgramme
    function setNumber(address brand, address account, uint32 number) external {
        _checkNetwork();
        _customers[brand][account] = _customers[brand][account].withNumber(number);
    }

    /// @inheritdoc IProgramme
    function refreshRank(address brand, address currency, uint32 number) external {
        LadderState ladder = _ladderOf(brand, currency);
        PartyState state = _stateOf(brand, currency, number);
        PartyState refreshed = _atPeriod(ladder, state);
        _parties[currency][PartyLib.ofMember(brand, number)] = refreshed;
        _reportRank(brand, currency, number, state, refreshed);
    }

    /* EXTERNAL READS */

    /// @inheritdoc IProgramme
    function standingOf(address brand, address currency, uint32 number)
        external
        view
        returns (uint256 rank, bool isActive, uint256 ownSales, uint256 teamSales)
    {
        LadderState ladder = _ladderOf(brand, currency);
        PartyState state = _atPeriod(ladder, _stateOf(brand, currency, number));
        return (state.rank(), _isActive(ladder, state), state.ownSales(), state.teamSales());
    }

    /// @inheritdoc IProgramme
    function planStateOf(bytes32 planId, address brand, address currency) external view returns (PlanState) {
        return _plans[EscrowLib.planKey(planId, brand, currency)];
    }

    /// @inheritdoc IProgramme
    function customerOf(address brand, address account) external view returns (uint32 number, uint32 boundTo) {
        CustomerState customer = _customers[brand][account];
        return (customer.number(), customer.boundTo(block.timestamp));
    }

    /// @inheritdoc PartyLedger
    function payoutOf(uint256 party) public view override returns (address) {
        if (!PartyLib.isMember(party)) return address(uint160(party));
        if (PartyLib.isPlatform(party)) return PLATFORM;
        MemberState member = _members[party];
        return member.hasPayout() ? _payouts[party] : member.account();
    }

    /* INTERNAL */

    /// @dev A distributor's word in a currency; one that has no sponsor yet learns it, once the distributor joined.
    function _stateOf(address brand, address currency, uint32 number) internal view returns (PartyState state) {
        uint256 party = PartyLib.ofMember(brand, number);
        state = _parties[currency][party];
        if (!state.has(PartyStateLib.HAS_SPONSOR)) state = _introduced(party, state);
    }

    /// @dev A word that has no sponsor yet learns it, once the distributor joined.
    function _introduced(uint256 party, PartyState state) internal view returns (PartyState) {
        MemberState distributor = _members[party];
        return distributor.exists() ? state.withSponsor(distributor.sponsor()) : state;
    }

    /// @dev The word brought to the current period. The rank is the better of what the last period's sales made and
    /// what the current ones make so far; a period without sales in between makes none.
    function _atPeriod(LadderState ladder, PartyState state) internal view returns (PartyState) {
        uint16 current = ladder.periodAt(block.timestamp);
        uint16 counted = state.period();
        if (counted == current) return state;
        uint256 rank;
        bool wasActive;
        if (uint256(counted) + 1 == current) {
            (uint256 own, uint256 team) = (state.ownSales(), state.teamSales());
            rank = ladder.rankOf(own, team, HIGHER_RANKS);
            wasActive = own >= ladder.activityMinimum();
        }
        state = state.withStanding(current, 0, 0, rank);
        return wasActive ? state.with(PartyStateLib.WAS_ACTIVE) : state.without(PartyStateLib.WAS_ACTIVE);
    }

    /// @dev The word after a sale, promoted at once where it crosses a threshold. To be called at the current period.
    function _counted(LadderState ladder, PartyState state, uint256 own, uint256 team)
        internal
        pure
        returns (PartyState)
    {
        (own, team) = (_capped(state.ownSales() + own), _capped(state.teamSales() + team));
        uint256 earned = ladder.rankOf(own, team, HIGHER_RANKS);
        return state.withStanding(state.period(), own, team, earned > state.rank() ? earned : state.rank());
    }

    function _isActive(LadderState ladder, PartyState state) internal pure returns (bool) {
        return state.has(PartyStateLib.WAS_ACTIVE) || state.ownSales() >= ladder.activityMinimum();
    }

    function _reportRank(address brand, address currency, uint32 number, PartyState before, PartyState later) internal {
        if (before.rank() != later.rank()) emit RankChanged(brand, currency, number, later.rank());
    }

    function _ladderOf(address brand, address currency) internal view returns (LadderState ladder) {
        ladder = _ladders[brand][currency];
        if (ladder.periodDays() == 0) revert Programme_LadderMissing(brand, currency);
    }

    function _capped(uint256 sales) private pure returns (uint256) {
        return sales < PartyStateLib.MAX_SALES ? sales : PartyStateLib.MAX_SALES;
    }

    function _checkPlanBook() private view {
        if (msg.sender != PLAN_BOOK) revert Programme_NotPlanBook(msg.sender);
    }

    function _checkNetwork() private view {
        if (msg.sender != NETWORK) revert Programme_NotNetwork(msg.sender);
    }
}
