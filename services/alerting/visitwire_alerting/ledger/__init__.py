"""Every report, and the visits folded from them."""
