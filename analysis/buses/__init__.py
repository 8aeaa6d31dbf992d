"""Cross-boundary buses: gateways, loops, gaps, and the links and lines that close them."""
