// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// What an identity may delegate. Each constant is an ERC-1056 delegate type: a short ASCII name, left-aligned.

/// @dev Register batches.
bytes32 constant PERMISSION_BATCH = "weilian/batch";
/// @dev Append trace events.
bytes32 constant PERMISSION_TRACE = "weilian/trace";
/// @dev Recall batches.
bytes32 constant PERMISSION_RECALL = "weilian/recall";
/// @dev Publish commission plans.
bytes32 constant PERMISSION_PLAN = "weilian/plan";
/// @dev Capture, void and refund orders.
bytes32 constant PERMISSION_ORDER = "weilian/order";
/// @dev Withdraw what the ledger owes to the identity.
bytes32 constant PERMISSION_WITHDRAW = "weilian/withdraw";
