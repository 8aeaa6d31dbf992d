"""The engine: shortest paths on compiled graphs, and the only place that looks for them.

`search` answers; `bucket_queue` and `batches` are its two ways, equal to the last unit.
"""
