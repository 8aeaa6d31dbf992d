"""A transport network made routable: times of streets, transit arcs, connectors of points."""
