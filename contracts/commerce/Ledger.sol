// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20, SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {NATIVE_CURRENCY} from "../types/CommerceTypes.sol";
import {PERMISSION_WITHDRAW} from "../types/Permissions.sol";

/// @title Ledger
abstract contract Ledger is ILedger, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /* IMMUTABLES */

    /// @notice Answers who may act for an account.
    IIdentityRegistry public immutable IDENTITIES;

    /* STORAGE */

    /// @dev Kept as credit + 1 once used: a slot that stays non-zero makes the next credit 17,100 gas cheaper.
    mapping(address currency => mapping(address account => uint256 creditPlusOne)) private _credits;

    /* CONSTRUCTOR */

    constructor(IIdentityRegistry identities) {
        IDENTITIES = identities;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc ILedger
    function withdraw(address account, address currency, address to) external nonReentrant returns (uint256 amount) {
        // Check:
        if (!IDENTITIES.isAuthorized(account, PERMISSION_WITHDRAW, msg.sender)) {
            revert Ledger_NotAuthorized(account, msg.sender);
        }
        if (to == address(0) || to == address(this)) revert Ledger_RecipientInvalid(to);
        amount = creditOf(account, currency);
        if (amount == 0) revert Ledger_NothingToWithdraw(account, currency);

        // Effect:
        _credits[currency][account] = 1;
        emit Withdrawn(account, currency, to, amount);

        // Interaction: what the recipient returns is never copied.
        if (currency == NATIVE_CURRENCY) {
            if (!LowLevelCall.callNoReturn(to, amount, "")) revert Ledger_PaymentRefused(to, amount);
        } else {
            IERC20(currency).safeTransfer(to, amount);
        }
    }

    /* EXTERNAL READS */

    /// @inheritdoc ILedger
    function creditOf(address account, address currency) public view returns (uint256) {
        uint256 kept = _credits[currency][account];
        return kept == 0 ? 0 : kept - 1;
    }

    /* INTERNAL */

    function _credit(address account, address currency, uint256 amount) internal {
        if (amount == 0) return;
        uint256 kept = _credits[currency][account];
        _credits[currency][account] = (kept == 0 ? 1 : kept) + amount;
    }

    /// @dev Takes exactly `amount` from the caller. To be called last, under the reentrancy guard.
    function _collect(address currency, uint256 amount) internal {
        uint256 due = currency == NATIVE_CURRENCY ? amount : 0;
        if (msg.value != due) revert Ledger_WrongValue(msg.value, due);
        if (currency == NATIVE_CURRENCY) return;

        uint256 before = IERC20(currency).balanceOf(address(this));
        IERC20(currency).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(currency).balanceOf(address(this)) - before;
        if (received != amount) revert Ledger_WrongAmountReceived(currency, received, amount);
    }
}
