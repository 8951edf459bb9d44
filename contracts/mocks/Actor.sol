// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Actor
/// @notice A contract that does what it is told, so that contracts can take part as payer, distributor or brand.
abstract contract Actor {
    function execute(address target, bytes calldata data) external payable {
        _bubble(target, msg.value, data);
    }

    function _bubble(address target, uint256 value, bytes memory data) internal {
        (bool success, bytes memory result) = target.call{value: value}(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(result, 0x20), mload(result))
        }
    }
}
