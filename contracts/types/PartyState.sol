// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What the ledger keeps of a party in one currency, in one word. From the lowest bits on: credit (96), then
/// for a distributor sponsor (32), period (16), ownSales (50), teamSales (50), rank (2), for a brand the platform's
/// fees that wait in its word (96); the highest bits are flags. A word that was used once is never zero again: the next
/// credit is then 17,100 gas cheaper.
type PartyState is uint256;

using PartyStateLib for PartyState global;

/// @title The word of a party
library PartyStateLib {
    uint256 internal constant MAX_CREDIT = type(uint96).max;
    uint256 internal constant MAX_SALES = (1 << 50) - 1;
    uint256 internal constant FEES_MASK = MAX_CREDIT << 96;
    uint256 internal constant STANDING_MASK = ((1 << 118) - 1) << 128;

    /// @dev The word was written once.
    uint256 internal constant KNOWN = 1 << 246;
    /// @dev The credit did not fit and is kept in a word of its own.
    uint256 internal constant SPILLED = 1 << 247;
    /// @dev The party owes; what it is credited goes to its debt first.
    uint256 internal constant INDEBTED = 1 << 248;
    /// @dev In a brand's word: the platform owes for this brand's orders.
    uint256 internal constant PLATFORM_OWES = 1 << 249;
    /// @dev The distributor's own sales of the period before reached the minimum of activity.
    uint256 internal constant WAS_ACTIVE = 1 << 250;
    /// @dev Of an account: only who it lets withdraw takes its credit out.
    uint256 internal constant KEPT = 1 << 252;
    /// @dev The word has the sponsor. A credit alone, or a look at a number nobody has yet, does not make it so.
    uint256 internal constant HAS_SPONSOR = 1 << 251;

    function has(PartyState state, uint256 flag) internal pure returns (bool) {
        return PartyState.unwrap(state) & flag != 0;
    }

    function with(PartyState state, uint256 flag) internal pure returns (PartyState) {
        return PartyState.wrap(PartyState.unwrap(state) | flag);
    }

    function without(PartyState state, uint256 flag) internal pure returns (PartyState) {
        return PartyState.wrap(PartyState.unwrap(state) & ~flag);
    }

    /// @dev What the word holds; the whole credit only if it is not SPILLED.
    function credit(PartyState state) internal pure returns (uint256) {
        return PartyState.unwrap(state) & MAX_CREDIT;
    }

    /// @dev `amount` must fit 96 bits.
    function withCredit(PartyState state, uint256 amount) internal pure returns (PartyState) {
        return PartyState.wrap(PartyState.unwrap(state) & ~MAX_CREDIT | amount | KNOWN);
    }

    /// @dev Whether all of `amount` becomes credit within the word.
    function canAdd(PartyState state, uint256 amount) internal pure returns (bool) {
        unchecked {
            return !has(state, SPILLED | INDEBTED) && amount <= MAX_CREDIT - credit(state);
        }
    }

    /// @dev The same of a brand's word, with the platform's fees in it.
    function canAddBoth(PartyState state, uint256 amount, uint256 fees_) internal pure returns (bool) {
        unchecked {
            return !has(state, SPILLED | INDEBTED | PLATFORM_OWES) && amount <= MAX_CREDIT - credit(state)
                && fees_ <= MAX_CREDIT - fees(state);
        }
    }

    /// @dev Adds to the credit, and to the fees in a brand's word. Both must fit.
    function plus(PartyState state, uint256 amount, uint256 fees_) internal pure returns (PartyState) {
        unchecked {
            return PartyState.wrap(PartyState.unwrap(state) + amount + (fees_ << 96) | KNOWN);
        }
    }

    /// @dev The platform's fees in a brand's word.
    function fees(PartyState state) internal pure returns (uint256) {
        return PartyState.unwrap(state) >> 96 & MAX_CREDIT;
    }

    /// @dev `amount` must fit 96 bits.
    function withFees(PartyState state, uint256 amount) internal pure returns (PartyState) {
        return PartyState.wrap(PartyState.unwrap(state) & ~FEES_MASK | amount << 96 | KNOWN);
    }

    function sponsor(PartyState state) internal pure returns (uint32) {
        return uint32(PartyState.unwrap(state) >> 96);
    }

    function withSponsor(PartyState state, uint32 number) internal pure returns (PartyState) {
        return PartyState.wrap(PartyState.unwrap(state) | uint256(number) << 96 | KNOWN | HAS_SPONSOR);
    }

    function period(PartyState state) internal pure returns (uint16) {
        return uint16(PartyState.unwrap(state) >> 128);
    }

    function ownSales(PartyState state) internal pure returns (uint256) {
        return PartyState.unwrap(state) >> 144 & MAX_SALES;
    }

    function teamSales(PartyState state) internal pure returns (uint256) {
        return PartyState.unwrap(state) >> 194 & MAX_SALES;
    }

    function rank(PartyState state) internal pure returns (uint256) {
        return PartyState.unwrap(state) >> 244 & 3;
    }

    /// @dev `own` and `team` must fit 50 bits, `rank_` 2.
    function withStanding(PartyState state, uint16 period_, uint256 own, uint256 team, uint256 rank_)
        internal
        pure
        returns (PartyState)
    {
        return PartyState.wrap(
            PartyState.unwrap(state) & ~STANDING_MASK | uint256(period_) << 128 | own << 144 | team << 194 | rank_
                << 244
        );
    }
}
