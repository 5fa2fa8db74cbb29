"""The node itself: cores, memory, nodes that train for it, and its log."""
