// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Payee} from "../types/EscrowTypes.sol";

/// @title What is owed to whom
/// @notice Money is credited and pulled. A party is an account (its address as a word) or a distributor (its number in
/// a brand's programme; number 1 is the platform). Each currency and each party stands alone: nobody's failure stops
/// anyone else.
/// @dev Withdrawals cannot be paused. No role can move a credit. The currency of a plan must be the chain's coin or an
/// ERC-20 that moves exactly what it is told; others are refused at payment.
interface IPartyLedger {
    /// @notice An account paid into its own credit, as a brand does for the commissions of reported orders.
    event Deposited(address indexed account, address indexed currency, uint256 amount);

    /// @notice A party's whole credit in one currency was paid out.
    event Withdrawn(uint256 indexed party, address indexed currency, address to, uint256 amount);

    /// @notice An account keeps its credit for itself, or no longer.
    event CreditKeptSet(address indexed account, address indexed currency, bool isKept);

    /// @notice The recipient or the token refused the payment in a batch; the credit stays.
    event WithdrawalFailed(uint256 indexed party, address indexed currency, address to, uint256 amount);

    /// @notice A refund after settlement took more than a distributor still had; it owes the rest to the brand.
    event DebtRecorded(uint256 indexed party, address indexed currency, uint256 amount);

    /// @notice A new credit of a party went to its debt, and so to the brand.
    event DebtOffset(uint256 indexed party, address indexed currency, uint256 amount);

    /// @notice The caller may not withdraw for the account.
    error PartyLedger_NotAuthorized(address account, address actor);

    /// @notice The party has no credit in this currency.
    error PartyLedger_NothingToWithdraw(uint256 party, address currency);

    /// @notice The account keeps its credit in this currency: only {withdrawTo} pays it out.
    error PartyLedger_CreditKept(uint256 party, address currency);

    /// @notice Money cannot be sent to the zero address or back to this contract; an unknown distributor has no payout.
    error PartyLedger_RecipientInvalid(address to);

    /// @notice The recipient or the token refused the payment.
    error PartyLedger_PaymentRefused(address currency, address to, uint256 amount);

    /// @notice The coin sent with the call is not what is due.
    error PartyLedger_WrongValue(uint256 sent, uint256 due);

    /// @notice The token did not deliver exactly what was due, as tokens with a fee on transfer do.
    error PartyLedger_WrongAmountReceived(address currency, uint256 received, uint256 due);

    /// @notice The brand's credit does not cover what has to be set aside.
    error PartyLedger_CreditTooSmall(address account, address currency, uint256 credit, uint256 due);

    /// @notice Pays into the credit of an account; anyone may.
    /// @dev Emits {Deposited}.
    ///
    /// Requirements:
    /// - The payment must arrive exactly; in the chain's coin it is the value sent.
    function deposit(address account, address currency, uint256 amount) external payable;

    /// @notice Pays a party's whole credit in one currency to where it wants it: an account to itself, a distributor to
    /// its payout address, the platform's fees of a brand to the platform.
    /// @dev Emits {Withdrawn}. Anyone may call; nobody but the party gains.
    ///
    /// Requirements:
    /// - The credit must not be zero, nor kept by its account; the recipient must take the payment; if it does not,
    ///   nothing changes.
    /// @return amount what was paid, in the currency's smallest unit
    function withdraw(uint256 party, address currency) external returns (uint256 amount);

    /// @notice Pays an account's whole credit to an address it chooses, kept or not.
    /// @dev Emits {Withdrawn}. A distributor changes its payout address with delay in the network instead.
    ///
    /// Requirements:
    /// - The caller must be authorised by `account` for `PERMISSION_WITHDRAW`.
    /// - As {withdraw}; `to` must be neither zero nor this contract.
    function withdrawTo(address account, address currency, address to) external returns (uint256 amount);

    /// @notice Pays the platform's fees of a brand's orders to an address the platform chooses.
    /// @dev Emits {Withdrawn}.
    ///
    /// Requirements:
    /// - The caller must be authorised by the platform for `PERMISSION_WITHDRAW`.
    /// - As {withdraw}; `to` must be neither zero nor this contract.
    function withdrawFeesTo(address brand, address currency, address to) external returns (uint256 amount);

    /// @notice Keeps an account's credit in one currency from being paid out by anyone, or lets it go. A brand keeps
    /// its deposit for reports so, and an identity what is credited to an address whose key it no longer trusts.
    /// @dev Emits {CreditKeptSet}. The caller must be authorised by `account` for `PERMISSION_WITHDRAW`.
    function setCreditKept(address account, address currency, bool isKept) external;

    /// @notice Does {withdraw} for many; who has nothing, or keeps it, is passed over; who cannot be paid still has
    /// the credit then.
    /// @dev Emits {Withdrawn} or {WithdrawalFailed} for each that has credit. A payment gets 200,000 gas at most.
    /// @return paid how many were paid
    function withdrawBatch(Payee[] calldata payees) external returns (uint256 paid);

    /// @notice What a party can withdraw, in the currency's smallest unit.
    function creditOf(uint256 party, address currency) external view returns (uint256);

    /// @notice What a distributor owes to its brand after refunds, in the currency's smallest unit.
    function debtOf(uint256 party, address currency) external view returns (uint256);

    /// @notice Whether an account keeps its credit in a currency for itself: only {withdrawTo} pays it out.
    function isCreditKept(address account, address currency) external view returns (bool);

    /// @notice Where {withdraw} pays a party; zero for an unknown distributor.
    function payoutOf(uint256 party) external view returns (address);

    /// @notice The account that platform fees are paid to.
    function PLATFORM() external view returns (address);
}
