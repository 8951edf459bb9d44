// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @dev Most levels that any plan pays.
uint256 constant MAX_LEVELS = 5;
/// @dev Ranks above the first.
uint256 constant HIGHER_RANKS = 3;

/// @notice What a distributor on the payer's side of an order may get.
/// @param DENY an order through one's own number is refused; a payer further up the line earns nothing on it
/// @param DISCOUNT_ONLY the order is taken, the payer earns nothing on it
/// @param ALLOW the payer earns like anyone else
enum SelfPurchase {
    DENY,
    DISCOUNT_ONLY,
    ALLOW
}

/// @notice How long a payer stays with the distributor of an earlier order.
enum Bond {
    LAST_TOUCH,
    WINDOWED,
    PERMANENT
}

/// @notice A distribution agreement as data; immutable, its id is the hash of all of it.
/// @param brand who publishes it, and whose programme it is of
/// @param currency the one currency of its orders; zero for the chain's coin
/// @param depth most distributors of a line that share an order
/// @param rates basis points by rank and level: `rates[rank][level]`, up to four ranks of `depth` levels; a
/// differential plan has one rate a rank, what the rank is entitled to
/// @param platformFeeBps the platform's share, in basis points
/// @param discountBps off the list price for who buys through a distributor; read by shops, not by the chain
/// @param refundWindow seconds from capture in which payer and brand can claim a refund
/// @param maturity seconds after the window until the order can settle
/// @param isFinal a sale that is paid and shared at once, without refund
/// @param isDifferential each upline gets the difference between its rank's rate and the highest below it (级差)
/// @param compresses the level of an inactive upline goes to the next active one; otherwise it is skipped
/// @param isGated only distributors who sold enough themselves earn, see LadderTerms.activityMinimum
/// @param countsSales its settled orders count for ranks and activity, but for those that distributors paid
/// @param catalogueRoot Merkle root over (gtin, rates) of products with rates of their own; zero for none
/// @param catalogueBps most that the rates of a product may sum to, if it is more than the plan's own rates allow
/// @param bondDays length of a windowed bond
/// @param dailyReportLimit most that the brand may report per day as paid outside the chain; zero for no reports
/// @param termsHash hash of the agreement's text
struct Plan {
    address brand;
    address currency;
    uint8 depth;
    uint16[][] rates;
    uint16 platformFeeBps;
    uint16 discountBps;
    uint24 refundWindow;
    uint24 maturity;
    bool isFinal;
    bool isDifferential;
    bool compresses;
    bool isGated;
    bool countsSales;
    SelfPurchase selfPurchase;
    Bond bond;
    uint16 bondDays;
    bytes32 catalogueRoot;
    uint16 catalogueBps;
    uint128 dailyReportLimit;
    bytes32 termsHash;
}

/// @notice The limits a deployment is bound to for ever; a compliance profile chooses them.
/// @param maxDepth most levels a plan may pay, at most 5
/// @param maxCommissionBps most that all levels of an order may get, in basis points
/// @param minPlatformFeeBps least platform share, in basis points
/// @param minRefundWindow shortest refund window, in seconds
/// @param noticePeriod seconds from the announcement of a change to its effect, at most 365 days
/// @param allowsFinalSales whether plans without refunds may exist
struct PlanLimits {
    uint8 maxDepth;
    uint16 maxCommissionBps;
    uint16 minPlatformFeeBps;
    uint24 minRefundWindow;
    uint32 noticePeriod;
    bool allowsFinalSales;
}

/// @notice What ranks and activity of a programme in one currency are decided by: sales alone.
/// @param periodDays length of the period that sales are counted over
/// @param unitDecimals sales count in units of 10 ** unitDecimals of the currency's smallest unit
/// @param activityMinimum own sales in units per period that make a distributor active
/// @param own own sales in units per period for rank 1, 2 and 3
/// @param team own and downline sales in units per period for rank 1, 2 and 3
struct Ladder {
    uint16 periodDays;
    uint8 unitDecimals;
    uint32 activityMinimum;
    uint32[3] own;
    uint32[3] team;
}
