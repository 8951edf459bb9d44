// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Ladder, Plan, PlanLimits} from "../types/PlanTypes.sol";
import {IEscrowBound} from "./IEscrowBound.sol";
import {IPlanTerms} from "./IPlanTerms.sol";

/// @title Distribution agreements as data
/// @notice A brand publishes plans; each is immutable and known by the hash of all its terms. What a compliance profile
/// allows at most is fixed at deployment: no plan pays deeper, pays more, or has a shorter refund window. No rate takes
/// the number of recruits as an input.
/// @dev Cannot be paused and has no administrator. A brand's first plan and ladder hold at once; later ones and ends
/// take effect after the notice period.
interface IPlanBook is IEscrowBound, IPlanTerms {
    /// @notice A brand published a plan.
    /// @param activeFrom the second it takes orders from
    event PlanPublished(
        bytes32 indexed planId, address indexed brand, address indexed currency, Plan plan, uint256 activeFrom
    );

    /// @notice A brand announced the end of a plan; orders made before are not touched.
    event PlanRetired(bytes32 indexed planId, address indexed brand, uint256 activeUntil);

    /// @notice A product's own rates were shown to be in the plan's catalogue and hold for orders now.
    event ProductListed(bytes32 indexed planId, uint64 indexed gtin, uint256 rates);

    /// @notice A brand promised a distributor that a plan stays open to it until a time, even when retired.
    event TermsLocked(bytes32 indexed planId, uint32 indexed number, uint48 until);

    /// @notice A brand announced what makes ranks and activity in a currency.
    event LadderAnnounced(address indexed brand, address indexed currency, Ladder ladder, uint256 activeFrom);

    /// @notice The announced ladder holds now.
    event LadderActivated(address indexed brand, address indexed currency);

    /// @notice The caller may not act for the brand.
    error PlanBook_NotAuthorized(address brand, address actor);

    /// @notice The platform cannot be a brand.
    error PlanBook_BrandIsPlatform(address platform);

    /// @notice The plan was published before.
    error PlanBook_PlanExists(bytes32 planId);

    /// @notice The plan was not published.
    error PlanBook_PlanUnknown(bytes32 planId);

    /// @notice The end of the plan was announced before.
    error PlanBook_AlreadyRetired(bytes32 planId, uint256 activeUntil);

    /// @notice The plan pays more levels than the profile allows, or none.
    error PlanBook_DepthInvalid(uint256 depth, uint256 limit);

    /// @notice Rates must be given for one to four ranks, each for as many levels as the plan pays.
    error PlanBook_RatesInvalid(uint256 rank, uint256 levels, uint256 expected);

    /// @notice The levels together may get more than the profile allows.
    error PlanBook_CommissionTooHigh(uint256 bps, uint256 limit);

    /// @notice The platform's fee is below the profile's least.
    error PlanBook_PlatformFeeTooLow(uint256 bps, uint256 limit);

    /// @notice Fee and commissions together are above the whole, or the discount is.
    error PlanBook_ShareTooHigh(uint256 bps, uint256 limit);

    /// @notice The refund window is shorter than the profile allows.
    error PlanBook_RefundWindowTooShort(uint256 window, uint256 limit);

    /// @notice The profile allows no final sales, or a final plan has a window, a maturity or reports.
    error PlanBook_FinalNotAllowed();

    /// @notice A windowed bond needs 1 to 4,095 days, others have none.
    error PlanBook_BondInvalid(uint256 bondDays);

    /// @notice A catalogue needs both a root and a bound on rates.
    error PlanBook_CatalogueInvalid(bytes32 root, uint256 bps);

    /// @notice The plan needs ranks or activity, and the programme has no ladder in the currency.
    error PlanBook_LadderMissing(address brand, address currency);

    /// @notice The ladder's period is zero or another than before, its unit too large, or thresholds fall.
    error PlanBook_LadderInvalid(uint256 periodDays, uint256 unitDecimals);

    /// @notice No ladder is announced, or its time has not come.
    error PlanBook_LadderNotDue(uint256 activeFrom, uint256 time);

    /// @notice The rates are not in the plan's catalogue.
    error PlanBook_NotInCatalogue(bytes32 planId, uint64 gtin, uint256 rates);

    /// @notice A lock can only be made longer.
    error PlanBook_LockShortened(uint48 until, uint48 before);

    /// @notice The plan ended for the distributor: with no lock in force it can only be published anew.
    error PlanBook_PlanEnded(bytes32 planId, uint256 end);

    /// @notice Numbers of distributors begin at 2.
    error PlanBook_NumberInvalid(uint32 number);

    /// @notice The profile contradicts itself, or its notice is longer than a year.
    error PlanBook_LimitsInvalid();

    /// @notice Publishes a plan.
    /// @dev Emits {PlanPublished}.
    ///
    /// Requirements:
    /// - The caller must be authorised by the brand for `PERMISSION_PLAN`.
    /// - The plan must be new and within the profile's limits.
    function publish(Plan calldata plan) external returns (bytes32 planId);

    /// @notice Announces that a plan takes no new orders after the notice period.
    /// @dev Emits {PlanRetired}. The caller must be authorised by the brand for `PERMISSION_PLAN`.
    function retire(bytes32 planId) external;

    /// @notice Shows once that a product's own rates are in the plan's catalogue; anyone may.
    /// @dev Emits {ProductListed}. The leaf is keccak256(keccak256(abi.encode(gtin, rates))), as OpenZeppelin's
    /// StandardMerkleTree over (uint64, uint256) makes it.
    function listProduct(bytes32 planId, uint64 gtin, uint256 rates, bytes32[] calldata proof) external;

    /// @notice Promises a distributor that the plan stays open to it until a time.
    /// @dev Emits {TermsLocked}.
    ///
    /// Requirements:
    /// - The caller must be authorised by the brand for `PERMISSION_PLAN`; `number` must be a distributor's.
    /// - A lock is never shortened; a plan that ended for the distributor does not come back.
    function lockTerms(bytes32 planId, uint32 number, uint48 until) external;

    /// @notice Announces what makes ranks and activity of the programme in a currency; the first holds at once.
    /// @dev Emits {LadderAnnounced}, and {LadderActivated} for the first.
    ///
    /// Requirements:
    /// - The caller must be authorised by the brand for `PERMISSION_PLAN`.
    /// - The period must be the one of the first ladder; thresholds must not fall with rank; units up to 10^30.
    function announceLadder(address brand, address currency, Ladder calldata ladder) external;

    /// @notice Puts an announced ladder in force after the notice period; anyone may.
    /// @dev Emits {LadderActivated}.
    function activateLadder(address brand, address currency) external;

    /// @notice A plan's id: the hash of all its terms with chain and contract.
    function planIdOf(Plan calldata plan) external view returns (bytes32);

    /// @notice Whose plan it is and in which currency; zero for an unknown one.
    function planOf(bytes32 planId) external view returns (address brand, address currency, bytes32 catalogueRoot);

    /// @notice The profile's limits.
    function limits() external view returns (PlanLimits memory);
}
