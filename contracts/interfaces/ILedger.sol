// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title What is owed to whom
/// @notice Money is credited and pulled. Each currency and each account stands alone: nobody's failure stops anyone
/// else.
/// @dev Withdrawals cannot be paused. No role can move a credit.
interface ILedger {
    /// @notice An account's whole credit in one currency was paid out.
    event Withdrawn(address indexed account, address indexed currency, address indexed to, uint256 amount);

    /// @notice The caller may not withdraw for the account.
    error Ledger_NotAuthorized(address account, address actor);

    /// @notice The account has no credit in this currency.
    error Ledger_NothingToWithdraw(address account, address currency);

    /// @notice Money cannot be sent to the zero address or back to this contract.
    error Ledger_RecipientInvalid(address to);

    /// @notice The recipient did not take the chain's coin.
    error Ledger_PaymentRefused(address to, uint256 amount);

    /// @notice The coin sent with the call is not what is due.
    error Ledger_WrongValue(uint256 sent, uint256 due);

    /// @notice The token did not deliver exactly what was due, as tokens with a fee on transfer do.
    error Ledger_WrongAmountReceived(address currency, uint256 received, uint256 due);

    /// @notice Pays an account's whole credit in one currency to `to`.
    /// @dev Emits {Withdrawn}.
    ///
    /// Requirements:
    /// - The caller must be authorised by `account` for `PERMISSION_WITHDRAW`; an account is so for
    ///   itself until it gives its identity to another owner.
    /// - The credit must not be zero; `to` must be neither zero nor this contract.
    /// - `to` must take the payment; if it does not, nothing changes.
    /// @return amount what was paid, in the currency's smallest unit
    function withdraw(address account, address currency, address to) external returns (uint256 amount);

    /// @notice What an account can withdraw, in the currency's smallest unit.
    function creditOf(address account, address currency) external view returns (uint256);
}
