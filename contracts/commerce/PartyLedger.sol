// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20, SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SlotDerivation} from "@openzeppelin/contracts/utils/SlotDerivation.sol";
import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IPartyLedger} from "../interfaces/IPartyLedger.sol";
import {PartyLib} from "../libraries/PartyLib.sol";
import {PaymentLib} from "../libraries/PaymentLib.sol";
import {NATIVE, Payee} from "../types/EscrowTypes.sol";
import {PartyState, PartyStateLib} from "../types/PartyState.sol";
import {PERMISSION_WITHDRAW} from "../types/Permissions.sol";

/// @title PartyLedger
abstract contract PartyLedger is IPartyLedger, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /* CONSTANTS */

    /// @dev Enough for a wallet's receiving code and for any honest token.
    uint256 private constant BATCH_PAYMENT_GAS = 200_000;

    /* IMMUTABLES */

    /// @notice Answers who may act for an account.
    IIdentityRegistry public immutable IDENTITIES;

    /// @notice The account that platform fees are paid to.
    address public immutable PLATFORM;

    /* STORAGE */

    mapping(address currency => mapping(uint256 party => PartyState)) internal _parties;

    /// @dev Credits that do not fit into the party's word.
    mapping(address currency => mapping(uint256 party => uint256 credit)) private _spilled;

    mapping(address currency => mapping(uint256 party => uint256 debt)) private _debts;

    /* CONSTRUCTOR */

    constructor(IIdentityRegistry identities, address platform) {
        IDENTITIES = identities;
        PLATFORM = platform;
    }

    /* EXTERNAL WRITES */

    /// @inheritdoc IPartyLedger
    function deposit(address account, address currency, uint256 amount) external payable nonReentrant {
        // Effect:
        _credit(currency, PartyLib.ofAccount(account), amount);
        emit Deposited(account, currency, amount);

        // Interaction:
        _collect(currency, amount);
    }

    /// @inheritdoc IPartyLedger
    function withdraw(uint256 party, address currency) external nonReentrant returns (uint256) {
        return _withdraw(party, currency, payoutOf(party), false);
    }

    /// @inheritdoc IPartyLedger
    function withdrawTo(address account, address currency, address to) external nonReentrant returns (uint256) {
        _checkMayWithdraw(account);
        return _withdraw(PartyLib.ofAccount(account), currency, to, true);
    }

    /// @inheritdoc IPartyLedger
    function withdrawFeesTo(address brand, address currency, address to) external nonReentrant returns (uint256) {
        _checkMayWithdraw(PLATFORM);
        return _withdraw(_platformOf(brand), currency, to, true);
    }

    /// @inheritdoc IPartyLedger
    function setCreditKept(address account, address currency, bool isKept) external {
        _checkMayWithdraw(account);
        uint256 party = PartyLib.ofAccount(account);
        PartyState state = _parties[currency][party].with(PartyStateLib.KNOWN);
        _parties[currency][party] = isKept ? state.with(PartyStateLib.KEPT) : state.without(PartyStateLib.KEPT);
        emit CreditKeptSet(account, currency, isKept);
    }

    /// @inheritdoc IPartyLedger
    function withdrawBatch(Payee[] calldata payees) external nonReentrant returns (uint256 paid) {
        for (uint256 i = 0; i < payees.length; ++i) {
            (uint256 party, address currency) = (payees[i].party, payees[i].currency);
            address to = payoutOf(party);
            uint256 amount = _take(party, currency, false);
            if (amount == 0) continue;
            if (to != address(0) && to != address(this) && PaymentLib.tryPay(currency, to, amount, BATCH_PAYMENT_GAS)) {
                ++paid;
                emit Withdrawn(party, currency, to, amount);
            } else {
                _giveBack(currency, party, amount);
                emit WithdrawalFailed(party, currency, to, amount);
            }
        }
    }

    /* EXTERNAL READS */

    /// @inheritdoc IPartyLedger
    function creditOf(uint256 party, address currency) public view returns (uint256) {
        return _creditIn(_parties[currency][_keeperOf(party)], party, currency);
    }

    /// @inheritdoc IPartyLedger
    function debtOf(uint256 party, address currency) external view returns (uint256) {
        return _debts[currency][party];
    }

    /// @inheritdoc IPartyLedger
    function isCreditKept(address account, address currency) public view returns (bool) {
        return _parties[currency][PartyLib.ofAccount(account)].has(PartyStateLib.KEPT);
    }

    /// @inheritdoc IPartyLedger
    function payoutOf(uint256 party) public view virtual returns (address);

    /* INTERNAL */

    /// @dev Where a party's word is, so that it is found once for reading and writing.
    function _wordOf(mapping(uint256 party => PartyState) storage parties, uint256 party)
        internal
        pure
        returns (StorageSlot.Uint256Slot storage)
    {
        bytes32 slot;
        assembly ("memory-safe") {
            slot := parties.slot
        }
        return StorageSlot.getUint256Slot(SlotDerivation.deriveMapping(slot, party));
    }

    /// @dev Credits a party whose word is not held in memory.
    function _credit(address currency, uint256 party, uint256 amount) internal {
        if (amount == 0) return;
        (PartyState state, uint256 offset) = _credited(currency, party, _parties[currency][party], amount);
        _parties[currency][party] = state;
        if (offset != 0) _credit(currency, PartyLib.ofAccount(PartyLib.brandOf(party)), offset);
    }

    /// @dev The word after a credit, and how much of it went to the party's debt: that is the brand's.
    function _credited(address currency, uint256 party, PartyState state, uint256 amount)
        internal
        returns (PartyState, uint256 offset)
    {
        // The common case first: it is what most orders pay for.
        if (state.canAdd(amount)) return (state.plus(amount, 0), 0);
        if (state.has(PartyStateLib.INDEBTED)) {
            bool isFree;
            (offset, isFree) = _offset(currency, party, amount);
            if (isFree) state = state.without(PartyStateLib.INDEBTED);
            amount -= offset;
        }
        if (state.has(PartyStateLib.SPILLED)) {
            _spilled[currency][party] += amount;
            return (state, offset);
        }
        uint256 credit = state.credit() + amount;
        if (credit <= PartyStateLib.MAX_CREDIT) return (state.withCredit(credit), offset);
        _spilled[currency][party] = credit;
        return (state.withCredit(0).with(PartyStateLib.SPILLED), offset);
    }

    /// @dev Credits a brand, and the platform with the fees of the brand's orders; both are in the brand's word.
    function _creditBrand(address currency, address brand, uint256 amount, uint256 fees) internal {
        uint256 party = PartyLib.ofAccount(brand);
        StorageSlot.Uint256Slot storage word = _wordOf(_parties[currency], party);
        PartyState state = PartyState.wrap(word.value);
        if (state.canAddBoth(amount, fees)) {
            word.value = PartyState.unwrap(state.plus(amount, fees));
            return;
        }
        if (state.has(PartyStateLib.PLATFORM_OWES)) {
            (uint256 offset, bool isFree) = _offset(currency, _platformOf(brand), fees);
            if (isFree) state = state.without(PartyStateLib.PLATFORM_OWES);
            (amount, fees) = (amount + offset, fees - offset);
        }
        uint256 waiting = state.fees() + fees;
        if (waiting > PartyStateLib.MAX_CREDIT) {
            _credit(currency, PartyLib.ofAccount(PLATFORM), waiting);
            waiting = 0;
        }
        (state,) = _credited(currency, party, state.withFees(waiting), amount);
        word.value = PartyState.unwrap(state);
    }

    /// @dev Sets `amount` of an account's credit aside.
    function _debit(address currency, address account, uint256 amount) internal {
        uint256 party = PartyLib.ofAccount(account);
        PartyState state = _parties[currency][party];
        uint256 credit = _creditIn(state, party, currency);
        if (credit < amount) revert PartyLedger_CreditTooSmall(account, currency, credit, amount);
        _parties[currency][party] = _withCredit(state, party, currency, credit - amount);
    }

    /// @dev Takes `amount` back from a distributor or the platform; what is not there becomes debt.
    /// @return taken what was there
    function _clawBack(address currency, uint256 party, uint256 amount) internal returns (uint256 taken) {
        uint256 keeper = _keeperOf(party);
        PartyState state = _parties[currency][keeper];
        uint256 credit = _creditIn(state, party, currency);
        taken = amount < credit ? amount : credit;
        if (taken != amount) {
            _debts[currency][party] += amount - taken;
            state = state.with(PartyLib.isPlatform(party) ? PartyStateLib.PLATFORM_OWES : PartyStateLib.INDEBTED);
            emit DebtRecorded(party, currency, amount - taken);
        }
        _parties[currency][keeper] = _withCredit(state, party, currency, credit - taken);
    }

    /// @dev Takes exactly `amount` from the caller. To be called last, under the reentrancy guard.
    function _collect(address currency, uint256 amount) internal {
        uint256 due = currency == NATIVE ? amount : 0;
        if (msg.value != due) revert PartyLedger_WrongValue(msg.value, due);
        if (currency == NATIVE) return;

        uint256 before = IERC20(currency).balanceOf(address(this));
        IERC20(currency).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(currency).balanceOf(address(this)) - before;
        if (received != amount) revert PartyLedger_WrongAmountReceived(currency, received, amount);
    }

    function _checkMayWithdraw(address account) private view {
        if (!IDENTITIES.isAuthorized(account, PERMISSION_WITHDRAW, msg.sender)) {
            revert PartyLedger_NotAuthorized(account, msg.sender);
        }
    }

    function _withdraw(uint256 party, address currency, address to, bool isAsked) private returns (uint256 amount) {
        // Check:
        if (to == address(0) || to == address(this)) revert PartyLedger_RecipientInvalid(to);

        // Effect:
        amount = _take(party, currency, isAsked);
        if (amount == 0) {
            if (!isAsked && _parties[currency][party].has(PartyStateLib.KEPT)) {
                revert PartyLedger_CreditKept(party, currency);
            }
            revert PartyLedger_NothingToWithdraw(party, currency);
        }
        emit Withdrawn(party, currency, to, amount);

        // Interaction:
        if (!PaymentLib.tryPay(currency, to, amount, gasleft())) {
            revert PartyLedger_PaymentRefused(currency, to, amount);
        }
    }

    /// @dev Sets a party's credit to zero and returns what it was; nothing of what an account keeps.
    function _take(uint256 party, address currency, bool isAsked) private returns (uint256 amount) {
        mapping(uint256 party => PartyState) storage parties = _parties[currency];
        uint256 keeper = _keeperOf(party);
        PartyState state = parties[keeper];
        // The common case first: it is what most withdrawals pay for.
        if (keeper == party && !state.has(PartyStateLib.SPILLED | PartyStateLib.KEPT)) {
            amount = state.credit();
            if (amount != 0) parties[keeper] = state.withCredit(0);
        } else if (isAsked || keeper != party || !state.has(PartyStateLib.KEPT)) {
            amount = _creditIn(state, party, currency);
            if (amount != 0) parties[keeper] = _withCredit(state, party, currency, 0);
        }
    }

    /// @dev Added, not restored: a token that answers false may have done anything else before.
    function _giveBack(address currency, uint256 party, uint256 amount) private {
        if (PartyLib.isPlatform(party)) _creditBrand(currency, PartyLib.brandOf(party), 0, amount);
        else _credit(currency, party, amount);
    }

    /// @dev A party's credit by the word that holds it.
    function _creditIn(PartyState state, uint256 party, address currency) private view returns (uint256) {
        if (PartyLib.isPlatform(party)) return state.fees();
        return state.has(PartyStateLib.SPILLED) ? _spilled[currency][party] : state.credit();
    }

    /// @dev The word with another, not higher credit of the party.
    function _withCredit(PartyState state, uint256 party, address currency, uint256 credit)
        private
        returns (PartyState)
    {
        if (PartyLib.isPlatform(party)) return state.withFees(credit);
        if (!state.has(PartyStateLib.SPILLED)) return state.withCredit(credit);
        _spilled[currency][party] = credit;
        return state;
    }

    function _offset(address currency, uint256 party, uint256 amount) private returns (uint256 offset, bool isFree) {
        uint256 debt = _debts[currency][party];
        offset = amount < debt ? amount : debt;
        _debts[currency][party] = debt - offset;
        isFree = offset == debt;
        if (offset != 0) emit DebtOffset(party, currency, offset);
    }

    /// @dev Whose word holds a party's credit: the platform's fees are in the brand's.
    function _keeperOf(uint256 party) private pure returns (uint256) {
        return PartyLib.isPlatform(party) ? PartyLib.ofAccount(PartyLib.brandOf(party)) : party;
    }

    function _platformOf(address brand) private pure returns (uint256) {
        return PartyLib.ofMember(brand, PartyLib.PLATFORM_NUMBER);
    }
}
