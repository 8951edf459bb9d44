// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// What an identity may delegate. Each constant is an ERC-1056 delegate type: a short ASCII name, left-aligned.

/// @dev Register batches.
bytes32 constant PERMISSION_BATCH = "weilian/batch";
/// @dev Append trace events.
bytes32 constant PERMISSION_TRACE = "weilian/trace";
/// @dev Activate cartons.
bytes32 constant PERMISSION_ACTIVATE = "weilian/activate";
/// @dev Recall, suspend and reinstate items, batches and GTINs.
bytes32 constant PERMISSION_RECALL = "weilian/recall";
/// @dev Bind domains.
bytes32 constant PERMISSION_DOMAIN = "weilian/domain";
/// @dev Ship, receive, split, merge and pack what the identity holds.
bytes32 constant PERMISSION_CUSTODY = "weilian/custody";
/// @dev Authorise sellers.
bytes32 constant PERMISSION_SELLER = "weilian/seller";
/// @dev Report diversions and stolen items.
bytes32 constant PERMISSION_INSPECT = "weilian/inspect";
/// @dev Publish commission plans.
bytes32 constant PERMISSION_PLAN = "weilian/plan";
/// @dev Capture, void and refund orders.
bytes32 constant PERMISSION_ORDER = "weilian/order";
/// @dev Withdraw what the ledger owes to the identity.
bytes32 constant PERMISSION_WITHDRAW = "weilian/withdraw";
/// @dev Withdraw invitations of distributors.
bytes32 constant PERMISSION_INVITE = "weilian/invite";
