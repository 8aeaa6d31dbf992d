"""The bus graph: stop areas, hops, and the gateways that hops use."""
